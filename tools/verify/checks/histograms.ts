import { records } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Check } from "../check";
import { nameOf, specOf } from "../cluster-model";
import type { Found } from "../finding";
import { readersOf } from "../wiring/monitors";

const CONVERT = "convertClassicHistogramsToNHCB";

/**
 * Remote write's first version has no field for a histogram's own buckets: Prometheus 3.15 drops such a histogram before it
 * sends and logs one warning. The classic buckets that it was made of are gone too, unless both forms are scraped.
 */
export const histograms: Check = {
    name: "histograms",
    promise: "No histogram is converted into a form that remote write cannot carry",
    run: (model) => [
        ...model.ofKind("Prometheus").filter(converts).filter(writesVersion1).map(found),
        ...(["ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig"] as const).flatMap((kind) =>
            model
                .ofKind(kind)
                .filter(converts)
                .filter((monitor) => readersOf(model, kind, monitor).some(writesVersion1))
                .map(found),
        ),
    ],
};

function converts({ object }: RenderedObject): boolean {
    return specOf(object)[CONVERT] === true;
}

function writesVersion1({ object }: RenderedObject): boolean {
    return records(specOf(object).remoteWrite).some(({ messageVersion }) => messageVersion !== "V2.0");
}

function found(each: RenderedObject): Found {
    return {
        object: nameOf(each),
        found: `${CONVERT}: true, and its Prometheus writes by remote write 1.0, which drops what it makes`,
        wanted: "classic histograms as they are exposed, or native ones",
        hint: `leave ${CONVERT} out`,
    };
}

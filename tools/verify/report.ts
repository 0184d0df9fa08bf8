import type { RenderedStack, RenderOptions } from "../render/render";
import { table } from "../table";
import { between, inPlace, printBetween } from "./against/in-place";
import { renderedAt } from "./against/revision";
import { findings } from "./check";
import { CHECKS } from "./checks";
import { outsideAddresses } from "./checks/addresses";
import { footprintOf, type Footprint } from "./footprint";
import { annotations, print, printFootprint } from "./print";
import { hubAgreement } from "./hub/agreement";
import type { Hub } from "./hub/facts";
import { modelFrom } from "./rendered";
import type { ManifestFile } from "./with/manifests";
import { TENANT_CHECKS, tenantReport, printTenantReport } from "./with/with";

export interface ReportOptions {
    /** What pods may ask of a node. */
    readonly node: Footprint["node"];
    /** Manifests of those who use the platform. */
    readonly tenantWorkloads: readonly ManifestFile[];
    /** Revision since which the change is looked at. */
    readonly against: string | undefined;
    /** The hub that the stack sends to. */
    readonly hub: Hub | undefined;
    readonly json: boolean;
    /** Lines that GitHub shows as annotations. */
    readonly annotations: boolean;
}

/** Checks a rendered stack and prints what was found. Returns the number of findings. */
export async function report(render: RenderOptions, rendered: RenderedStack, options: ReportOptions): Promise<number> {
    const { stack } = render;
    const model = modelFrom(render, rendered);
    const before = options.against === undefined ? undefined : await renderedAt(options.against, render);
    const { hub } = options;
    const checks = [
        ...CHECKS,
        ...(before === undefined ? [] : [inPlace(before)]),
        ...(hub === undefined ? [] : [hubAgreement(hub)]),
    ];
    const found = findings(checks, model);
    const outside = outsideAddresses(model);
    const footprint = footprintOf(model, options.node);
    const { tenantWorkloads } = options;
    const beside =
        tenantWorkloads.length === 0
            ? undefined
            : tenantReport(
                  model,
                  tenantWorkloads.flatMap(({ objects }) => objects),
              );
    const since = before && { ref: before.ref, commit: before.commit, ...between(before, model) };
    if (options.json) {
        console.log(JSON.stringify({ stack, findings: found, outside, footprint, since, with: beside }, null, 2));
    } else {
        console.log(print(`stack ${stack}`, checks, found));
        if (since !== undefined) console.log(printBetween(since, since));
        const rows = outside.map(({ address, namedBy }) => [address, namedBy.join(", ")]);
        if (rows.length > 0) console.log(table("Addresses outside of the cluster", ["address", "named by"], rows));
        console.log(printFootprint(footprint));
        if (beside !== undefined) {
            console.log(print(`what uses stack ${stack}`, TENANT_CHECKS, beside.findings));
            console.log(printTenantReport(tenantWorkloads, beside));
        }
    }
    const all = [...found, ...(beside?.findings ?? [])];
    // JSON keeps the standard output to itself.
    if (options.annotations) for (const line of annotations(all)) (options.json ? console.error : console.log)(line);
    return all.length;
}

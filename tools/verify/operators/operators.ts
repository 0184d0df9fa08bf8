import type { RenderedObject } from "../../render/manifests";
import { alloy } from "./alloy";
import { certManager } from "./cert-manager";
import { cloudNativePg } from "./cloudnative-pg";
import type { Operated } from "./operated";
import { alertmanager, prometheus } from "./prometheus-operator";
import { thanosRuler } from "./thanos-ruler";
import { vmAgent, vmAlert } from "./victoria-metrics-operator";

const OPERATORS = new Map(
    [alertmanager, alloy, certManager, cloudNativePg, prometheus, thanosRuler, vmAgent, vmAlert].map((each) => [
        each.kind,
        each,
    ]),
);

/** Everything that operators will make of the resources among these objects. */
export function madeByOperators(objects: readonly RenderedObject[]): Operated {
    const made = objects.flatMap((owner) => {
        const { apiVersion, kind } = owner.object;
        const operator = OPERATORS.get(`${apiVersion.split("/")[0] ?? ""}/${kind}`);
        return operator === undefined ? [] : [operator.operate(owner, objects)];
    });
    // Several resources of a kind share one governing Service.
    const seen = new Set<string>();
    return {
        pods: made.flatMap(({ pods }) => pods),
        objects: made
            .flatMap((each) => each.objects)
            .filter(({ namespace, object }) => {
                const key = `${namespace ?? ""}/${object.kind}/${object.metadata.name}`;
                return !seen.has(key) && seen.add(key);
            }),
    };
}

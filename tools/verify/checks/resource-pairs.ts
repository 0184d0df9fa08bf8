import { cpuCores, memoryBytes } from "../../plan/quantities";
import { isRecord, record } from "../../records";
import type { Check } from "../check";
import { nameOf } from "../cluster-model";
import type { Found } from "../finding";
import type { Pods } from "../pods";
import { containersOf } from "../workloads";

export const resourcePairs: Check = {
    name: "resource-pairs",
    promise: "Nothing is limited to less than it asks for: the API server takes such a workload and refuses its pods",
    run: (model) =>
        model.pods.flatMap((pods) => [
            ...(isRecord(pods.spec.resources) ? pairs(pods, "the pod", pods.spec.resources) : []),
            ...containersOf(pods).flatMap(({ container }) =>
                pairs(pods, `container ${String(container.name)}`, record(container.resources)),
            ),
        ]),
};

function pairs(pods: Pods, what: string, { requests, limits }: Record<string, unknown>): Found[] {
    const limited = record(limits);
    return Object.entries(record(requests)).flatMap(([unit, asked]): Found[] => {
        const limit = limited[unit];
        if (!isQuantity(asked) || !isQuantity(limit)) return [];
        const [request, most] = [amount(unit, asked), amount(unit, limit)];
        // What is no quantity is the schema's finding.
        if (Number.isNaN(request) || Number.isNaN(most)) return [];
        if (isWhole(unit) ? request === most : request <= most) return [];
        return [
            {
                object: nameOf(pods.owner),
                found: `${pods.name}: ${what} asks for ${asked} of ${unit}, and is limited to ${limit}`,
                wanted: isWhole(unit) ? "the same of both" : "a limit of at least the request",
                hint: "no pod would start, and the release would wait until its time is up",
            },
        ];
    });
}

/** Huge pages and devices are not shared: request and limit have to be the same. */
function isWhole(unit: string): boolean {
    return unit.startsWith("hugepages-") || unit.includes("/");
}

function isQuantity(value: unknown): value is string | number {
    return typeof value === "string" || typeof value === "number";
}

function amount(unit: string, quantity: string | number): number {
    const read = unit === "cpu" ? cpuCores(quantity) : memoryBytes(quantity);
    return read === 0 && !String(quantity).startsWith("0") ? NaN : read;
}

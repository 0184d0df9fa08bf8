import { table } from "../../table";
import type { RenderedObject } from "../../render/manifests";
import { findings, type Check } from "../check";
import { addresses } from "../checks/addresses";
import { histograms } from "../checks/histograms";
import { monitors } from "../checks/monitors";
import { networkPaths } from "../checks/network-paths";
import { podSecurity } from "../checks/pod-security";
import { references } from "../checks/references";
import { resourcePairs } from "../checks/resource-pairs";
import { schema } from "../checks/schema";
import { servedPaths } from "../configs/agree/served-paths";
import { tenants } from "../configs/agree/tenants";
import { ruleReaders } from "../configs/rule-readers";
import { ruleExpressions } from "../configs/rules-check";
import type { Finding } from "../finding";
import { named } from "../wiring/addresses";
import { mentionsOf } from "../wiring/mentions";
import { wiringOf } from "../wiring/wiring";
import { nameOf, modelOf, type ClusterModel } from "../cluster-model";
import { TENANT_WORKLOADS, type ManifestFile } from "./manifests";
import { senderLabels } from "./labels";
import { workloadTenants } from "./tenants";

/** What is asked of those who use the platform: how they are wired to it, not how available they are. */
export const TENANT_CHECKS: readonly Check[] = [
    ...[schema, resourcePairs, podSecurity, ruleReaders, ruleExpressions],
    ...[references, monitors, histograms, addresses, networkPaths, servedPaths, tenants, workloadTenants, senderLabels],
];

/** Something that tenant workloads name, which neither they nor the platform bring: it may be in the cluster or not. */
export interface NotGiven {
    readonly name: string;
    readonly namedBy: string;
}

export interface TenantReport {
    readonly findings: readonly Finding[];
    readonly notGiven: readonly NotGiven[];
}

/** What is wrong with the tenant workloads beside the stack, or with the stack because of them. */
export function tenantReport(stack: ClusterModel, tenantWorkloads: readonly RenderedObject[]): TenantReport {
    const both = modelOf({
        kubeVersion: stack.kubeVersion,
        plan: stack.plan,
        settings: stack.settings,
        objects: [...stack.objects, ...tenantWorkloads],
    });
    const before = new Set(findings(TENANT_CHECKS, stack).map((each) => JSON.stringify(each)));
    const brought = findings(TENANT_CHECKS, both).filter((each) => !before.has(JSON.stringify(each)));
    const notGiven = new Map([...missingObjects(brought), ...unknownServices(stack, both)]);
    return {
        findings: brought.filter((each) => !notGiven.has(keyOf(each))),
        notGiven: [...new Map([...notGiven.values()].map((each) => [JSON.stringify(each), each])).values()],
    };
}

/** What stands for a finding, since another check or pass tells it in other words. */
function keyOf({ object, found }: Pick<Finding, "object" | "found">): string {
    return `${object} ${found}`;
}

/** Secrets and the like may be made elsewhere; a key that an object lacks which is given is no such thing. */
function missingObjects(all: readonly Finding[]): [string, NotGiven][] {
    return all
        .filter(({ check, found }) => check === references.name && !found.startsWith("no key "))
        .map((each) => [keyOf(each), { name: each.found.replace(/^no /, ""), namedBy: each.object }]);
}

/** Services that tenant workloads call in namespaces that are not the platform's. */
function unknownServices(stack: ClusterModel, both: ClusterModel): [string, NotGiven][] {
    const platform = new Set(stack.ofKind("Namespace").map(({ object }) => object.metadata.name));
    const wiring = wiringOf(both);
    return mentionsOf(both)
        .filter(({ at }) => at.release === TENANT_WORKLOADS)
        .flatMap(({ at, address, namespace }): [string, NotGiven][] => {
            const to = named(address, namespace, wiring.hasNamespace);
            if (to.kind !== "service" || platform.has(to.namespace)) return [];
            if (wiring.serviceOf(to.namespace, to.name) !== undefined) return [];
            const object = nameOf(at);
            const name = `Service ${to.namespace}/${to.name}`;
            return [[keyOf({ object, found: address.text }), { name, namedBy: object }]];
        });
}

/** What was read and not judged, for people. */
export function printTenantReport(files: readonly ManifestFile[], { notGiven }: TenantReport): string {
    const rows = files.map(({ name, objects }) => [name, objects.length === 0 ? "no manifest" : `${objects.length}`]);
    return [
        table("Read beside the stack", ["file", "objects"], rows),
        ...(notGiven.length === 0
            ? []
            : [
                  table(
                      "Named by them and not among them: see that the cluster has it",
                      ["what", "named by"],
                      notGiven.map(({ name, namedBy }) => [name, namedBy]),
                  ),
              ]),
    ].join("\n");
}

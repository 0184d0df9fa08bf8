import { at, isRecord, record, records } from "../../records";
import { groupOf, type RenderedObject } from "../../render/manifests";
import type { Check } from "../check";
import type { Found } from "../finding";
import { isKubernetesGroup, KUBERNETES, METADATA, schemaOfKind } from "../schema/kubernetes";
import { problemsIn, type Schema } from "../schema/validate";
import { nameOf, specOf, type ClusterModel } from "../cluster-model";

export const schema: Check = {
    name: "schema",
    promise: "Every object is what its API version takes: no unknown field, no wrong type, nothing required missing",
    run: (model) => {
        const defined = definitionsOf(model);
        const ofTheCluster = model.settings.kubePrometheusStack.definitions
            ? OF_THE_CLUSTER
            : new Set([...OF_THE_CLUSTER, MONITORING_GROUP]);
        return model.objects.flatMap((each) => judge(each, defined, ofTheCluster));
    },
};

/** Groups whose definitions the cluster itself must bring: the stack uses them only where a setting asks for it. */
const OF_THE_CLUSTER = new Set(["cert-manager.io", "gateway.networking.k8s.io"]);

/** The group of ServiceMonitors and rules, which some clusters bring too. */
const MONITORING_GROUP = "monitoring.coreos.com";

function judge(each: RenderedObject, defined: ReadonlyMap<string, Schema>, ofTheCluster: ReadonlySet<string>): Found[] {
    const { apiVersion, kind, metadata } = each.object;
    const object = nameOf(each);
    const own = schemaOfKind(apiVersion, kind);
    const schema = own ?? defined.get(`${apiVersion}/${kind}`);
    const group = groupOf(each.object);
    if (schema === undefined) {
        if (ofTheCluster.has(group)) return [];
        const wanted = isKubernetesGroup(group === "" ? apiVersion : group)
            ? `an API version that Kubernetes ${KUBERNETES} serves`
            : "a kind that a definition of this stack brings";
        return [
            { object, found: `${apiVersion} ${kind}, which nothing defines`, wanted, hint: "see its chart's version" },
        ];
    }
    const problems = [
        ...problemsIn(each.object, schema),
        // Definitions say nothing of metadata, since it is the same for all.
        ...(own === undefined ? problemsIn(metadata, METADATA, "metadata") : []),
    ];
    return problems.map(({ path, found, wanted }) => ({
        object,
        found: `${path}: ${each.object.kind === "Secret" ? "a wrong value" : found}`,
        wanted,
        hint: "the API server drops unknown fields and refuses all else: mend the value that the chart makes it from",
    }));
}

/** Schemas that the stack's definitions give, by `APIVERSION/KIND`. */
function definitionsOf(model: ClusterModel): Map<string, Schema> {
    return new Map(
        model.ofKind("CustomResourceDefinition").flatMap(({ object }) => {
            const { group, names, versions } = specOf(object);
            return records(versions).flatMap(({ name, served, schema: given }): [string, Schema][] => {
                const root = at(given, "openAPIV3Schema");
                if (served !== true || !isRecord(root)) return [];
                const text = { type: "string" };
                const top = { apiVersion: text, kind: text, metadata: { type: "object", additionalProperties: true } };
                const schema: Schema = { ...root, properties: { ...record(root.properties), ...top } };
                return [[`${String(group)}/${String(name)}/${String(at(names, "kind"))}`, schema]];
            });
        }),
    );
}

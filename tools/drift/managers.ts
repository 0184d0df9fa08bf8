import { isRecord, record, records } from "../records";
import type { KubernetesObject } from "../render/manifests";

/**
 * Who writes to the platform's objects by right, by the names that the API server keeps: Helm and Pulumi's provider,
 * Kubernetes' own parts, and the operators and jobs of the charts.
 */
const BY_RIGHT =
    /^(helm|pulumi.*|kube-.*|kubelet|cloud-controller-manager|.*-operator|PrometheusOperator|operator|manager|cainjector|cert-manager.*|controller|webhook-cert.*|kwok.*)$/;

export interface Written {
    /** Name that the client gave itself, as `kubectl-edit`. */
    readonly by: string;
    /** RFC 3339. */
    readonly at: string;
    /** Paths of what it wrote last, as `spec.replicas`. */
    readonly fields: readonly string[];
}

/**
 * What somebody else wrote into an object: also what the stack leaves open, so that no comparison could tell.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function writtenByOthers(live: KubernetesObject): Written[] {
    return records(live.metadata.managedFields)
        .filter(({ manager, subresource }) => subresource !== "status" && !BY_RIGHT.test(String(manager)))
        .map(({ manager, time, fieldsV1 }) => ({
            by: String(manager),
            at: String(time),
            fields: leaves(fieldsV1).filter((field) => !field.includes("kubectl.kubernetes.io/last-applied")),
        }))
        .filter(({ fields }) => fields.length > 0);
}

/** `{"f:spec": {"f:replicas": {}}}` is `spec.replicas`; `k:{"name":"a"}` is the item named so. */
function leaves(fields: unknown, path = ""): string[] {
    if (!isRecord(fields)) return [];
    const inner = Object.entries(fields).filter(([key]) => key !== ".");
    if (inner.length === 0) return path === "" ? [] : [path];
    return inner.flatMap(([key, value]) => leaves(value, joined(path, key)));
}

function joined(path: string, key: string): string {
    const [kind, name] = [key.slice(0, 2), key.slice(2)];
    if (kind === "f:") return path === "" ? name : `${path}.${name}`;
    if (kind === "k:") return `${path}[${Object.values(record(JSON.parse(name))).join(" ")}]`;
    return `${path}[${name}]`;
}

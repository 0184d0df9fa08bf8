import { call } from "./call";
import { isRecord, record, records, strings } from "../records";

/** An object of the cluster, as far as a state has to know it. */
export interface LiveObject {
    /** Of a Secret, in base64. */
    readonly data: unknown;
    /** The name under which Pulumi's last change of it was applied; absent where it was only ever created. */
    readonly fieldManager: string | undefined;
}

/** The objects of the cluster that a plan has too. */
export class LiveObjects {
    private readonly byKey = new Map<string, LiveObject>();

    /** @param objects as the API server gives them, with their managed fields. */
    constructor(objects: readonly Record<string, unknown>[]) {
        for (const object of objects) {
            const applied = records(record(object.metadata).managedFields)
                .filter(({ operation }) => operation === "Apply")
                .map(({ manager }) => manager);
            const fieldManager = strings(applied).find((manager) => manager.startsWith("pulumi-kubernetes-"));
            this.byKey.set(keyOf(object), { data: object.data, fieldManager });
        }
    }

    /** The object with the kind and name of these inputs. */
    get(inputs: Record<string, unknown>): LiveObject | undefined {
        return this.byKey.get(keyOf(inputs));
    }
}

/**
 * Asks the cluster for exactly these objects.
 * @param context of the kubeconfig; the current one where it is undefined.
 * @throws Error where it does not answer, or does not know a kind.
 */
export function readLive(planned: readonly Record<string, unknown>[], context: string | undefined): LiveObjects {
    const items = planned.map(({ apiVersion, kind, metadata }) => {
        const { name, namespace } = record(metadata);
        return { apiVersion, kind, metadata: { name, namespace } };
    });
    const args = ["get", "--filename", "-", "--output", "json", "--show-managed-fields", "--ignore-not-found"];
    const text = call(
        "kubectl",
        context === undefined ? args : [...args, "--context", context],
        JSON.stringify({ apiVersion: "v1", kind: "List", items }),
    );
    const answer: unknown = text.trim() === "" ? {} : JSON.parse(text);
    return new LiveObjects(isRecord(answer) && answer.kind !== "List" ? [answer] : records(record(answer).items));
}

function keyOf({ apiVersion, kind, metadata }: Record<string, unknown>): string {
    const { namespace, name } = record(metadata);
    return [apiVersion, kind, namespace ?? "", name].join(" ");
}

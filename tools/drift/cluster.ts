import { execFileSync } from "node:child_process";
import { isRecord, records } from "../records";
import { identityOf, type KubernetesObject, type RenderedObject } from "../render/manifests";

/** What is read of a cluster, by kubectl with the rights of whoever runs it. It writes nothing. */
export class Cluster {
    constructor(private readonly context: string | undefined) {}

    /** The objects as they are there, each by `identityOf`. What is not there is left out, kinds that nothing defines too. */
    read(wanted: readonly RenderedObject[]): Map<string, KubernetesObject> {
        const byKind = new Map<string, RenderedObject[]>();
        for (const each of wanted) {
            const kind = `${each.object.apiVersion} ${each.object.kind}`;
            byKind.set(kind, [...(byKind.get(kind) ?? []), each]);
        }
        return new Map(
            [...byKind.values()]
                .flatMap((same) => this.ofOneKind(same))
                .map((live) => [identityOf({ namespace: live.metadata.namespace, object: live }), live]),
        );
    }

    /** All objects of some kinds in a namespace. */
    list(kinds: readonly string[], namespace: string): KubernetesObject[] {
        return itemsOf(this.kubectl(["get", kinds.join(","), "--namespace", namespace]));
    }

    private ofOneKind(same: readonly RenderedObject[]): KubernetesObject[] {
        const items = same.map(({ object: { apiVersion, kind, metadata }, namespace }) => ({
            ...{ apiVersion, kind },
            metadata: { name: metadata.name, ...(namespace !== undefined && { namespace }) },
        }));
        const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
        try {
            return itemsOf(this.kubectl(["get", "--filename", "-", "--ignore-not-found"], list));
        } catch (error) {
            // Without its definition there is no object of a kind.
            if (error instanceof Error && error.message.includes("no matches for kind")) return [];
            throw error;
        }
    }

    private kubectl(args: readonly string[], input = ""): string {
        const context = this.context === undefined ? [] : ["--context", this.context];
        try {
            return execFileSync("kubectl", [...context, ...args, "--output", "json", "--show-managed-fields"], {
                input,
                encoding: "utf8",
                maxBuffer: 2 ** 30,
                stdio: ["pipe", "pipe", "pipe"],
            });
        } catch (error) {
            throw spoken(error, this.context);
        }
    }
}

/** What kubectl says when nobody answers as a cluster: no kubeconfig, no such context, no such host, nobody there. */
const AWAY = /was refused|no such host|Unable to connect|Error in configuration|no configuration|timeout/i;

/** kubectl's last line says what is wrong; those before repeat it for each of its tries. */
function spoken(error: unknown, context: string | undefined): Error {
    const { stderr, code } = error as { readonly stderr?: string; readonly code?: string };
    if (code === "ENOENT") return new Error("kubectl is not on PATH");
    const last = (stderr ?? "").trim().split("\n").at(-1) ?? "";
    if (!AWAY.test(last)) return new Error(stderr?.trim() || String(error));
    const which = context === undefined ? "the kubeconfig's current context" : `context ${context}`;
    return new Error(`no cluster answers by ${which}: ${last.replace(/^error: /i, "")}`);
}

function itemsOf(json: string): KubernetesObject[] {
    if (json.trim() === "") return [];
    const given: unknown = JSON.parse(json);
    const items = isRecord(given) && given.kind === "List" ? records(given.items) : [given];
    return items as unknown as KubernetesObject[];
}

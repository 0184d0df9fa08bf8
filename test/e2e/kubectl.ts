import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

/** What the tests read of an object. */
export interface KubernetesObject {
    kind: string;
    metadata: { name: string; namespace?: string; uid: string; labels?: Record<string, string> };
    type?: string;
    data?: Record<string, string>;
    spec?: Record<string, unknown>;
    status?: { phase?: string; conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}

/** kubectl against one cluster. */
export class Kubectl {
    constructor(private readonly kubeconfig: string) {}

    answers(): boolean {
        try {
            this.run(["get", "--raw", "/readyz"]);
            return true;
        } catch {
            return false;
        }
    }

    apply(object: object): void {
        this.run(["apply", "-f", "-"], JSON.stringify(object));
    }

    run(args: string[], input = ""): string {
        return execFileSync("kubectl", ["--kubeconfig", this.kubeconfig, ...args], {
            input,
            encoding: "utf8",
            stdio: ["pipe", "pipe", "pipe"],
            maxBuffer: 1 << 28,
        });
    }

    /** Objects of a kind in all namespaces; none where the kind is not known yet. */
    async list(kind: string): Promise<KubernetesObject[]> {
        const args = ["--kubeconfig", this.kubeconfig, "get", kind, "-A", "-o", "json"];
        try {
            const { stdout } = await promisify(execFile)("kubectl", args, { encoding: "utf8", maxBuffer: 1 << 28 });
            return (JSON.parse(stdout) as { items: KubernetesObject[] }).items;
        } catch (error) {
            if (String(error).includes("the server doesn't have a resource type")) return [];
            throw error;
        }
    }
}

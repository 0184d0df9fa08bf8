import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

type Texts = Record<string, string>;

/** What the tests read of an object. */
export interface KubernetesObject {
    kind: string;
    metadata: {
        name: string;
        namespace?: string;
        uid: string;
        creationTimestamp: string;
        deletionTimestamp?: string;
        labels?: Texts;
        annotations?: Texts;
    };
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

    /** The same while others go on. */
    async start(args: string[]): Promise<{ stdout: string; stderr: string }> {
        const all = ["--kubeconfig", this.kubeconfig, ...args];
        return promisify(execFile)("kubectl", all, { encoding: "utf8", maxBuffer: 1 << 28 });
    }

    /** Objects of a kind in all namespaces; none where the kind is not known yet. */
    async list(kind: string): Promise<KubernetesObject[]> {
        try {
            const { stdout } = await this.start(["get", kind, "-A", "-o", "json"]);
            return (JSON.parse(stdout) as { items: KubernetesObject[] }).items;
        } catch (error) {
            if (String(error).includes("the server doesn't have a resource type")) return [];
            throw error;
        }
    }
}

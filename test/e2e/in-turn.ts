import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { isSecretMark, preview, UNKNOWN } from "../../tools/plan/engine";
import { readStackFile } from "../../tools/plan/stack-file";
import type { Kubectl } from "./kubectl";

const ROOT = resolve(__dirname, "../..");
const KINDS: Record<string, string> = {
    "kubernetes:core/v1:Namespace": "Namespace",
    "kubernetes:core/v1:Secret": "Secret",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass": "PriorityClass",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy": "NetworkPolicy",
};
const VERSIONS: Record<string, string> = {
    PriorityClass: "scheduling.k8s.io/v1",
    NetworkPolicy: "networking.k8s.io/v1",
};

/**
 * Installs a stack's releases as a script of `helm install --wait` would: one after another, in the program's order,
 * with the program's own values. The objects beside them are there already.
 * @returns seconds that the installs took.
 */
export async function installInTurn(stack: string, kubeconfig: string, kubectl: Kubectl): Promise<number> {
    const { resources } = await preview(ROOT, stack, readStackFile(ROOT, stack));
    for (const { type, inputs } of resources) {
        const kind = KINDS[type];
        if (kind === undefined) continue;
        const object = { apiVersion: VERSIONS[kind] ?? "v1", kind, ...(plain(inputs) as object) };
        // No process reads a credential here.
        kubectl.apply(kind === "Secret" ? { ...object, stringData: { username: "none", password: "none" } } : object);
    }
    const folder = mkdtempSync(join(tmpdir(), "in-turn-"));
    const started = Date.now();
    for (const { type, inputs } of resources) {
        if (type !== "kubernetes:helm.sh/v3:Release") continue;
        const release = inputs as { name: string; namespace: string; chart: string; values: object };
        const values = join(folder, `${release.name}.json`);
        writeFileSync(values, JSON.stringify(release.values));
        const args = ["install", release.name, release.chart, "--namespace", release.namespace, "--values", values];
        await promisify(execFile)("helm", [...args, "--kubeconfig", kubeconfig, "--wait", "--timeout", "15m"]);
    }
    rmSync(folder, { recursive: true });
    return (Date.now() - started) / 1000;
}

/** Inputs as a manifest: what is secret or unknown becomes a placeholder. */
function plain(value: unknown): unknown {
    if (value === UNKNOWN) return "placeholder-of-a-generated-credential";
    if (isSecretMark(value)) return plain(value.value);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

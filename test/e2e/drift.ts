import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { record, records } from "../../tools/records";
import type { Kubectl } from "./kubectl";

/** What somebody did by hand, as they would, and the object that is to be told. */
const BY_HAND: readonly (readonly [object: string, ...command: string[]])[] = [
    ["cortex/Deployment/cortex-querier", "-n", "cortex", "scale", "deployment/cortex-querier", "--replicas=0"],
    ["cortex/Deployment/cortex-distributor", "-n", "cortex", "set", "env", "deployment/cortex-distributor", "DEBUG=1"],
    ["cortex/Deployment/cortex-ruler", "-n", "cortex", "set", "image", "deployment/cortex-ruler", "*=example.com/x:1"],
    ["loki/Service/loki-gateway", "-n", "loki", "label", "service/loki-gateway", "team=x"],
    ["loki/StatefulSet/loki", "-n", "loki", "annotate", "statefulset/loki", "note=mine"],
    [
        "minio/Deployment/minio",
        ...["-n", "minio", "set", "resources", "deployment/minio"],
        ...["--containers=minio", "--requests=memory=1Gi,cpu=50m"],
    ],
    [
        "monitoring/Prometheus/kps-prometheus",
        ...["-n", "monitoring", "patch", "prometheus/kps-prometheus"],
        ...["--type=merge", "--patch", '{"spec":{"logLevel":"debug"}}'],
    ],
    [
        "monitoring/PrometheusRule/platform-metrics-store",
        "-n",
        "monitoring",
        "delete",
        "prometheusrule/platform-metrics-store",
    ],
    ["tempo/ServiceAccount/tempo", "-n", "tempo", "delete", "serviceaccount/tempo"],
    [
        "cortex/RoleBinding/mine",
        "-n",
        "cortex",
        "create",
        "rolebinding",
        "mine",
        "--clusterrole=view",
        "--user=somebody",
    ],
];

export interface Drifting {
    readonly kubectl: Kubectl;
    readonly kubeconfig: string;
    /** The program's folder. */
    readonly folder: string;
    readonly stack: string;
    /** `pulumi up --refresh`. */
    readonly refreshed: () => Promise<void>;
}

/** Ten changes by hand, which a refresh of the state does not see for the most part: none is missed, none is made up. */
export function driftTests(where: () => Drifting): void {
    const drifted = (): string[] => {
        const { folder, stack, kubeconfig } = where();
        let json: string;
        try {
            json = tool(folder, kubeconfig, ["drift", "--", stack, "--json"]);
        } catch (error) {
            // Status 1 says that something differs.
            if (!(error instanceof Error && "status" in error && error.status === 1 && "stdout" in error)) throw error;
            json = String(error.stdout);
        }
        return records(record(JSON.parse(json)).drift)
            .map(({ object }) => String(object))
            .sort();
    };

    it("has not drifted", () => {
        assert.deepEqual(drifted(), []);
    });

    it("is seen to have drifted by each of ten changes made by hand, and not once these are written back", async () => {
        const { kubectl, kubeconfig, folder, stack, refreshed } = where();
        for (const [, ...command] of BY_HAND) kubectl.run(command);
        assert.deepEqual(drifted(), BY_HAND.map(([object]) => object).sort());

        const out = mkdtempSync(join(tmpdir(), "drift-"));
        try {
            tool(folder, kubeconfig, ["render", "--", stack, "--out", join(out, "rendered")]);
            const files = readdirSync(join(out, "rendered"), { recursive: true, encoding: "utf8" });
            for (const [object] of BY_HAND) {
                const [namespace = "", kind = "", name = ""] = object.split("/");
                const [file] = files.filter((each) => each.endsWith(`/${namespace}/${kind}-${name}.yaml`));
                // What the program made is Pulumi's to write: another's name on its fields would stop the next change.
                if (file === undefined || file.startsWith("_program/")) continue;
                const filename = join(out, "rendered", file);
                kubectl.run([
                    ...["apply", "--server-side", "--force-conflicts", "--field-manager=helm"],
                    ...["--namespace", namespace, "--filename", filename],
                ]);
            }
        } finally {
            rmSync(out, { recursive: true });
        }
        // What was added beside is taken away by hand.
        kubectl.run(["-n", "cortex", "set", "env", "deployment/cortex-distributor", "DEBUG-"]);
        kubectl.run(["-n", "loki", "label", "service/loki-gateway", "team-"]);
        kubectl.run(["-n", "loki", "annotate", "statefulset/loki", "note-"]);
        kubectl.run(["-n", "cortex", "delete", "rolebinding/mine"]);
        await refreshed();
        assert.deepEqual(drifted(), []);
    });
}

function tool(folder: string, kubeconfig: string, script: readonly string[]): string {
    return execFileSync("npm", ["run", "--silent", ...script], {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 2 ** 28,
        env: { ...process.env, KUBECONFIG: kubeconfig },
        stdio: ["ignore", "pipe", "pipe"],
    });
}

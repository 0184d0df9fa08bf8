import { spawn, execFileSync, type ChildProcess } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseAllDocuments, stringify } from "yaml";
import { onPath } from "../../tools/on-path";
import { Kubectl } from "./kubectl";
import { freePorts } from "./ports";
import { standIns } from "./stand-ins";

/** The programs of a control plane without containers: real API server, controllers and scheduler, nodes by kwok. */
export const CONTROL_PLANE = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "kubectl"];

export interface ControlPlane {
    readonly kubeconfig: string;
    readonly stop: () => void;
}

/** Programs of the list that are not on PATH. */
export function missing(programs: readonly string[]): string[] {
    return programs.filter((program) => !onPath(program));
}

/** kwok's stages, which say how nodes and pods live: the file beside the program. */
export function stagesFile(): string {
    const kwok = execFileSync("sh", ["-c", "command -v kwok"], { encoding: "utf8" }).trim();
    return join(dirname(kwok), "kwok-stages.yaml");
}

/**
 * Writes the same stages with pods that take two seconds to stop. Of a pod that is gone at once the disruption controller
 * sees nothing but its successor of the same name, and counts that one as being evicted for two minutes.
 */
export function stagesWithStops(folder: string): string {
    const stages = parseAllDocuments(readFileSync(stagesFile(), "utf8")).filter(({ contents }) => contents !== null);
    const stop = stages.find((stage) => stage.getIn(["metadata", "name"]) === "pod-delete");
    if (stop === undefined) throw new Error(`${stagesFile()} has no stage pod-delete`);
    stop.setIn(["spec", "delay"], { durationMilliseconds: 2000 });
    mkdirSync(folder, { recursive: true });
    const path = join(folder, "stages.yaml");
    writeFileSync(path, stages.map((stage) => stringify(stage.toJS())).join("---\n"));
    return path;
}

/**
 * Starts a control plane on loopback with nodes of 16 CPU and 64 GiB, spread over the zones in turn. No container runs:
 * kwok reports pods ready as the scheduler places them, stand-ins give claims their volumes.
 * @param folder for data and logs.
 * @param stages kwok's stages file, which says how nodes and pods live.
 */
export async function startControlPlane(
    folder: string,
    nodes: number,
    zones: number,
    stages: string,
): Promise<ControlPlane> {
    mkdirSync(folder, { recursive: true });
    const [api, etcd, peers, controllers, scheduler] = await freePorts(5);
    const path = (name: string) => join(folder, name);
    const running: ChildProcess[] = [];
    const start = (program: string, args: string[]) => {
        const log = openSync(path(`${program}.log`), "a");
        running.push(spawn(program, args, { cwd: folder, stdio: ["ignore", log, log] }));
        closeSync(log);
    };

    const keys = generateKeyPairSync("rsa", {
        modulusLength: 2048,
        publicKeyEncoding: { type: "spki", format: "pem" },
        privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    writeFileSync(path("sa.key"), keys.privateKey, { mode: 0o600 });
    writeFileSync(path("sa.pub"), keys.publicKey);
    writeFileSync(path("tokens.csv"), 'test,admin,admin,"system:masters"\n');
    writeFileSync(path("kubeconfig"), kubeconfig(`https://127.0.0.1:${api}`));

    start("etcd", [
        ...["--data-dir", "etcd", "--unsafe-no-fsync"],
        ...["--listen-client-urls", `http://127.0.0.1:${etcd}`, "--advertise-client-urls", `http://127.0.0.1:${etcd}`],
        ...[
            "--listen-peer-urls",
            `http://127.0.0.1:${peers}`,
            "--initial-advertise-peer-urls",
            `http://127.0.0.1:${peers}`,
        ],
        ...["--initial-cluster", `default=http://127.0.0.1:${peers}`],
    ]);
    start("kube-apiserver", [
        ...["--etcd-servers", `http://127.0.0.1:${etcd}`, "--secure-port", String(api), "--bind-address", "127.0.0.1"],
        ...["--cert-dir", "certs", "--token-auth-file", "tokens.csv", "--authorization-mode", "RBAC,Node"],
        ...["--service-account-key-file", "sa.pub", "--service-account-signing-key-file", "sa.key"],
        ...["--service-account-issuer", "https://kubernetes.default.svc", "--service-cluster-ip-range", "10.96.0.0/16"],
        // Nothing answers behind a Service here, so webhooks cannot be called.
        ...["--disable-admission-plugins", "MutatingAdmissionWebhook,ValidatingAdmissionWebhook", "--allow-privileged"],
    ]);
    const kubectl = new Kubectl(path("kubeconfig"));
    try {
        await ready(kubectl);
        start("kube-controller-manager", [
            ...[
                "--kubeconfig",
                "kubeconfig",
                "--service-account-private-key-file",
                "sa.key",
                "--root-ca-file",
                "certs/apiserver.crt",
            ],
            ...["--use-service-account-credentials", "--leader-elect=false", "--secure-port", String(controllers)],
            ...["--bind-address", "127.0.0.1", "--node-monitor-grace-period", "30m"],
            // At the default of 20 requests a second budgets lag behind what happens to pods here.
            ...["--kube-api-qps", "500", "--kube-api-burst", "1000"],
        ]);
        start("kube-scheduler", [
            ...[
                "--kubeconfig",
                "kubeconfig",
                "--leader-elect=false",
                "--secure-port",
                String(scheduler),
                "--bind-address",
                "127.0.0.1",
            ],
        ]);
        for (let i = 0; i < nodes; i++) kubectl.apply(node(i, zones));
        kubectl.apply(STORAGE_CLASS);
        start("kwok", [
            "--kubeconfig",
            "kubeconfig",
            "--manage-all-nodes=true",
            "--cidr",
            "10.97.0.0/16",
            "--config",
            stages,
        ]);
    } catch (error) {
        running.forEach((process) => process.kill("SIGKILL"));
        throw error;
    }
    const stopStandIns = standIns(kubectl);
    return {
        kubeconfig: path("kubeconfig"),
        stop: () => {
            stopStandIns();
            // An API server that has lost etcd would wait for it: nothing here is worth a graceful end.
            running.reverse().forEach((process) => process.kill("SIGKILL"));
        },
    };
}

async function ready(kubectl: Kubectl): Promise<void> {
    for (let i = 0; i < 600; i++) {
        if (kubectl.answers()) return;
        await sleep(1000);
    }
    throw new Error("the API server did not become ready within 600 s");
}

function kubeconfig(server: string): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "e2e", cluster: { server, "insecure-skip-tls-verify": true } }],
        users: [{ name: "admin", user: { token: "test" } }],
        contexts: [{ name: "e2e", context: { cluster: "e2e", user: "admin" } }],
        "current-context": "e2e",
    });
}

/** A node of the control plane, to give it back after it was taken away. */
export function node(index: number, zones: number): object {
    const size = { cpu: "16", memory: "64Gi", pods: "110", "ephemeral-storage": "500Gi" };
    return {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
            name: `node-${index}`,
            annotations: { "kwok.x-k8s.io/node": "fake" },
            labels: {
                "kubernetes.io/hostname": `node-${index}`,
                "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64",
                "topology.kubernetes.io/zone": `zone-${index % zones}`,
            },
        },
        status: { allocatable: size, capacity: size },
    };
}

const STORAGE_CLASS = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "example.com/none",
    volumeBindingMode: "WaitForFirstConsumer",
};

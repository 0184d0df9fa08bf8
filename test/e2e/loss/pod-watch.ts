import { spawn, type ChildProcess } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** A pod as far as the tests of losses look at it. */
export interface Pod {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly node: string | undefined;
    /** It takes requests: ready and not on its way out. */
    readonly ready: boolean;
    /** What the scheduler says of a pod that it cannot place. */
    readonly unschedulable: string | undefined;
    readonly claims: readonly string[];
    /** One on each node: it goes with its node and moves nowhere. */
    readonly daemon: boolean;
}

interface PodEvent {
    type: "ADDED" | "MODIFIED" | "DELETED" | "ERROR";
    object: {
        metadata: {
            name: string;
            namespace: string;
            uid: string;
            labels?: Record<string, string>;
            deletionTimestamp?: string;
            ownerReferences?: { kind: string }[];
        };
        spec: { nodeName?: string; volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
        status: { conditions?: { type: string; status: string; reason?: string; message?: string }[] };
    };
}

/** Seconds without a change after which nothing more is expected. */
const QUIET = 2;
/** Seconds that pods are given to find a place. */
const PATIENCE = 600;

/** Every pod of a cluster but those of Jobs, kept up to date by a watch: each state between two events is seen. */
export class PodWatch {
    private readonly byUid = new Map<string, Pod>();
    private readonly process: ChildProcess;
    private readonly lines: Interface;
    private changed = Date.now();
    private onChange: () => void = () => undefined;

    constructor(kubeconfig: string) {
        const args = ["--kubeconfig", kubeconfig, "get", "--raw", "/api/v1/pods?watch=1"];
        this.process = spawn("kubectl", args, { stdio: ["ignore", "pipe", "inherit"] });
        if (this.process.stdout === null) throw new Error("kubectl has no output");
        this.lines = createInterface({ input: this.process.stdout });
        this.lines.on("line", (line) => {
            this.take(JSON.parse(line) as PodEvent);
        });
    }

    get all(): Pod[] {
        return [...this.byUid.values()];
    }

    /** Runs work and calls `look` after each change meanwhile. */
    async during(work: () => Promise<void>, look: () => void): Promise<void> {
        this.onChange = look;
        try {
            await work();
        } finally {
            this.onChange = () => undefined;
        }
    }

    /**
     * Waits until every pod is fine, `complete` says that none is missing, and nothing changes any more.
     * @throws after ten minutes, naming the pods that are not fine and what the scheduler says of them.
     */
    async settled(isFine: (pod: Pod) => boolean, complete: () => boolean): Promise<void> {
        const start = Date.now();
        // Changes from before the call may not have arrived yet.
        const quiet = () => Date.now() - Math.max(this.changed, start) >= QUIET * 1000;
        while (!quiet() || !this.all.every(isFine) || !complete()) {
            if (Date.now() - start > PATIENCE * 1000) {
                const open = this.all.filter((pod) => !isFine(pod));
                const names = open.map((pod) => `${pod.namespace}/${pod.name} ${pod.unschedulable ?? "is not ready"}`);
                throw new Error(`pods did not settle: ${names.join("; ") || "some are missing"}`);
            }
            await sleep(100);
        }
    }

    stop(): void {
        // The last line may be half of one.
        this.lines.removeAllListeners("line");
        this.process.kill();
    }

    private take({ type, object }: PodEvent): void {
        if (type === "ERROR") throw new Error(`the watch of pods ended: ${JSON.stringify(object)}`);
        const { metadata } = object;
        if (ownerKind(object) === "Job") return;
        const before = this.byUid.get(metadata.uid);
        if (type === "DELETED") this.byUid.delete(metadata.uid);
        else this.byUid.set(metadata.uid, podOf(object));
        // The scheduler goes on to say why a pod waits, in other words each time.
        if (whereabouts(before) !== whereabouts(this.byUid.get(metadata.uid))) this.changed = Date.now();
        this.onChange();
    }
}

type PodObject = PodEvent["object"];

function ownerKind({ metadata }: PodObject): string | undefined {
    return metadata.ownerReferences?.[0]?.kind;
}

function podOf(object: PodObject): Pod {
    const { metadata, spec, status } = object;
    const condition = (name: string) => status.conditions?.find((each) => each.type === name);
    const scheduled = condition("PodScheduled");
    return {
        name: metadata.name,
        namespace: metadata.namespace,
        uid: metadata.uid,
        labels: metadata.labels ?? {},
        node: spec.nodeName,
        ready: condition("Ready")?.status === "True" && metadata.deletionTimestamp === undefined,
        unschedulable: scheduled?.reason === "Unschedulable" ? (scheduled.message ?? "") : undefined,
        claims: (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
            persistentVolumeClaim ? [persistentVolumeClaim.claimName] : [],
        ),
        daemon: ownerKind(object) === "DaemonSet",
    };
}

function whereabouts(pod: Pod | undefined): string {
    return pod === undefined ? "gone" : `${pod.node ?? ""} ${pod.ready} ${pod.unschedulable !== undefined}`;
}

import type { Pods } from "../../../tools/verify/pods";
import type { Kubectl } from "../kubectl";
import type { Pod, PodWatch } from "./pod-watch";
import type { Primary } from "./primary";
import { isOf, strength, type Quorum, type Strength } from "./quorums";

/** What a loss did. */
export interface Outcome {
    /** What was taken away. */
    readonly what: string;
    /** Pods that went with it, but those that belong to a node. */
    readonly lost: number;
    /** Pods in their place that are ready elsewhere. */
    readonly moved: number;
    readonly waiting: readonly Waiting[];
    /** The least that each quorum had at any moment. */
    readonly lowest: ReadonlyMap<Quorum, Strength>;
    /** Pods whose eviction a budget refused at first, each as often as it did. */
    readonly putOff: readonly string[];
}

export interface Waiting {
    readonly pod: string;
    /** Why it waits on purpose. */
    readonly reason: string;
}

export interface Node {
    readonly name: string;
    readonly zone: string;
    /** As it is given back. */
    readonly object: object;
}

const ZONE = "topology.kubernetes.io/zone";

/** Takes nodes away from a cluster that runs a stack, and tells what that did. */
export class Losses {
    private readonly gone = new Set<string>();
    private readonly cordoned = new Set<string>();
    /** Zone of each claim's disk. */
    private readonly diskZones = new Map<string, string>();

    constructor(
        private readonly kubectl: Kubectl,
        private readonly pods: PodWatch,
        private readonly primary: Primary,
        private readonly nodes: readonly Node[],
        private readonly sets: readonly Pods[],
        private readonly quorums: readonly Quorum[],
    ) {}

    /** Waits until every pod is ready. */
    async whole(): Promise<void> {
        await this.settled((pod) => pod.ready);
    }

    /** Waits until every pod is ready or waits for a reason. */
    private async placed(): Promise<void> {
        for (const { spec, metadata } of await this.kubectl.list("persistentvolumes")) {
            const { namespace, name } = spec?.claimRef as { namespace: string; name: string };
            this.diskZones.set(`${namespace}/${name}`, metadata.labels?.[ZONE] ?? "");
        }
        await this.settled((pod) => pod.ready || this.reason(pod) !== undefined);
    }

    private async settled(isFine: (pod: Pod) => boolean): Promise<void> {
        await this.pods.settled(isFine, () => this.sets.every((set) => this.isComplete(set)));
        this.primary.elect([...this.cordoned]);
    }

    /** Nodes are gone with all that was on them, at once and without notice. */
    async lose(what: string, lost: readonly Node[]): Promise<Outcome> {
        return this.watched(what, lost, async () => {
            const names = lost.map(({ name }) => name);
            names.forEach((name) => this.gone.add(name));
            this.kubectl.run(["delete", "node", ...names, "--wait=false"]);
            // The controllers do so themselves after 40 s or more.
            for (const name of names) {
                const onNode = ["--all-namespaces", "--field-selector", `spec.nodeName=${name}`];
                this.kubectl.run(["delete", "pods", ...onNode, "--force", "--grace-period=0", "--wait=false"]);
            }
            await this.placed();
            return [];
        });
    }

    async giveBack(lost: readonly Node[]): Promise<void> {
        for (const { name, object } of lost) {
            this.kubectl.apply(object);
            this.gone.delete(name);
        }
        await this.whole();
    }

    /** A node is emptied by the eviction API, as before its maintenance, and taken into use again. */
    async drain(node: Node): Promise<Outcome> {
        const outcome = await this.watched(`drain of ${node.name}`, [], async () => {
            this.cordoned.add(node.name);
            this.kubectl.run(["cordon", node.name]);
            this.primary.elect([node.name]);
            const how = ["--ignore-daemonsets", "--delete-emptydir-data", "--timeout=600s"];
            const { stderr } = await this.kubectl.start(["drain", node.name, ...how]);
            await this.placed();
            return [...stderr.matchAll(/evicting pods\/"([^"]+)" -n "([^"]+)".*disruption budget/g)].map(
                ([, pod, namespace]) => `${namespace}/${pod}`,
            );
        });
        this.kubectl.run(["uncordon", node.name]);
        this.cordoned.delete(node.name);
        await this.whole();
        return outcome;
    }

    /** Does something and tells what became of the pods meanwhile. */
    private async watched(
        what: string,
        lost: readonly Node[],
        work: () => Promise<readonly string[]>,
    ): Promise<Outcome> {
        const away = new Set(lost.map(({ name }) => name));
        const before = this.pods.all.filter(({ daemon }) => !daemon);
        const lowest = new Map<Quorum, Strength>();
        const look = () => {
            // A lost node's pods are gone with it, whenever the API server hears of that.
            const ready = this.pods.all.filter((pod) => pod.ready && !away.has(pod.node ?? ""));
            for (const quorum of this.quorums) {
                const own = (pod: Pod) => isOf(quorum.pods, pod);
                const now = strength(quorum, before.filter(own), ready.filter(own), (pod) => this.zoneOf(pod));
                const least = lowest.get(quorum);
                if (least === undefined || now.left < least.left) lowest.set(quorum, now);
            }
        };
        let putOff: readonly string[] = [];
        const whole = async () => {
            putOff = await work();
        };
        await this.pods.during(whole, look);
        const after = this.pods.all.filter(({ daemon }) => !daemon);
        const had = new Set(before.map(({ uid }) => uid));
        const has = new Set(after.map(({ uid }) => uid));
        const fresh = after.filter(({ uid }) => !had.has(uid));
        return {
            what,
            lost: before.filter(({ uid }) => !has.has(uid)).length,
            moved: fresh.filter(({ ready }) => ready).length,
            waiting: fresh.flatMap((pod) => {
                const reason = pod.ready ? undefined : this.reason(pod);
                return reason === undefined ? [] : [{ pod: `${pod.namespace}/${pod.name}`, reason }];
            }),
            lowest,
            putOff,
        };
    }

    /** Why a pod waits: what has a disk stays in its zone, and never beside another of its kind. */
    private reason(pod: Pod): string | undefined {
        const zones = pod.claims.map((claim) => this.diskZones.get(`${pod.namespace}/${claim}`));
        const zone = zones.find((each) => each !== undefined);
        if (zone === undefined || pod.unschedulable === undefined) return undefined;
        const left = this.nodes.filter((node) => node.zone === zone && this.takesPods(node));
        if (left.length === 0) return `its disk is in ${zone}`;
        const set = this.sets.find((each) => isOf(each, pod));
        const beside = this.pods.all.filter((other) => set !== undefined && isOf(set, other)).map(({ node }) => node);
        return left.every(({ name }) => beside.includes(name)) ? `each node left in ${zone} has one` : undefined;
    }

    private isComplete(set: Pods): boolean {
        const own = this.pods.all.filter((pod) => isOf(set, pod));
        if (set.kind === "DaemonSet")
            return own.length === this.nodes.filter(({ name }) => !this.gone.has(name)).length;
        // A StatefulSet that makes its pods in order stops at one that waits.
        return (
            own.length === set.replicas || (set.claims.length > 0 && own.some((pod) => pod.unschedulable !== undefined))
        );
    }

    private takesPods({ name }: Node): boolean {
        return !this.gone.has(name) && !this.cordoned.has(name);
    }

    private zoneOf(pod: Pod): string {
        return this.nodes.find(({ name }) => name === pod.node)?.zone ?? "";
    }
}

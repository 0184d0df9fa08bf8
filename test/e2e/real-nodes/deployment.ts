import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { mergeValues } from "../../../components/kubernetes/merge-values";
import { imagesOf } from "../../../tools/images/images";
import { Kubectl } from "../kubectl";
import { openStack } from "../project";
import { renderedWith } from "../rendered";
import { until } from "../until";
import { platformAlerts, silentButFor } from "./alerts";
import { Client, clientObjects } from "./client";
import type { Outputs } from "./doors";
import { RealNodes } from "./ground";
import { unready, type Away } from "./pods";

/** A namespace that may push and query, and one that nobody has heard of. */
export const FRIEND = "shop";
export const STRANGER = "stranger";

/** Namespaces of the platform that a call may come from. */
const OURS = ["minio", "cortex", "loki", "tempo", "monitoring", "collectors", "postgres"];

/** What a pod to call from has beside curl: a shell. The gateway's image does. */
const CLIENT_IMAGE = /\/nginx(-unprivileged)?:/;

/** Images without which all else is deployed: Grafana's, and its sidecar's. */
const DISPENSABLE = /\/(grafana|k8s-sidecar):/;

export interface Shape {
    readonly stack: string;
    readonly nodes: number;
    readonly zones: number;
    /** Beside what the stack's file says, by their keys, as the engine has them. */
    readonly settings: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;
}

/** Settings as the engine has them. */
export function configOf(given: Shape["settings"]): Record<string, string> {
    return Object.fromEntries(
        Object.entries(given).map(([key, value]) => [
            `observability:${key}`,
            typeof value === "string" ? value : JSON.stringify(value),
        ]),
    );
}

/** Nodes that have the images of a stack. */
interface FurnishedNodes {
    readonly ground: RealNodes;
    /** One with a shell. */
    readonly image: string;
    /** Images that are not to be had. */
    readonly absent: readonly string[];
}

/** Makes nodes, and whatever images they lack; tells why not, where this machine cannot. */
export async function furnishedNodes(
    folder: string,
    { stack, nodes, zones, settings }: Shape,
): Promise<FurnishedNodes | string> {
    const model = await renderedWith(stack, configOf(settings));
    const images = imagesOf(model).map((each) => each.image);
    const image = images.find((each) => CLIENT_IMAGE.test(each)) ?? assert.fail("no image to call from");
    const ground = await RealNodes.up(folder, nodes, zones);
    if (typeof ground === "string") return ground;
    const absent = await ground.images(images);
    const missed = absent.filter((each) => !DISPENSABLE.test(each));
    if (missed.length > 0) {
        // A pod without its image would be waited for until the test ends.
        ground.down();
        assert.fail(`the ground has no image ${missed.join(", ")}`);
    }
    return { ground, image, absent };
}

/** A stack by the real CLI on nodes of its own. */
export class Deployment {
    readonly clients = new Map<string, Client>();
    private told?: Outputs;

    private constructor(
        readonly ground: RealNodes,
        readonly kubectl: Kubectl,
        readonly stack: Stack,
        /** Images that are not to be had. */
        readonly absent: readonly string[],
        private readonly folder: string,
        /** One with a shell. */
        readonly image: string,
        private given: Shape["settings"],
    ) {}

    /** Makes nodes, and whatever images they lack; tells why not, where this machine cannot. */
    static async prepared({ stack: name, nodes, zones, settings }: Shape): Promise<Deployment | string> {
        const folder = mkdtempSync(join(tmpdir(), "real-nodes-"));
        const furnished = await furnishedNodes(folder, { stack: name, nodes, zones, settings });
        if (typeof furnished === "string") {
            rmSync(folder, { recursive: true });
            return furnished;
        }
        const { ground, image, absent } = furnished;
        const { kubeconfig } = ground;
        const mirror = process.env.CHART_MIRROR ?? "";
        const stack = await openStack(folder, name, { KUBECONFIG: kubeconfig, CHART_MIRROR: mirror });
        const given = lacksGrafana(absent) ? withoutGrafana(settings) : settings;
        const made = new Deployment(ground, new Kubectl(kubeconfig), stack, absent, folder, image, {});
        await made.set(given);
        return made;
    }

    get outputs(): Outputs {
        return this.told ?? assert.fail("it is not up");
    }

    async up(): Promise<void> {
        const { outputs } = await this.stack.up();
        const values = Object.entries(outputs).map(([key, { value }]) => [key, value as unknown] as const);
        this.told = Object.fromEntries(values) as unknown as Outputs;
        const labels = { "observability-platform/ingest": "allowed", "observability-platform/query": "allowed" };
        const there = (await this.kubectl.list("namespaces")).map(({ metadata }) => metadata.name);
        for (const namespace of [FRIEND, STRANGER, ...OURS.filter((each) => there.includes(each))]) {
            const made = { [FRIEND]: labels, [STRANGER]: {} }[namespace];
            for (const object of clientObjects(namespace, this.image, made)) this.kubectl.apply(object);
            this.clients.set(namespace, new Client(this.ground.kubeconfig, namespace));
        }
        await this.ready();
    }

    /** Waits until every pod is, and was started since, where its node was away. */
    async ready(away?: Away): Promise<void> {
        await until("pods are ready", async () => (await unready(this.kubectl, away)).join(", "), 2000);
    }

    /** The platform's alerts that fire or are about to, but for those that tell what is not here. */
    async alerts(): Promise<string[]> {
        const told = silentButFor({ grafana: this.absent.length > 0 });
        return (await platformAlerts(this.client("monitoring"))).filter(told);
    }

    /** Changes settings beside those that it has, and runs `up` once more. */
    async change(settings: Record<string, Record<string, unknown>>): Promise<void> {
        await this.set(mergeValues(this.given, settings) as Shape["settings"]);
        await this.stack.up();
        await this.ready();
    }

    private async set(settings: Shape["settings"]): Promise<void> {
        this.given = settings;
        await this.stack.setAllConfig(
            Object.fromEntries(Object.entries(configOf(settings)).map(([key, value]) => [key, { value }])),
        );
    }

    client(namespace: string): Client {
        return this.clients.get(namespace) ?? assert.fail(`no client in ${namespace}`);
    }

    down(): void {
        this.ground.down();
        if (process.env.KEEP === undefined) rmSync(this.folder, { recursive: true, force: true });
    }
}

/** Settings of kubePrometheusStack. */
export const NO_GRAFANA = { values: { grafana: { replicas: 0, persistence: { enabled: false } } } };

/** Whether Grafana's is among the images that are not to be had. */
export function lacksGrafana(absent: readonly string[]): boolean {
    return absent.some((each) => each.includes("/grafana:"));
}

/** A release would wait without end for a Grafana whose image is not to be had. */
function withoutGrafana(settings: Shape["settings"]): Shape["settings"] {
    const { kubePrometheusStack } = settings;
    const given = typeof kubePrometheusStack === "object" ? kubePrometheusStack : {};
    return { ...settings, kubePrometheusStack: mergeValues(given, NO_GRAFANA) };
}

export const seconds = (since: number) => Math.round((Date.now() - since) / 1000);

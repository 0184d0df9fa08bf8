import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { headerTenancy } from "../../components/contracts/tenancy";
import { MinIO } from "../../components/object-store/minio/minio";
import type { ObservabilityPlatformArgs } from "../../components/platform/args.gen";
import { ObservabilityPlatform } from "../../components/platform/observability-platform";
import { Tempo } from "../../components/traces/tempo/tempo";
import { planned } from "../fixtures/planned";

const LAPTOP: ObservabilityPlatformArgs = { cluster: "blue", domain: "o11y.example.com", survives: "nothing" };
const SHARED = { cluster: "blue", domain: "o11y.example.com", survives: "nothing" } as const;
const metricsStore = {
    push: {
        url: "http://prometheus/write",
        otlpUrl: "http://prometheus/otlp",
        endpoint: { namespace: "a", podPort: 1 },
    },
    tenancy: headerTenancy("blue"),
    exemplars: true,
};
const SLACK = "https://slack.example.com/hook";

interface Made {
    readonly platform: ObservabilityPlatform;
    /** Types of what was registered, in its order. */
    readonly types: string[];
}

/** An engine that takes everything; types of what is registered, in its order. */
async function engine(): Promise<string[]> {
    const types: string[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs }) => {
                types.push(type);
                return {
                    id: name,
                    state: { ...(inputs as object), ...(type.startsWith("random:") && { result: name }) },
                };
            },
            call: ({ inputs }) => inputs as Record<string, unknown>,
        },
        "project",
        "stack",
    );
    return types;
}

async function made(args: ObservabilityPlatformArgs): Promise<Made> {
    const types = await engine();
    const platform = new ObservabilityPlatform("observability", args);
    await pulumi.runtime.disconnect();
    return { platform, types };
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
    return new Promise((resolve) => output.apply(resolve));
}

const slack = (apiUrl: pulumi.Input<string>) => ({ ...LAPTOP, alerting: { slack: { apiUrl, channel: "#alerts" } } });

describe("the component ObservabilityPlatform", () => {
    it("completes settings as a stack file's, whatever a program leaves undefined", async () => {
        const { platform, types } = await made({
            ...LAPTOP,
            tenant: undefined,
            scheduling: { nodeSelector: undefined },
        });
        assert.equal(await valueOf(platform.tenant), "blue");
        assert.equal((await valueOf(platform.grafana))?.url, "http://grafana.monitoring.svc.cluster.local");
        assert.ok(types.includes("kubernetes:helm.sh/v3:Release"));
    });

    it("makes the same with a credential that is an output, and hides no address for it", async () => {
        const plain = await made({ ...LAPTOP, alerting: {} });
        const { platform, types } = await made(slack(pulumi.secret(SLACK)));
        const of = "observability:kube-prometheus-stack:KubePrometheusStack";
        for (const all of [types, plain.types]) assert.ok(all.includes(of), "the platform was not made");
        assert.equal(await pulumi.isSecret(platform.push), false);
        assert.deepEqual(await valueOf(platform.push), await valueOf(plain.platform.push));
    });

    it("refuses a credential that is a text, also beside one that is an output, with all else that is wrong", async () => {
        const inTheOpen = / {2}alerting\.slack\.apiUrl\n +given: +a credential in plain text\n[^]*requireSecret/;
        const refused = (error: Error) =>
            inTheOpen.test(error.message) && !error.message.includes(SLACK) && /^2 problems/.test(error.message);
        assert.throws(
            () => new ObservabilityPlatform("observability", { ...slack(SLACK), domain: "nowhere" }),
            refused,
        );
        const { alerting } = slack(SLACK);
        const mixed = {
            ...LAPTOP,
            domain: "nowhere",
            alerting: { ...alerting, pagerduty: { routingKey: pulumi.secret("a".repeat(32)) } },
        };
        await engine();
        const { push } = new ObservabilityPlatform("observability", mixed);
        await assert.rejects((push as unknown as { promise(): Promise<unknown> }).promise(), refused);
    });

    it("refuses wrong settings before it makes anything, with all that is wrong", () => {
        const wrong = { ...LAPTOP, domain: "nowhere", survive: "node" };
        assert.throws(
            () => new ObservabilityPlatform("observability", wrong),
            /^Error: 2 problems in the settings of this stack:\n {2}domain\n[^]*\n {2}survive\n/,
        );
    });

    it("tells what rules say of the settings that all share beside what is wrong elsewhere", () => {
        const wrong = { ...LAPTOP, load: { series: "1M" }, alerting: { slak: {} } as object };
        assert.throws(
            () => new ObservabilityPlatform("observability", wrong),
            /2 problems in the settings of this stack:\n {2}load\n[^]*\n {2}alerting\.slak\n/,
        );
    });
});

describe("a system's class", () => {
    const objectStore = () => new MinIO("minio", { platform: SHARED, requests: [] });

    it("refuses what is wrong in its own settings and in those that all share, by the paths of a stack file", async () => {
        await engine();
        assert.throws(
            () =>
                new MinIO("minio", {
                    platform: { cluster: "blue", domain: "nowhere", survives: "node" },
                    settings: { servers: 1, drivesPerServer: 1 },
                    requests: [],
                }),
            /2 problems in the settings of this stack:\n {2}domain\n[^]*\n {2}objectStore\.servers\n/,
        );
        assert.throws(
            () =>
                new MinIO("minio", {
                    platform: { ...SHARED, survives: "node" },
                    settings: { servers: 1, drivesPerServer: 1 },
                    requests: [],
                }),
            /1 problem in the settings of this stack:\n {2}objectStore\.servers\n[^]*at least 4 with survives: node/,
        );
    });

    it("says whose buckets the object store was not asked for", async () => {
        await engine();
        assert.throws(
            () => new Tempo("tempo", { platform: SHARED, objectStore: objectStore(), metricsStore }),
            /not asked for the buckets of traces: tempo-traces/,
        );
        const other = new MinIO("other", { platform: SHARED, requests: [{ store: "traces", buckets: ["spans"] }] });
        const tempo = (traces: string) => () =>
            new Tempo("tempo", {
                platform: SHARED,
                settings: { buckets: { traces } },
                objectStore: other,
                metricsStore,
            });
        assert.throws(tempo("tempo-traces"), /not asked for the buckets of traces: tempo-traces/);
        assert.doesNotThrow(tempo("spans"));
    });
});

describe("the components of a plan", () => {
    it("register what they give, and no credential", async () => {
        const { resources } = await planned("prod");
        const components = resources.filter(({ custom, type }) => !custom && type !== "pulumi:pulumi:Stack");
        assert.ok(components.length > 10);
        for (const { name, outputs } of components) {
            assert.ok(outputs !== undefined && Object.keys(outputs).length > 0, `${name} registers nothing`);
            assert.doesNotMatch(JSON.stringify(outputs), /accessKey|1b47061264138c4ac30d75fd1eb44270/, name);
        }
        const logs = components.find(({ type }) => type.endsWith(":Loki"));
        assert.equal(logs?.outputs?.lokiUrl, "http://loki-gateway.loki.svc.cluster.local/loki/api/v1/push");
    });
});

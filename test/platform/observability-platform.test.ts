import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ObservabilityPlatformArgs } from "../../components/platform/args.gen";
import { ObservabilityPlatform } from "../../components/platform/observability-platform";
import { planned } from "../fixtures/planned";

const LAPTOP: ObservabilityPlatformArgs = { cluster: "blue", domain: "o11y.example.com", survives: "nothing" };
const SLACK = "https://slack.example.com/hook";

interface Made {
    readonly platform: ObservabilityPlatform;
    /** Types of what was registered, in its order. */
    readonly types: string[];
}

async function made(args: ObservabilityPlatformArgs, preview = false): Promise<Made> {
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
        preview,
    );
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
        assert.equal((await valueOf(platform.grafana)).url, "http://grafana.monitoring.svc.cluster.local");
        assert.ok(types.includes("kubernetes:helm.sh/v3:Release"));
    });

    it("makes the same with a credential that is an output, and hides no address for it", async () => {
        const plain = await made(slack(SLACK));
        const { platform, types } = await made(slack(pulumi.secret(SLACK)));
        assert.deepEqual(types.sort(), plain.types.sort());
        assert.equal(await pulumi.isSecret(platform.push), false);
        assert.deepEqual(await valueOf(platform.push), await valueOf(plain.platform.push));
    });

    it("refuses wrong settings before it makes anything, with all that is wrong", () => {
        const wrong = { ...LAPTOP, domain: "nowhere", survive: "node" };
        assert.throws(
            () => new ObservabilityPlatform("observability", wrong),
            /^Error: 2 problems in the settings of this stack:\n {2}domain\n[^]*\n {2}survive\n/,
        );
    });

    it("tells what rules say of the settings that all share beside what is wrong elsewhere", () => {
        const wrong = { ...LAPTOP, load: { series: "1M" }, alerting: { slak: {} } };
        assert.throws(
            () => new ObservabilityPlatform("observability", wrong),
            /2 problems in the settings of this stack:\n {2}load\n[^]*\n {2}alerting\.slak\n/,
        );
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
        assert.equal(logs?.outputs?.pushUrl, "http://loki-gateway.loki.svc.cluster.local/loki/api/v1/push");
    });
});

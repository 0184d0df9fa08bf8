import * as assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import type { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
    AnalyzeRequest,
    AnalyzerResource,
    AnalyzerResourceOptions,
    AnalyzeStackRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { policies as packed } from "../../policies/pack";
import { questionOf, structOf } from "../../tools/plan/analyzer";
import { UNKNOWN, type PlannedResource } from "../../tools/plan/engine";
import { judge, packConfig, type PackConfig, type Verdict } from "../../tools/plan/policies";
import { policyConfig, PolicyConfigError } from "../../tools/plan/policy-config";
import { PolicyHost, PolicyHostError } from "../../tools/plan/policy-host";
import { PolicyPack } from "../../tools/plan/policy-pack";
import { planned, releasesOf, root } from "../fixtures/planned";

const pack = join(root, "policies");
const mandatory: PackConfig = { file: "mandatory.json", settings: { all: "mandatory" } };

/** The planned resources, with the values of one Release changed in a copy. */
async function changed(stack: string, release: string, change: (values: Values) => void): Promise<PlannedResource[]> {
    const plan = await planned(stack);
    const target = releasesOf(plan).find(({ inputs }) => inputs.name === release);
    assert.ok(target, release);
    const inputs = structuredClone(target.inputs);
    change(inputs.values as Values);
    return plan.resources.map((resource) => (resource === target ? { ...resource, inputs } : resource));
}

/** A map of values whose fields are maps again, as far as these tests read. */
interface Values {
    [key: string]: unknown;
    ingester: { replicas: unknown };
}

describe("the policy pack in Pulumi's own host", () => {
    let host: PolicyHost;

    before(async () => {
        host = await PolicyHost.start(pack);
    });

    after(() => {
        host.stop();
    });

    it("says of a plan what it says in this process, of what is refused and of what is unknown too", async () => {
        const wrong = await changed("prod", "cortex", (values) => {
            values.ingester.replicas = 1;
            values.compactor = { replicas: UNKNOWN };
        });
        const here = new PolicyPack();
        assert.deepEqual(await here.pack(), await host.pack());
        for (const resources of [(await planned("dev")).resources, wrong]) {
            for (const config of [packConfig(pack, "prod"), mandatory]) {
                const verdict = await judge(host, config, resources);
                assert.ok(said(verdict).length > 0 || config === mandatory);
                assert.deepEqual(await judge(here, config, resources), verdict);
            }
        }
    });

    it("is not asked to change a resource, which no policy does", async () => {
        assert.ok(packed().every((policy) => !("remediateResource" in policy)));
        const { client } = host as unknown as { client: AnalyzerClient };
        const code = await new Promise((resolve) => {
            client.remediate(new AnalyzeRequest(), (error) => {
                resolve(error?.code);
            });
        });
        assert.equal(code, status.UNIMPLEMENTED);
    });

    it("says why a pack does not start", async () => {
        await assert.rejects(PolicyHost.start(join(root, "docs")), (error) => {
            assert.ok(error instanceof PolicyHostError);
            assert.match(error.message, /did not start/);
            return true;
        });
    });
});

describe("the policy pack", () => {
    const policies = new PolicyPack();

    it("has the values of a resource made once, and not by each policy", async () => {
        const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = createRequire(join(pack, "package.json"))(
            "@pulumi/policy/server",
        ) as Record<string, (...pack: unknown[]) => (call: { request: unknown }, done: () => void) => void>;
        assert.ok(makeAnalyzeRpcFun && makeAnalyzeStackRpcFun);
        const given = { name: "loki", chart: "loki", values: { loki: { auth_enabled: true } } };
        let made = 0;
        const counted = () =>
            Object.assign(structOf(given), { toJavaScript: () => ((made += 1), structuredClone(given)) });
        const about = { pack: ["observability", "0.1.0", "advisory", packed()], type: "kubernetes:helm.sh/v3:Release" };
        const options = new AnalyzerResourceOptions();
        const one = new AnalyzeRequest().setType(about.type).setProperties(counted()).setOptions(options);
        await new Promise<void>((done) => {
            makeAnalyzeRpcFun(...about.pack)({ request: one }, done);
        });
        assert.equal(made, 1);
        const shown = new AnalyzerResource().setType(about.type).setProperties(counted()).setOptions(options);
        const all = new AnalyzeStackRequest().setResourcesList([shown]);
        await new Promise<void>((done) => {
            makeAnalyzeStackRpcFun(...about.pack)({ request: all }, done);
        });
        assert.equal(made, 2);
    });

    it("changes nothing that it is shown, as all policies are shown the same", async () => {
        const { deserializeProperties } = createRequire(join(pack, "package.json"))("@pulumi/policy/deserialize") as {
            deserializeProperties: (properties: unknown, proxySecrets: boolean) => object;
        };
        const { resources } = await planned("prod");
        const shown = () =>
            resources.map((each) => JSON.stringify(deserializeProperties(questionOf(each).getProperties(), false)));
        const before = shown();
        await judge(policies, mandatory, resources);
        assert.deepEqual(shown(), before);
    });

    it("judges a stack by its own resources, whichever policies have judged another before", async () => {
        const only = (judging: string) =>
            new Map(
                packed().map(({ name }) => [
                    name,
                    { level: name === judging ? ("mandatory" as const) : ("disabled" as const), properties: {} },
                ]),
            );
        const wrong = await changed("prod", "cortex", (values) => {
            values.config = { limits: { accept_ha_samples: false } };
        });
        const here = new PolicyPack();
        await here.configure(only("spread-beside-charts"));
        assert.deepEqual(await here.analyzeStack((await planned("dev")).resources), []);
        await here.configure(only("deduplication"));
        const found = await here.analyzeStack(wrong);
        assert.ok(found.some(({ message }) => message.includes("accept_ha_samples")));
    });

    it("passes prod with every policy mandatory, and leaves none unchecked", async () => {
        const verdict = await judge(policies, mandatory, (await planned("prod")).resources);
        assert.ok(verdict.policies > 0);
        assert.deepEqual(said(verdict), []);
    });

    it("passes dev with every policy mandatory: what it is held to follows from its own settings", async () => {
        const verdict = await judge(policies, mandatory, (await planned("dev")).resources);
        assert.deepEqual(said(verdict), []);
    });

    const MIRROR = "oci://registry.example.com/charts";
    const copies: Record<string, [of: string, lines: Record<string, string>]> = {
        "dev under another name": ["dev", {}],
        "dev from a mirror of charts": ["dev", { chartMirror: MIRROR }],
        "prod under another name": ["prod", {}],
        "prod in one zone": ["prod", { survives: "node" }],
        "prod in one zone, from a mirror of charts": ["prod", { survives: "node", chartMirror: MIRROR }],
        "prod from a folder of charts": ["prod", { chartMirror: __dirname }],
        "prod whose data may be deleted": ["prod", { protectData: "false" }],
    };
    for (const [name, [of, lines]] of Object.entries(copies)) {
        it(`passes a third environment, ${name}, without a file of its own`, async () => {
            const { resources } = await planned(of, observability(lines));
            assert.deepEqual(said(await judge(policies, packConfig(pack, "another"), resources)), []);
        });
    }

    for (const lines of [{}, { survives: "node" }, { chartMirror: MIRROR }] as Record<string, string>[]) {
        it(`passes prod with the file of prod and ${JSON.stringify(lines)} in its settings`, async () => {
            const { resources } = await planned("prod", observability(lines));
            const config = packConfig(pack, "prod");
            assert.equal(config.file, join(pack, "prod.json"));
            assert.deepEqual(said(await judge(policies, config, resources)), []);
        });
    }

    it("lets prod's file ask for more than its settings say", async () => {
        const unprotected = await planned("prod", observability({ protectData: "false" }));
        const refusals = (await judge(policies, packConfig(pack, "prod"), unprotected.resources)).mandatory;
        assert.ok(refusals.length > 0);
        assert.ok(refusals.every(({ policy, message }) => policy === "durability" && /protect is false/.test(message)));
        const zones = { file: "zone.json", settings: { spread: { survives: "zone" } } };
        const node = await planned("prod", observability({ survives: "node" }));
        assert.ok((await judge(policies, zones, node.resources)).mandatory.some(({ policy }) => policy === "spread"));
    });

    it("takes charts from the stack's own mirror, and from no neighbour of it", async () => {
        const { resources } = await planned("prod", observability({ chartMirror: MIRROR }));
        const elsewhere = resources.map((each) =>
            each.inputs.chart === `${MIRROR}/loki`
                ? { ...each, inputs: { ...each.inputs, chart: `${MIRROR}-of-others/loki` } }
                : each,
        );
        const verdict = await judge(policies, mandatory, elsewhere);
        assert.deepEqual(
            verdict.mandatory.map(({ policy, resource }) => [policy, resource]),
            [["supply", "Release loki"]],
        );
    });

    it("refuses dev's shape with the settings of prod", async () => {
        const verdict = await judge(policies, packConfig(pack, "prod"), (await planned("dev")).resources);
        assert.ok(verdict.mandatory.length > 0);
    });

    it("refuses prod with one ingester, and names it", async () => {
        const resources = await changed("prod", "cortex", (values) => (values.ingester.replicas = 1));
        const verdict = await judge(policies, packConfig(pack, "prod"), resources);
        assert.ok(verdict.mandatory.length > 0);
        for (const { resource, message } of verdict.mandatory) {
            assert.equal(resource, "Release cortex");
            assert.match(message, /^cortex: .*ingester/);
        }
        assert.ok(verdict.mandatory.some(({ message }) => /cortex: ingester\.replicas is 1/.test(message)));
    });

    it("says so where a value is unknown, and still judges the rest", async () => {
        const resources = await changed("prod", "cortex", (values) => (values.ingester.replicas = UNKNOWN));
        const verdict = await judge(policies, mandatory, resources);
        assert.ok(
            said(verdict).some((line) => /cortex/.test(line) && /ingester/.test(line)),
            said(verdict).join("\n"),
        );

        const both = await changed("prod", "cortex", (values) => {
            values.ingester.replicas = 1;
            values.serviceAccount = { annotations: { role: UNKNOWN } };
        });
        const { mandatory: refusals } = await judge(policies, mandatory, both);
        assert.ok(refusals.some(({ message }) => /cortex: ingester\./.test(message)));
    });

    it("refuses settings that do not fit the pack", async () => {
        const file = "wrong.json";
        const settings = { "no-such-policy": "mandatory", all: "strict" };
        await assert.rejects(judge(policies, { file, settings }, []), (error) => {
            assert.ok(error instanceof PolicyConfigError);
            assert.match(error.message, /no-such-policy: no such policy/);
            assert.match(error.message, /all: not an enforcement level: "strict"/);
            return true;
        });
    });
});

describe("the settings of policies", () => {
    const info = {
        name: "spread",
        level: "advisory",
        properties: { min: { type: "number", default: 3 }, zones: { type: "boolean" } },
        required: ["zones"],
    } as const;

    it("are the policy's defaults, then `all`, then the policy's own", () => {
        const config = policyConfig([info], { all: "mandatory", spread: { zones: true } });
        assert.deepEqual(config.get("spread"), { level: "mandatory", properties: { min: 3, zones: true } });
        const own = policyConfig([info], {
            all: "mandatory",
            spread: { enforcementLevel: "disabled", zones: true, min: 2 },
        });
        assert.deepEqual(own.get("spread"), { level: "disabled", properties: { min: 2, zones: true } });
    });

    it("are refused where the policy does not know them, or needs more", () => {
        assert.throws(() => policyConfig([info], { spread: { mim: 2 } }), {
            message: "  spread: no such setting: mim\n  spread: zones is required",
        });
        assert.throws(() => policyConfig([info], []), PolicyConfigError);
    });
});

/** Settings of a stack as the engine has them. */
function observability(lines: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(lines).map(([key, value]) => [`observability:${key}`, value]));
}

/** All that the policies said, line by line. */
function said(verdict: Verdict): string[] {
    return [...verdict.mandatory, ...verdict.advisory, ...verdict.unchecked].map(
        ({ policy, resource, message }) => `${policy} (${resource}): ${message}`,
    );
}

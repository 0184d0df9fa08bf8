import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { k8sMonitoringDefaults } from "../../../components/collectors/k8s-monitoring/settings";
import { readSettings } from "../../../components/platform/settings";
import { destinationsOf, printDestinations } from "../../../tools/plan/destinations";
import { isSecretMark, preview, ProgramError, UNKNOWN, type Plan } from "../../../tools/plan/engine";
import { print } from "../../../tools/plan/print";
import { ENCRYPTED, readStackFile } from "../../../tools/plan/stack-file";
import { summarize } from "../../../tools/plan/summary";
import { warnings } from "../../../tools/plan/warnings";
import { deployed, planned, releasesOf, root } from "../../fixtures/planned";

const STACKS = ["dev", "prod"] as const;
const CRDS = "prometheus-operator-crds";

const RELEASES = {
    dev: ["blackbox-exporter", "cortex", "k8s-monitoring", "kps", "loki", "minio", CRDS, "tempo"],
    prod: ["blackbox-exporter", "cnpg", "cortex", "k8s-monitoring", "kps", "loki", "minio", CRDS, "tempo"],
};

/** Each place where a string with `text` in it stands, and whether it is inside a secret envelope. */
function places(value: unknown, text: string, path: string, secret = false): { path: string; secret: boolean }[] {
    if (typeof value === "string") return value.includes(text) ? [{ path, secret }] : [];
    if (isSecretMark(value)) return places(value.value, text, path, true);
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => places(inner, text, `${path}.${key}`, secret));
}

function everywhere(plan: Plan, text: string): { path: string; secret: boolean }[] {
    return [
        ...plan.resources.flatMap(({ type, name, inputs }) => places(inputs, text, `${type} ${name}`)),
        ...places(plan.outputs, text, "outputs"),
    ];
}

for (const stack of STACKS) {
    describe(`the program planned for ${stack}`, () => {
        let plan: Plan;
        before(async () => {
            plan = await planned(stack);
        });

        it("makes the releases of the platform, in namespaces of their own", () => {
            const { releases } = summarize(stack, plan);
            assert.deepEqual(releases.map(({ release }) => release).sort(), RELEASES[stack]);
            const namespaces = plan.resources
                .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
                .map(({ inputs }) => (inputs.metadata as { name: string }).name);
            for (const { release, namespace } of releases) assert.ok(namespaces.includes(namespace), release);
        });

        it("makes the monitoring kinds before all that use them, and MinIO before the stores", () => {
            // Much waits for these two: their monitors are beside the releases, and wait in their stead.
            const first = [CRDS, "minio", "cnpg"];
            for (const { type, name, dependencies } of plan.resources) {
                if (!type.startsWith("kubernetes:monitoring.coreos.com/")) continue;
                assert.ok(
                    dependencies.some((urn) => urn.endsWith(`::${CRDS}`)),
                    name,
                );
            }
            // A probe before its prober would be a target that is down.
            for (const { type, name, dependencies } of plan.resources) {
                if (!type.endsWith(":Probe") || !name.startsWith("probe-")) continue;
                assert.ok(
                    dependencies.some((urn) => urn.endsWith("Release::blackbox-exporter")),
                    name,
                );
            }
            for (const { release, waitsFor } of summarize(stack, plan).releases) {
                assert.equal(waitsFor.includes(CRDS), !first.includes(release), release);
                assert.equal(waitsFor.includes("minio"), ["cortex", "loki", "tempo"].includes(release), release);
            }
        });

        it("leaves nothing unknown but what the Secrets hold", () => {
            for (const { path } of everywhere(plan, UNKNOWN)) {
                assert.match(path, /^kubernetes:core\/v1:Secret [a-z0-9-]+\.stringData/);
            }
        });

        it("marks all that is generated as secret wherever it goes, and the contents of every Secret", async () => {
            const all = await deployed(stack);
            const { resources } = all;
            const generated = resources.filter(({ type }) => type.startsWith("random:"));
            for (const { name } of generated) {
                const found = everywhere(all, `generated-${name}`);
                assert.ok(found.length > 0, `nothing uses ${name}`);
                for (const { path, secret } of found) {
                    assert.ok(secret, path);
                    assert.match(path, /^kubernetes:core\/v1:Secret /);
                }
            }
            const secrets = resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");
            assert.ok(generated.length > 0 && secrets.length > 0);
            for (const { name, inputs } of secrets) {
                assert.equal(inputs.data, undefined, name);
                assert.ok(isSecretMark(inputs.stringData), name);
            }
        });

        it("gives Releases no value that only a deployment can tell, and no secret", () => {
            for (const { name, inputs } of releasesOf(plan)) {
                const text = JSON.stringify(inputs);
                assert.ok(!text.includes(UNKNOWN), `${name} holds an unknown value`);
                assert.deepEqual(secretPaths(inputs.values, "values"), [], name);
            }
        });

        it("opens each bucket to one store", () => {
            const access = summarize(stack, plan).access;
            const systems: Record<string, string> = { "logs-rw": "loki", "metrics-rw": "cortex", "traces-rw": "tempo" };
            assert.deepEqual(access.map(({ user }) => user).sort(), Object.keys(systems));
            for (const { user, buckets } of access) {
                assert.ok(buckets.length > 0, user);
                for (const bucket of buckets) assert.match(bucket, new RegExp(`^${systems[user] ?? ""}-[a-z]+$`), user);
            }
        });

        it("protects the Releases that hold data as the stack's file says", () => {
            const held = summarize(stack, plan).releases.filter((release) => release.protected);
            const data = ["cortex", "loki", "minio", CRDS, "tempo"];
            assert.deepEqual(held.map(({ release }) => release).sort(), stack === "prod" ? data : []);
        });
    });
}

describe("the plan", () => {
    it("of dev fits into 2 cores and 6 GiB", async () => {
        const { requests } = summarize("dev", await planned("dev"));
        assert.ok(requests.cpu > 0 && requests.cpu <= 2, `${requests.cpu} cores`);
        assert.ok(requests.memory > 0 && requests.memory <= 6 * 2 ** 30, `${requests.memory} bytes`);
    });

    it("of dev runs no database", async () => {
        const plan = await planned("dev");
        assert.ok(plan.resources.every(({ type }) => !type.startsWith("kubernetes:postgresql")));
    });

    it("tells a Secret's keys, and who shares a generated value, where texts stand for what is generated", async () => {
        const plan = await deployed("dev");
        const found = everywhere(plan, "generated-minio-metrics-access-key");
        assert.deepEqual(found.map(({ path }) => path).sort(), [
            "kubernetes:core/v1:Secret cortex-s3.stringData.AWS_ACCESS_KEY_ID",
            "kubernetes:core/v1:Secret minio-root.stringData.accessKey-metrics",
        ]);
        assert.ok(found.every(({ secret }) => secret));
        assert.deepEqual(everywhere(plan, UNKNOWN), []);
    });

    it("ends with a report of all wrong settings, without a stack trace", async () => {
        const file = readStackFile(root, "dev");
        const logs = JSON.stringify({ retention: "3 days" });
        const config = { ...file.config, "observability:logs": logs, "observability:survive": "zone" };
        await assert.rejects(preview(root, "dev", { ...file, config }), (error) => {
            assert.ok(error instanceof ProgramError);
            assert.match(error.message, /^2 problems in the settings of this stack:\n {2}survive\n/);
            assert.match(error.message, /logs\.retention\n {4}given: +"3 days"\n/);
            assert.match(error.message, /fix: +write survives, or remove it/);
            assert.doesNotMatch(error.message, /^\s+at |\.ts:\d+/m);
            return true;
        });
    });

    it("leaves no error behind that ends the process after the report", async () => {
        const script = `
            const { preview } = require("./tools/plan/engine");
            const { project, config } = require("./tools/plan/stack-file").readStackFile(process.cwd(), "dev");
            const file = { project, config: { ...config, "observability:survive": "zone" }, secretKeys: [] };
            preview(process.cwd(), "dev", file).catch(({ message }) => console.log(message.split("\\n")[0]));
        `;
        const args = ["--require", "./transpile.js", "--eval", script];
        const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: root });
        assert.deepEqual({ stdout, stderr }, { stdout: "1 problem in the settings of this stack:\n", stderr: "" });
    });

    it("leaves standard output to what was asked for, whatever the program logs", async () => {
        const { stdout, stderr } = await planOf(`
            const pulumi = require("@pulumi/pulumi");
            pulumi.log.info("so far so good");
            pulumi.log.warn("but soon");
        `);
        assert.equal(stdout, "planned\n");
        assert.match(stderr, /^info: \[runtime\] so far so good$/m);
        assert.match(stderr, /^warning: \[runtime\] but soon$/m);
    });

    it("tells where a program was that threw, and no place of what it says itself", async () => {
        const thrown = await planOf("function inner() { throw new TypeError('not a function'); }\ninner();");
        assert.match(thrown.stdout, /^TypeError: not a function\n +at inner \(.*index\.js:1:/);
        const said = await planOf("throw new (require('@pulumi/pulumi').RunError)('no such zone');");
        assert.equal(said.stdout, "no such zone\n");
    });

    it("has placeholders for encrypted settings, which stay secret in all that is made of them", async () => {
        const file = withFile(
            [
                "config:",
                "  observability:cluster: dev",
                "  observability:alerting:",
                "    pagerduty:",
                "      routingKey:",
                "        secure: v1:AAAA:BBBB",
            ].join("\n"),
        );
        assert.deepEqual(file.secretKeys, ["observability:alerting"]);
        assert.deepEqual(file.secretPaths, ["observability:alerting.pagerduty.routingKey"]);
        assert.equal(file.config["observability:alerting"], JSON.stringify({ pagerduty: { routingKey: ENCRYPTED } }));
        const dev = readStackFile(root, "dev");
        const found = everywhere(
            await preview(root, "dev", {
                project: dev.project,
                config: { ...dev.config, ...file.config },
                secretKeys: file.secretKeys,
                secretPaths: file.secretPaths,
            }),
            ENCRYPTED,
        );
        assert.ok(found.length > 0);
        for (const { path, secret } of found) assert.ok(secret, path);
    });

    it("warns where an alert tells nobody, and where nobody notices that alerting has stopped", () => {
        const told = (stack: string, alerting: object = {}) => {
            const { project, config } = readStackFile(root, stack);
            const more = { [`${project}:alerting`]: JSON.stringify(alerting) };
            return warnings(readSettings({ ...config, ...more }, project, {})).map((text) => text.split(":")[0]);
        };
        const [nobody, unwatched] = ["An alert tells nobody", "Nobody learns that alerting itself has stopped"];
        const webhook = { url: "https://alerts.example.com/hook" };
        const heartbeatUrl = "https://watch.example.com/ping";
        assert.deepEqual(told("prod"), [nobody, unwatched]);
        assert.deepEqual(told("prod", { heartbeatUrl }), [nobody]);
        assert.deepEqual(told("prod", { webhook }), [unwatched]);
        assert.deepEqual(told("prod", { webhook, heartbeatUrl }), []);
        assert.deepEqual(told("dev"), []);
    });

    it("warns of stores that nobody shows, and of a list of clusters that nobody of can send", () => {
        const told = (stack: string, more: Readonly<Record<string, object>>) => {
            const { project, config } = readStackFile(root, stack);
            const given = Object.entries(more).map(([key, value]) => [`${project}:${key}`, JSON.stringify(value)]);
            const settings = readSettings(
                { ...config, ...(Object.fromEntries(given) as Record<string, string>) },
                project,
                {},
            );
            return warnings(settings).filter((text) => !text.includes("alerting"));
        };
        assert.deepEqual(told("edge", {}), []);
        const [local = "", ...others] = told("edge", { logs: { kind: "loki" } });
        assert.match(local, /^logs \(loki\): nobody shows what is kept here.*logs: \{ kind: remote \}/);
        assert.deepEqual(others, []);
        const clusters = [{ name: "eu" }, { name: "us", revoked: true }];
        assert.match(told("dev", { ingestGateway: { clusters } }).join(), /^ingestGateway: 2 clusters and 0 clients/);
        const open = { enabled: true, clusters };
        assert.deepEqual(told("prod", { ingestGateway: open }), []);
        const revoked = { ...open, clusters: [{ name: "eu", revoked: true }] };
        assert.match(told("prod", { ingestGateway: revoked }).join(), /every client and cluster is revoked/);
    });

    it("says the same of resources in whatever order they were registered", async () => {
        const plan = await planned("prod");
        const turned = { ...plan, resources: [...plan.resources].reverse() };
        assert.equal(print(summarize("prod", turned)), print(summarize("prod", plan)));
    });

    it("prints JSON with the policies' verdict", async () => {
        const main = join(root, "tools/plan/main.ts");
        const { stdout } = await promisify(execFile)(
            process.execPath,
            ["--require", "./transpile.js", main, "dev", "--json"],
            { cwd: root, maxBuffer: 2 ** 24 },
        );
        const plan = JSON.parse(stdout) as {
            stack: string;
            releases: unknown[];
            policies: { mandatory: unknown[]; config?: string };
        };
        assert.equal(plan.stack, "dev");
        assert.equal(plan.releases.length, RELEASES.dev.length);
        assert.deepEqual(plan.policies.mandatory, []);
        assert.equal(plan.policies.config, undefined, "dev has no file of its own");
        assert.ok(!stdout.includes(UNKNOWN));
    });
});

/** Plans a program of that text, in a process of its own, which prints `planned` or why it could not. */
async function planOf(program: string): Promise<{ stdout: string; stderr: string }> {
    const folder = mkdtempSync(join(tmpdir(), "plan-"));
    try {
        writeFileSync(join(folder, "Pulumi.yaml"), "name: other\nruntime: nodejs\nmain: index.js\n");
        writeFileSync(join(folder, "index.js"), program);
        symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
        const file = { project: "other", config: {}, secretKeys: [], secretPaths: [] };
        const script = `
            const { preview } = require("./tools/plan/engine");
            preview(${JSON.stringify(folder)}, "dev", ${JSON.stringify(file)}).then(
                () => console.log("planned"),
                ({ message }) => console.log(message),
            );
        `;
        const args = ["--require", "./transpile.js", "--eval", script];
        return await promisify(execFile)(process.execPath, args, { cwd: root });
    } finally {
        rmSync(folder, { recursive: true });
    }
}

function secretPaths(value: unknown, path: string): string[] {
    if (isSecretMark(value)) return [path];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => secretPaths(inner, `${path}.${key}`));
}

/** A stack's file in a folder of its own. */
function withFile(text: string): ReturnType<typeof readStackFile> {
    const folder = mkdtempSync(join(tmpdir(), "stack-"));
    try {
        writeFileSync(join(folder, "Pulumi.yaml"), "name: observability\nruntime: nodejs\n");
        writeFileSync(join(folder, "Pulumi.x.yaml"), text);
        return readStackFile(folder, "x");
    } finally {
        rmSync(folder, { recursive: true });
    }
}

describe("a plan's copies to further places", () => {
    it("are told with the Secret that whoever runs the platform makes", () => {
        const auth = { kind: "bearer" as const, secret: "vendor-key" };
        const destinations = [
            { name: "vendor", kind: "otlp" as const, url: "https://otlp.example.com", auth },
            { name: "archive", kind: "loki" as const, url: "https://loki.example.com" },
        ];
        const told = destinationsOf({ k8sMonitoring: { ...k8sMonitoringDefaults("zone"), destinations } });
        assert.deepEqual(
            told.map(({ name, signals, secret }) => [name, signals, secret]),
            [
                ["vendor", ["traces", "logs", "metrics"], "collectors/vendor-key"],
                ["archive", ["logs"], undefined],
            ],
        );
        assert.match(printDestinations(told), /vendor .*collectors\/vendor-key/);
        assert.equal(printDestinations([]), "");
    });
});

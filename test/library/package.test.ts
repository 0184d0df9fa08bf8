import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ProgramError, type Plan, type PlannedResource } from "../../tools/plan/engine";
import { ENCRYPTED, readStackFile, type StackFile } from "../../tools/plan/stack-file";
import { pageOf } from "../fixtures/markdown";
import { planned, root } from "../fixtures/planned";
import { Consumer, PACKAGE } from "./package";

const STACKS = ["dev", "prod"] as const;
const PLATFORM = "observability:index:ObservabilityPlatform";
const page = pageOf(
    "docs/how-to/use-as-a-library.md",
    readFileSync(join(root, "docs/how-to/use-as-a-library.md"), "utf8"),
);
const shown = page.blocks.filter(({ language }) => language === "ts").map(({ text }) => text);

/** A program that gives the settings of a stack's file as arguments, as literals. */
function programOf({ project, config }: StackFile, more: object = {}): string {
    const settings = Object.fromEntries(
        Object.entries(config).map(([key, value]): [string, unknown] => [
            key.replace(`${project}:`, ""),
            parsed(value),
        ]),
    );
    return [
        `import { ObservabilityPlatform } from "${PACKAGE}";`,
        `const made = new ObservabilityPlatform("observability", ${JSON.stringify({ ...settings, ...more })});`,
        "export const { grafana, tenant, push, query } = made;",
    ].join("\n");
}

function parsed(value: string): unknown {
    if (value === "true" || value === "false") return value === "true";
    return /^[[{]/.test(value) ? JSON.parse(value) : value;
}

/** Resources with what they wait for, by names: in another program they have other parents. */
function comparable(plan: Plan): Map<string, Omit<PlannedResource, "urn" | "parent" | "type" | "name">> {
    const ours = plan.resources.filter(({ type }) => type !== "pulumi:pulumi:Stack" && type !== PLATFORM);
    return new Map(
        ours.map(({ type, name, custom, inputs, protect, outputs, dependencies }) => [
            `${type} ${name}`,
            {
                custom,
                inputs,
                protect,
                outputs,
                dependencies: dependencies.map((urn) => urn.replace(/^.*::.*\$/, "")).sort(),
            },
        ]),
    );
}

// It is built, packed and compiled against.
describe("the package", () => {
    let consumer: Consumer;
    let refused: string;

    before(async () => {
        consumer = new Consumer();
        const stacks = STACKS.map((stack) => [stack, programOf(readStackFile(root, stack))] as const);
        const dev = readStackFile(root, "dev");
        refused = await consumer.compile({
            ...Object.fromEntries(stacks),
            ...Object.fromEntries(shown.map((text, i) => [`shown${i}`, text])),
            // What a JavaScript program may write as well.
            wrong: `// @ts-nocheck\n${programOf(dev, { domain: "nowhere", survive: "zone", alerting: { slak: {} } })}`,
            mistyped: programOf(dev, { survives: "everything" }),
        });
    });

    after(() => {
        consumer.remove();
    });

    it("has compiled files with their types, what they read beside themselves, and no sources", () => {
        const { files } = consumer;
        for (const file of [
            "dist/index.js",
            "dist/index.d.ts",
            "dist/backup/scripts/copy.sh",
            "README.md",
            "LICENSE",
        ]) {
            assert.ok(files.includes(file), file);
        }
        assert.deepEqual(
            files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts")),
            [],
        );
        assert.deepEqual([...new Set(files.map((file) => file.split("/")[0]))].sort(), [
            "LICENSE",
            "README.md",
            "dist",
            "package.json",
        ]);
    });

    it("has the declarations of all that a declaration names", () => {
        const { files } = consumer;
        const declarations = files.filter((file) => file.endsWith(".d.ts"));
        assert.ok(declarations.length > 50);
        const missing = declarations.flatMap((file) =>
            [...consumer.text(file).matchAll(/(?:from |import\()"(\.[^"]+)"/g)]
                .map(([, named = ""]) => join(dirname(file), named))
                .filter(
                    (named) => ![named, `${named}.d.ts`, `${named}/index.d.ts`].some((each) => files.includes(each)),
                ),
        );
        assert.deepEqual(missing, []);
    });

    it("shares Pulumi's SDK and Kubernetes' with the program, and brings the rest along", () => {
        const { dependencies, peerDependencies } = consumer.manifest();
        assert.deepEqual(Object.keys(peerDependencies).sort(), ["@pulumi/kubernetes", "@pulumi/pulumi"]);
        const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
            devDependencies: Record<string, string>;
        };
        // The range begins with what is tested here.
        for (const [name, range] of Object.entries(peerDependencies)) assert.equal(range, `^${devDependencies[name]}`);
        assert.ok("@pulumi/random" in dependencies && !("typescript" in dependencies));
    });

    it("is imported without an engine and makes nothing, from CommonJS and from modules", async () => {
        const names = await consumer.run("-p", `Object.keys(require("${PACKAGE}")).sort().join()`);
        const script = `import * as all from "${PACKAGE}"; console.log(Object.keys(all).sort().join());`;
        const fromModule = await consumer.run("--input-type=module", "-e", script);
        assert.ok(names.split(",").includes("ObservabilityPlatform"), names);
        const own = fromModule.split(",").filter((name) => !["__esModule", "default", "module.exports"].includes(name));
        assert.equal(own.join(), names);
    });

    it("lets nothing in but its entry", async () => {
        await assert.rejects(consumer.run("-e", `require("${PACKAGE}/dist/platform/platform.js")`), /ERR_PACKAGE_PATH/);
    });

    it("is typed: settings that do not exist are refused by the compiler, those of the stacks and of the docs are not", () => {
        const lines = refused.split("\n").filter((line) => line.startsWith("error") || line.includes(": error"));
        assert.equal(lines.length, 1, refused);
        assert.match(lines[0] ?? "", /^mistyped\.ts.*"everything"/);
        assert.ok(shown.length > 0, "the page shows no program");
    });

    for (const stack of STACKS) {
        it(`plans what the repository's own program plans for ${stack}`, async () => {
            const ours = comparable(await planned(stack));
            const theirs = await consumer.plan(stack);
            assert.deepEqual([...comparable(theirs).keys()].sort(), [...ours.keys()].sort());
            for (const [name, resource] of comparable(theirs)) assert.deepEqual(resource, ours.get(name), name);
            assert.deepEqual(theirs.outputs, (await planned(stack)).outputs);
        });
    }

    it("hands the program's provider on, and takes credentials as outputs without hiding the addresses", async () => {
        const { resources, outputs } = await consumer.plan("shown0", { "cluster:slackUrl": ENCRYPTED }, [
            "cluster:slackUrl",
        ]);
        const config = resources.find(({ name }) => name === "alertmanager-config");
        assert.ok(JSON.stringify(config?.inputs).includes(ENCRYPTED), "the address of Slack is in no Secret");
        assert.ok(!JSON.stringify(resources.filter((one) => one !== config)).includes(ENCRYPTED));
        assert.equal((outputs.grafana as { url: string }).url, "https://grafana.observability.example.com");
    });

    it("makes one system alone, with the settings that are left out as the platform has them", async () => {
        const { resources, outputs } = await consumer.plan("shown1");
        const releases = resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
        assert.deepEqual(releases.map(({ name }) => name).sort(), ["loki", "minio"]);
        assert.equal(outputs.push, "http://loki-gateway.loki.svc.cluster.local/loki/api/v1/push");
        const values = JSON.stringify(releases.map(({ inputs }) => inputs.values));
        for (const written of ["loki-chunks", "744h", "200Gi", "prometheus.metrics.svc"])
            assert.ok(values.includes(written));
        // That the stack survives a node says how many there are.
        const minio = releases.find(({ name }) => name === "minio")?.inputs.values as { replicas: number };
        assert.equal(minio.replicas, 4);
    });

    it("refuses wrong settings, all at once, as the program does", async () => {
        await assert.rejects(consumer.plan("wrong"), (error) => {
            assert.ok(error instanceof ProgramError);
            assert.match(error.message, /^3 problems in the settings of this stack:\n/);
            for (const path of ["domain", "survive", "alerting.slak"])
                assert.match(error.message, new RegExp(`^  ${path}$`, "m"));
            assert.doesNotMatch(error.message, /^\s+at |\.[jt]s:\d+/m);
            return true;
        });
    });
});

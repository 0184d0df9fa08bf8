import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { create } from "tar";
import { stringify } from "yaml";
import { bump, type BumpOptions } from "../../../tools/bump/bump";
import { readRequest } from "../../../tools/bump/moves";
import { readPin, writePin } from "../../../tools/bump/pins";
import { programsOf } from "../../../tools/bump/program-sources";
import { CHARTS } from "../../../tools/charts";
import { root } from "../../fixtures/planned";

const PREVIOUS = "test/e2e/upgrade/previous-charts.ts";
/** Pins of images that come with no chart. */
const IMAGES = ["components/errors/glitchtip/image.ts"];
const SHA = (letter: string) => letter.repeat(64);

/** A tree with the pins and what follows from them, a repository that is told what it offers, and no command that runs. */
describe("npm run bump", () => {
    let folder: string;
    let server: Server;
    let index: Record<string, { version: string; appVersion: string; digest?: string }[]>;
    let ran: string[];
    let said: string;

    before((done) => {
        // Reading the programs blocks for seconds, after which a connection that was kept is gone.
        server = createServer((_request, response) => {
            response.writeHead(200, { connection: "close" }).end(stringify({ entries: index }));
        }).listen(0, "127.0.0.1", done);
    });

    after((done) => {
        server.close(done);
    });

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "bump-"));
        const files = CHARTS.flatMap((chart) => [`${chart.folder}/chart.ts`, `${chart.folder}/README.md`]);
        for (const file of [...files, ...IMAGES, PREVIOUS, "tools/programs.ts", "tsconfig.json", "package.json"]) {
            cpSync(join(root, file), join(folder, file), { recursive: true });
        }
        symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
        const { port } = server.address() as AddressInfo;
        for (const chart of CHARTS) {
            const file = join(folder, chart.folder, "chart.ts");
            const text = readFileSync(file, "utf8").replace(/https:\/\/[^"]+/g, `http://127.0.0.1:${port}/charts`);
            writeFileSync(file, text);
            writePin(folder, chart, { version: "1.0.0", appVersion: "1.0.0", digest: SHA("0"), checked: "2020-01-01" });
        }
        index = {};
        ran = [];
        said = "";
    });

    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    function run(words: string, options: Partial<BumpOptions> = {}): Promise<boolean> {
        return bump(readRequest(words.split(" ")), {
            root: folder,
            mirror: undefined,
            sources: [],
            programs: () => new Map(),
            helm: true,
            today: "2026-01-02",
            say: (text) => (said += `${text}\n`),
            run: (script) => ran.push(script.join(" ")) > 0,
            ...options,
        });
    }

    const programs = () => programsOf(folder);

    function pinOf(name: string) {
        const chart = CHARTS.find(({ pin }) => pin.name === name);
        assert.ok(chart);
        const { version, appVersion, digest, checked } = readPin(folder, chart);
        return { version, appVersion, digest, checked };
    }

    const previous = () => readFileSync(join(folder, PREVIOUS), "utf8");

    it("records where an upgrade starts also of a chart whose pin never moved before", async () => {
        index.loki = [{ version: "1.10.0", appVersion: "1.0.0", digest: SHA("a") }];
        writeFileSync(join(folder, PREVIOUS), previous().replace(/^ {4}loki: .*\n/m, ""));
        assert.ok(await run("loki"));
        assert.match(previous(), /^ {4}loki: "1\.0\.0",\n\};$/m);
    });

    it("takes the newest version that is no preview, and makes anew what follows from it, in order", async () => {
        index.loki = [
            { version: "1.9.0", appVersion: "1.0.0", digest: SHA("9") },
            { version: "1.11.0-rc.1", appVersion: "1.0.0", digest: SHA("b") },
            { version: "1.10.0", appVersion: "1.0.0", digest: SHA("a") },
        ];
        assert.ok(await run("loki"));
        assert.deepEqual(pinOf("loki"), {
            version: "1.10.0",
            appVersion: "1.0.0",
            digest: SHA("a"),
            checked: "2026-01-02",
        });
        assert.equal(pinOf("cortex").version, "1.0.0");
        assert.match(previous(), /^ {4}loki: "1\.0\.0",$/m);
        assert.deepEqual(ran, [
            "render dev --out out/bump/before/dev",
            "render prod --out out/bump/before/prod",
            "chart-types",
            "chart-defaults",
            "typecheck",
            "render dev --out out/bump/after/dev",
            "render prod --out out/bump/after/prod",
            "render-diff out/bump/before out/bump/after --stacks dev,prod",
        ]);
        assert.match(said, /loki 1\.0\.0 → 1\.10\.0/);
        assert.doesNotMatch(said, /Failed|Not done here/);
        assert.match(said, /Look at\n {2}components\/logs\/loki\/README\.md, "When moving the version"/);
        for (const part of [/loki-1\.0\.0\.tgz/, /UPGRADE=1/, /npm run images/, /CHANGELOG\.md/])
            assert.match(said, part);
    });

    it("takes the version that is named, and says where nothing moves", async () => {
        index.cortex = [
            { version: "1.0.0", appVersion: "1.0.0", digest: SHA("0") },
            { version: "1.1.0", appVersion: "1.0.0", digest: SHA("1") },
            { version: "2.0.0", appVersion: "1.0.0", digest: SHA("2") },
        ];
        assert.ok(await run("cortex 1.1.0"));
        assert.equal(pinOf("cortex").version, "1.1.0");
        assert.doesNotMatch(said, /major version/);
        ran = [];
        assert.ok(await run("cortex 1.1.0"));
        assert.deepEqual(ran, []);
        assert.match(said, /nothing to move\n$/);
        assert.ok(await run("cortex"));
        assert.match(said, /release notes of cortex 2\.0\.0, a major version/);
        assert.match(previous(), /^ {4}cortex: "1\.1\.0",$/m);
    });

    it("moves the operator's definitions with the stack, in the version of the same operator", async () => {
        index["kube-prometheus-stack"] = [{ version: "2.0.0", appVersion: "v5", digest: SHA("2") }];
        index["prometheus-operator-crds"] = [
            { version: "3.0.0", appVersion: "v6", digest: SHA("3") },
            { version: "2.5.0", appVersion: "v5", digest: SHA("4") },
        ];
        assert.ok(await run("prometheus-operator-crds", { programs }));
        assert.equal(pinOf("kube-prometheus-stack").version, "2.0.0");
        assert.deepEqual(pinOf("prometheus-operator-crds"), {
            ...{ version: "2.5.0", appVersion: "v5", digest: SHA("4"), checked: "2026-01-02" },
        });
        // The comment spoke of the version that stood there.
        assert.match(previous(), /": "[\d.]+",\n {4}"kube-prometheus-stack": "1\.0\.0",$/m);
        assert.match(said, /tools\/verify\/operators\/prometheus-operator\.ts/);
        assert.match(said, /tools\/programs\.ts.*alertmanager v/);

        index["kube-prometheus-stack"].push({ version: "2.1.0", appVersion: "v7", digest: SHA("5") });
        await assert.rejects(run("kube-prometheus-stack"), /prometheus-operator-crds with the program's version v7/);
        assert.equal(pinOf("kube-prometheus-stack").version, "2.0.0");
    });

    it("moves both charts of Tempo below its third version, and the image where they are newer", async () => {
        index.tempo = [
            { version: "3.0.0", appVersion: "3.0.0" },
            { version: "2.1.0", appVersion: "99.1.0", digest: SHA("1") },
        ];
        index["tempo-distributed"] = [{ version: "2.2.0", appVersion: "99.0.0", digest: SHA("2") }];
        assert.ok(await run("tempo 2.1.0", { programs }));
        assert.deepEqual(
            ["tempo", "tempo-distributed"].map((name) => pinOf(name).version),
            ["2.1.0", "2.2.0"],
        );
        const chart = readFileSync(join(folder, "components/traces/tempo/chart.ts"), "utf8");
        assert.match(chart, /export const tempoVersion = "99\.1\.0";/);
        assert.match(said, /tempo is 99\.1\.0 now/);
        await assert.rejects(run("tempo 3.0.0"), /nobody offers tempo 3\.0\.0 below 3\.0\.0: there are 2\.1\.0/);
    });

    it("reads a program's new source where it is at hand, and says how to where it is not", async () => {
        index.loki = [{ version: "2.0.0", appVersion: "9.9.9", digest: SHA("2") }];
        assert.ok(await run("loki", { programs }));
        assert.ok(!ran.some((command) => /config-keys|metric-names/.test(command)));
        assert.match(said, /Not done here\n {2}tables of loki 9\.9\.9: its source is not on this machine\n/);
        const target = "out/sources/github.com/grafana/loki/v3@v9.9.9";
        assert.ok(said.includes(`git clone --depth 1 --branch v9.9.9 https://github.com/grafana/loki ${target}\n`));
        assert.ok(said.includes(`npm run config-keys -- loki ${target}\n`));

        const sources = join(folder, "sources");
        const source = join(sources, "github.com/grafana/loki/v3@v10.0.0");
        mkdirSync(source, { recursive: true });
        index.loki.push({ version: "3.0.0", appVersion: "10.0.0", digest: SHA("3") });
        ran = [];
        assert.ok(await run("loki", { programs, sources: [sources] }));
        assert.deepEqual(
            ran.filter((command) => /config-keys|metric-names/.test(command)),
            [`config-keys loki ${source}`, `metric-names ${sources}`],
        );
        assert.match(said, /the table of loki's keys/);
    });

    it("takes versions from a mirror, with the archives of before beside it, and pins no digest of its own", async () => {
        const mirror = join(folder, "mirror");
        for (const [place, version] of [
            [mirror, "1.2.0"],
            [`${mirror}-previous`, "1.0.0"],
        ] as const) {
            const chart = join(folder, "archives", version, "loki");
            mkdirSync(chart, { recursive: true });
            mkdirSync(place);
            writeFileSync(join(chart, "Chart.yaml"), stringify({ name: "loki", version, appVersion: "1.0.0" }));
            await create({ gzip: true, cwd: join(chart, ".."), file: join(place, `loki-${version}.tgz`) }, ["loki"]);
        }
        writeFileSync(join(mirror, "loki-canary-9.0.0.tgz"), "another chart");
        const mirrors = new Set<string | undefined>();
        assert.ok(
            await run("loki", {
                mirror,
                run: ([script], env) => {
                    if (script === "render" || script === "chart-types") mirrors.add(env.CHART_MIRROR);
                    return true;
                },
            }),
        );
        assert.deepEqual(pinOf("loki"), {
            ...{ version: "1.2.0", appVersion: "1.0.0", digest: undefined, checked: "2026-01-02" },
        });
        assert.match(said, /the digest of loki 1\.2\.0: only its repository's index has it/);
        const [gathered = "", ...others] = mirrors;
        assert.deepEqual(others, []);
        assert.ok(["loki-1.0.0.tgz", "loki-1.2.0.tgz"].every((name) => existsSync(join(gathered, name))));
        await assert.rejects(run("loki", { mirror: "oci://registry.example.com/charts" }), /folder or a repository/);
    });

    it("adds the digest that a mirror could not tell, once the repository can be reached", async () => {
        const loki = CHARTS.find(({ pin }) => pin.name === "loki");
        assert.ok(loki);
        writePin(folder, loki, { digest: undefined });
        index.loki = [{ version: "1.0.0", appVersion: "1.0.0", digest: SHA("f") }];
        const before = previous();
        assert.ok(await run("loki"));
        assert.equal(pinOf("loki").digest, SHA("f"));
        assert.equal(previous(), before);
    });

    it("goes on where a step fails, and says so at the end", async () => {
        index.loki = [{ version: "2.0.0", appVersion: "1.0.0", digest: SHA("2") }];
        const failing = (script: readonly string[]) => {
            ran.push(script.join(" "));
            return script[0] !== "typecheck" && !(script[0] === "render" && script[1] === "prod");
        };
        assert.equal(await run("loki", { run: failing }), false);
        assert.match(said, /Failed\n(?: {2}npm run render -- prod .*\n)+ {2}npm run typecheck: see its output above\n/);
        assert.match(said, /the difference that it makes to the cluster: a stack did not render/);
        assert.ok(!ran.some((command) => command.startsWith("render-diff")));
    });

    it("renders nothing without Helm, and gives the commands that would", async () => {
        index.loki = [{ version: "2.0.0", appVersion: "1.0.0", digest: SHA("2") }];
        assert.ok(await run("loki", { helm: false }));
        assert.deepEqual(ran, ["chart-types", "chart-defaults", "typecheck"]);
        assert.match(said, /the difference that it makes to the cluster: helm is not on PATH/);
        assert.match(said, /git stash\n.*npm run render -- dev --out out\/bump\/before\/dev\n/);
        assert.match(said, /npm run render-diff -- out\/bump\/before out\/bump\/after --stacks dev,prod\n/);
    });

    it("writes nothing where what is asked for cannot be", async () => {
        index.loki = [{ version: "0.9.0", appVersion: "1.0.0" }];
        const before = pinOf("loki");
        await assert.rejects(run("lokki"), /no chart lokki: there are .*loki/);
        await assert.rejects(
            run("postgres"),
            /postgres has several charts: name cloudnative-pg or plugin-barman-cloud/,
        );
        await assert.rejects(run("loki 5.0.0"), /nobody offers loki 5\.0\.0: there are 0\.9\.0/);
        await assert.rejects(run("loki 0.9.0"), /loki 0\.9\.0 is before 1\.0\.0, which is pinned/);
        await assert.rejects(run("loki cortex"), /loki does not move together with cortex/);
        assert.throws(() => readRequest(["1.2.3"]), /of which chart/);
        assert.throws(() => readRequest(["loki", "1.2.3", "1.2.4"]), /of which chart/);
        assert.deepEqual(pinOf("loki"), before);
        assert.deepEqual(ran, []);
    });
});

describe("the list of charts", () => {
    it("names models of operators and READMEs that are there, with a section on moving the version", () => {
        for (const { folder, models } of CHARTS) {
            for (const file of models) assert.ok(existsSync(join(root, "tools/verify/operators", file)), file);
            assert.match(
                readFileSync(join(root, folder, "README.md"), "utf8"),
                /^## .*\b[Mm]oving\b/m,
                basename(folder),
            );
        }
    });
});

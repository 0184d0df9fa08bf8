import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { helmMessage, valuesPath } from "../../../tools/render/chart-error";
import { archiveVerdict, pinOf } from "../../../tools/render/digest";

describe("a chart's error", () => {
    it("names the values path of a schema error", () => {
        const message =
            "values don't meet the specifications of the schema(s) in the following chart(s):\nloki:\n- at '/loki/limits': got string, want object";
        assert.equal(valuesPath(message), "loki.limits");
        assert.equal(
            valuesPath("values don't meet the schema(s) in:\nx:\n- gateway.replicas: Invalid type"),
            "gateway.replicas",
        );
    });

    it("names the values path of a failed expression, the innermost one", () => {
        const message =
            'template: a/templates/b.yaml:3:4: executing "x" at <include "y" .Values.a>: error calling include: at <.Values.gateway.replicas>: nil pointer';
        assert.equal(valuesPath(message), "gateway.replicas");
    });

    it("names none where none can be told", () => {
        assert.equal(valuesPath("no such host"), undefined);
    });

    it("shows Helm's message without its frame", () => {
        const stderr =
            "coalesce.go:286: warning: x\nError: execution error at (a.yaml:1:2): no\n\nUse --debug flag to render out invalid YAML\n";
        assert.equal(helmMessage(stderr), "execution error at (a.yaml:1:2): no");
    });
});

describe("a chart's archive", () => {
    let folder: string;
    let path: string;
    let digest: string;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "archives-"));
        mkdirSync(join(folder, "c"));
        writeFileSync(join(folder, "c/Chart.yaml"), "apiVersion: v2\nname: c\nversion: 1.0.0\n");
        path = join(folder, "c-1.0.0.tgz");
        await create({ cwd: folder, file: path, gzip: true }, ["c"]);
        digest = createHash("sha256").update(readFileSync(path)).digest("hex");
    });

    after(() => {
        rmSync(folder, { recursive: true });
    });

    const verdict = (pinned: string | undefined, how: Partial<{ mirrored: boolean; strict: boolean }> = {}) =>
        archiveVerdict(
            path,
            { name: "c", version: "1.0.0", digest: pinned },
            { mirrored: false, strict: false, ...how },
        );

    it("is taken without a word where it is the pinned one", () => {
        assert.deepEqual(verdict(digest, { strict: true }), { problem: undefined, fatal: false });
    });

    it("of a repository is refused where it is another", () => {
        const { problem, fatal } = verdict("aa");
        assert.equal(fatal, true);
        assert.equal(problem, `c 1.0.0: digest ${digest}, pinned is aa`);
    });

    it("of a mirror may have been packed anew: told, and refused by the strict", () => {
        assert.equal(verdict("aa", { mirrored: true }).fatal, false);
        assert.match(verdict("aa", { mirrored: true }).problem ?? "", /the mirror has another archive/);
        assert.equal(verdict("aa", { mirrored: true, strict: true }).fatal, true);
    });

    it("that no digest is pinned for is told, and refused by the strict", () => {
        assert.match(verdict(undefined).problem ?? "", new RegExp(`no pinned digest, this one is ${digest}`));
        assert.deepEqual([verdict(undefined).fatal, verdict(undefined, { strict: true }).fatal], [false, true]);
        const unknown = archiveVerdict(path, undefined, { mirrored: true, strict: true });
        assert.equal(unknown.fatal, true);
    });

    it("that a mirror lacks is named", () => {
        const absent = archiveVerdict(`${path}x`, undefined, { mirrored: true, strict: false });
        assert.deepEqual(absent, { problem: `there is no ${path}x`, fatal: true });
    });

    it("is known by its name, its path in a folder or its place in a registry", () => {
        const pins = [{ name: "c", version: "1.0.0", digest: "aa" }];
        for (const chart of ["c", "oci://r.example.com/charts/c", "/charts/c-1.0.0.tgz"]) {
            assert.equal(pinOf(pins, chart, "1.0.0"), pins[0], chart);
        }
        assert.equal(pinOf(pins, "c", "1.0.1"), undefined);
        assert.equal(pinOf(pins, "/charts/cc-1.0.0.tgz", "1.0.0"), undefined);
    });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { parseGoYaml } from "../../../tools/go-yaml";
import { onPath } from "../../../tools/on-path";
import { yamlOf } from "../../../tools/render/manifests";
import { valuesOf } from "../../../tools/render/releases";
import { planned, releasesOf } from "../../fixtures/planned";

/** Texts that some version of YAML takes for something else. */
const WORDS = [
    ...[
        "on",
        "off",
        "On",
        "OFF",
        "yes",
        "no",
        "Yes",
        "NO",
        "y",
        "n",
        "Y",
        "N",
        "true",
        "False",
        "null",
        "Null",
        "~",
        "",
    ],
    ...["1:30", "190:20:30", "1_000", "0777", "0o17", "0x1F", "0b11", "1e3", ".5", "1.", "+1", ".inf", "-.Inf", ".NaN"],
    ...["2001-01-01", "2001-12-14 21:59:43.10 -5", "=", "<<", "- a", "a: b", "#c", "!d", "&e", "*f", "%g", "@h", "`i"],
];

const texts = {
    list: WORDS,
    map: Object.fromEntries(WORDS.filter((word) => word !== "<<").map((word) => [word, word])),
};

describe("YAML that render writes", () => {
    const written = yamlOf({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "words" }, data: texts });
    const [minio] = [
        valuesOf({
            resources: [
                {
                    ...{ urn: "urn", type: "kubernetes:helm.sh/v3:Release", name: "minio", parent: "", custom: true },
                    ...{ inputs: { name: "minio", values: texts }, dependencies: [], protect: false },
                },
            ],
            outputs: {},
        }).get("minio"),
    ];

    it("keeps a text a text and a key a key for readers of YAML 1.1, which Helm and kubectl are, and of 1.2", () => {
        for (const read of [
            (text: string) => parse(text, { version: "1.1" }) as unknown,
            (text: string) => parse(text, { version: "1.2" }) as unknown,
            (text: string) => parseGoYaml(text).value,
        ]) {
            assert.deepEqual((read(written) as { data: unknown }).data, texts);
            assert.deepEqual(read(minio ?? ""), texts);
        }
    });

    it("gives the values of every release back as they were planned", async () => {
        for (const stack of ["dev", "prod"]) {
            const plan = await planned(stack);
            assert.ok(releasesOf(plan).length > 0);
            for (const [release, text] of valuesOf(plan)) {
                assert.deepEqual(parse(text, { version: "1.1" }), parse(text, { version: "1.2" }), release);
            }
        }
    });

    it("is read by Helm as it was written", function () {
        if (!onPath("helm")) {
            console.log("      not run: helm is not on PATH");
            this.skip();
        }
        const folder = mkdtempSync(join(tmpdir(), "yaml-"));
        try {
            mkdirSync(join(folder, "chart/templates"), { recursive: true });
            writeFileSync(join(folder, "chart/Chart.yaml"), "apiVersion: v2\nname: words\nversion: 1.0.0\n");
            writeFileSync(join(folder, "chart/templates/words.yaml"), "words: {{ .Values | toJson | quote }}\n");
            writeFileSync(join(folder, "values.yaml"), minio ?? "");
            const argv = ["template", "words", join(folder, "chart"), "--values", join(folder, "values.yaml")];
            const { words } = parse(execFileSync("helm", argv, { encoding: "utf8" })) as { words: string };
            assert.deepEqual(JSON.parse(words), texts);
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    });
});

describe("YAML as Go reads it", () => {
    const READ: Record<string, unknown> = {
        yes: true,
        Off: false,
        "~": null,
        "1:30": "1:30",
        "0777": 511,
        "1_000": 1000,
        "0x1F": 31,
        "1e3": 1000,
        ".inf": Infinity,
        "2001-01-01": "2001-01-01",
        "!own yes": "yes",
        "!!binary aGk=": "aGk=",
        "{<<: {a: 1}, b: 2}": { a: 1, b: 2 },
    };
    for (const [text, value] of Object.entries(READ)) {
        it(`takes ${text} for ${JSON.stringify(value)}`, () => {
            assert.deepEqual(parseGoYaml(`key: ${text}\n`), { value: { key: value }, errors: [] });
        });
    }

    for (const [what, text, said] of [
        ["a key stands twice", "a: 1\na: 2\n", "at line 2, column 1"],
        ["a map stands within a line of one", "a: b: c\n", "at line 1, column 4"],
        ["an alias is of nothing", "b: 1\na: *b\n", "no anchor &b stands above line 2"],
        ["an anchor holds itself", "a: &a\n  b: *a\n", "what &a names holds itself at line 2"],
        ["what is merged is no map", "<<: text\n", "Merge sources must be maps"],
    ] as const) {
        it(`says that ${what}`, () => {
            const { value, errors } = parseGoYaml(text);
            assert.equal(value, null);
            assert.ok(errors.length === 1 && errors[0]?.includes(said), errors.join());
        });
    }
});

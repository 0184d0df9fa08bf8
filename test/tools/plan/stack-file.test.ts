import assert from "node:assert/strict";
import { ENCRYPTED, stackFileOf } from "../../../tools/plan/stack-file";
import { StackFileError } from "../../../tools/plan/stack-yaml";
import { comparable, ODD_FILES } from "../../fixtures/odd-stack-files";

/** The one file that is refused though Pulumi reads it: of a second document it would say nothing, and do nothing. */
const STRICTER = "two documents";

describe("a stack file in the plan", () => {
    for (const { what, text, config } of ODD_FILES) {
        const refused = config === undefined || what === STRICTER;
        it(`is ${refused ? "refused" : "read as Pulumi's CLI reads it"}: ${what}`, () => {
            const read = () => stackFileOf(text, "Pulumi.x.yaml", "observability").config;
            if (!refused) assert.deepEqual(comparable(read()), comparable(config), what);
            else {
                assert.throws(read, (error) => {
                    assert.ok(error instanceof StackFileError, String(error));
                    // One line that begins with the file's name, without a frame of the parser's.
                    assert.match(error.message, /^Pulumi\.x\.yaml(, line \d+)?[: ].+\.$/);
                    return true;
                });
            }
        });
    }

    it("says the line of what is wrong, and nothing that stands there", () => {
        const wrong = 'config:\n  observability:a: x\n  observability:b: "hunter2\n';
        const read = () => stackFileOf(wrong, "Pulumi.x.yaml", "observability");
        assert.throws(read, /^Error: Pulumi\.x\.yaml, line 4: a quote/);
        assert.throws(read, (error: Error) => !error.message.includes("hunter2"));
    });

    it("is refused where a key is there twice, in two spellings of it", () => {
        for (const other of ["survives", "observability:config:survives"]) {
            const text = `config:\n  observability:survives: zone\n  ${other}: nothing\n`;
            const told = /^Error: Pulumi\.x\.yaml: observability:survives is given twice, in two spellings\.$/;
            assert.throws(() => stackFileOf(text, "Pulumi.x.yaml", "observability"), told, other);
        }
    });

    it("is refused where Pulumi would read nothing of what stands outside of config", () => {
        const read = (text: string) => () => stackFileOf(text, "Pulumi.x.yaml", "observability");
        assert.throws(read("confg:\n  observability:survives: zone\n"), /Pulumi\.x\.yaml: confg is not config/);
        assert.throws(read("observability:survives: zone\n"), /observability:survives stands outside of config/);
        const own = "secretsprovider: passphrase\nencryptionsalt: v1:x\nencryptedkey: x\nenvironment: [a]\n";
        assert.deepEqual(read(`${own}config: {}\n`)().config, {});
    });

    it("tells each place that is encrypted", () => {
        const text = [
            "config:",
            "  observability:alerting:",
            "    receivers:",
            "      a.b: { slack: { apiUrl: { secure: v1:x }, channel: c } }",
            "  observability:list: [{ secure: v1:y }, plain]",
        ].join("\n");
        const { secretKeys, secretPaths } = stackFileOf(text, "Pulumi.x.yaml", "observability");
        assert.deepEqual(secretKeys, ["observability:alerting", "observability:list"]);
        assert.deepEqual(secretPaths, [
            'observability:alerting.receivers["a.b"].slack.apiUrl',
            "observability:list[0]",
        ]);
        const { config } = stackFileOf(text, "Pulumi.x.yaml", "observability");
        const [first = ""] = JSON.parse(config["observability:list"] ?? "[]") as string[];
        assert.ok(first.startsWith(ENCRYPTED) && !config["observability:alerting"]?.includes(first));
    });
});

import assert from "node:assert/strict";
import { helmMessage, valuesPath } from "../tools/render/chart-error";
import { digestProblem } from "../tools/render/helm";

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

describe("an archive's digest", () => {
    const pin = { name: "c", version: "1.0.0", digest: "aa" };

    it("is held against the pin", () => {
        assert.equal(digestProblem(pin, "aa"), undefined);
        assert.deepEqual(digestProblem(pin, "bb"), {
            fatal: true,
            text: "c 1.0.0: the archive's digest is bb, pinned is aa",
        });
    });

    it("is told where nothing is pinned", () => {
        assert.deepEqual(digestProblem({ ...pin, digest: undefined }, "bb"), {
            fatal: false,
            text: "c 1.0.0 has no pinned digest, this one is bb",
        });
        assert.equal(digestProblem(undefined, "bb")?.fatal, false);
    });
});

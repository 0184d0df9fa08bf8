import { equal } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { vectorConfig } from "../../components/logs/opensearch/otlp";
import { at, record } from "../../tools/records";

/*
 * What the gateway of OTLP makes of a line, by Vector's own language in its own library: `python3 -m venv vrl && vrl/bin/pip install
 * pyvrl`, then VRL_PYTHON=vrl/bin/python.
 */

const RUN = `import json, sys, pyvrl
script, line = json.load(sys.stdin)
print(json.dumps(pyvrl.Transform(script + "\\n.").remap(line)))`;

describe("the script of the gateway of OTLP, in Vector's language", () => {
    const script = String(at(vectorConfig("ipv4"), "transforms.shape.source"));

    /** The line as OpenSearch is given it. */
    function shaped(line: object): Record<string, unknown> {
        const input = JSON.stringify([script, line]);
        return record(JSON.parse(execFileSync(process.env.VRL_PYTHON ?? "", ["-c", RUN], { input, encoding: "utf8" })));
    }

    before(function () {
        if (process.env.VRL_PYTHON !== undefined) return;
        console.log("    not run: VRL_PYTHON names no Python with pyvrl");
        this.skip();
    });

    it("lifts what lines are looked for by out of what OTLP says of their pod", () => {
        const line = shaped({
            message: "it broke",
            severity_text: "error",
            trace_id: "0af7651916cd43dd8448eb211c80319c",
            resources: {
                ...{ "service.name": "shop", "k8s.namespace.name": "shop", "k8s.pod.name": "shop-1" },
                ...{ "k8s.container.name": "main", "k8s.cluster.name": "blue" },
            },
        });
        const expected = { service: "shop", namespace: "shop", pod: "shop-1", container: "main", cluster: "blue" };
        for (const [field, value] of Object.entries({ ...expected, level: "error", message: "it broke" })) {
            equal(line[field], value, field);
        }
        equal(at(line, "trace_id"), "0af7651916cd43dd8448eb211c80319c");
    });

    it("keeps a line that is no text, as the text of it, and one of which nothing is known", () => {
        equal(shaped({ message: { a: 1 }, resources: {} }).message, '{"a":1}');
        equal(shaped({ message: "alone" }).message, "alone");
    });
});

import assert from "node:assert/strict";
import { ALLOY_LOAD } from "../../../tools/verify/configs/alloy-load";

// Its answers about whole configurations are tested with Alloy itself, in test/e2e/verify-faults.test.ts.
describe("a load of Alloy's configuration", () => {
    /** The component that is never made, and the load's end. */
    const end = [
        "Error: f:99:1: Failed to build component: building component: failed to read file: open no-such-file: no such file or directory",
        "",
        "Error: could not perform the initial load successfully",
    ];

    it("always has a component that cannot be made, and writes below its own folder alone", () => {
        const text = ALLOY_LOAD.text('otelcol.storage.file "q" {\n  directory = "/var/lib/alloy/q"\n}\n', "/tmp/x");
        assert.match(text, /directory = "\/tmp\/x\/disk\/var\/lib\/alloy\/q"/);
        assert.match(text, /^local\.file "\w+" \{$/m);
    });

    it("asks no cluster of this machine", () => {
        process.env.KUBECONFIG = "/somebody/config";
        try {
            const env = ALLOY_LOAD.env("/tmp/x");
            assert.deepEqual([env.KUBECONFIG, env.KUBERNETES_SERVICE_HOST, env.HOME], [undefined, undefined, "/tmp/x"]);
            assert.equal(env.PATH, process.env.PATH);
        } finally {
            delete process.env.KUBECONFIG;
        }
    });

    it("takes what only the cluster has for no fault", () => {
        const output = [
            'ts=2026-11-29T00:00:00Z level=info msg="finished node evaluation"',
            "Error: f:7:3: Failed to build component: building component: unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined",
            "Error: f:90:1: Failed to build component: failed to get k8s config: invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
            "Error: f:9:1: Failed to build component: unable to read CA cert: open /etc/tls/ca.crt: no such file or directory\r",
            ...end,
        ];
        assert.equal(ALLOY_LOAD.refusals(output.join("\n")), "");
    });

    it("takes what a configuration says of the same for a fault", () => {
        const output = [
            "Error: f:1:1: error parsing regexp: missing closing ): `(open x: no such file or directory`",
            ...end,
        ];
        assert.match(ALLOY_LOAD.refusals(output.join("\n")), /missing closing/);
    });

    it("has every fault in one answer", () => {
        const output = ["Error: f:1:1: missing closing )", "", " 1 | a", "Error: f:2:1: invalid selector", ...end];
        assert.equal(ALLOY_LOAD.refusals(output.join("\n")), "f:1:1: missing closing ); f:2:1: invalid selector");
    });

    it("has a fault whole where a line of the log was written into the middle of it", () => {
        const log =
            'ts=2026-11-30T21:05:06.370898112Z level=error msg="failed to evaluate config" node=x err="Error: y"\n';
        const output = [`Error: f:1:1: a stage ${log}${log}without an end`, ...end];
        assert.equal(ALLOY_LOAD.refusals(output.join("\n")), "f:1:1: a stage without an end");
    });

    it("is a finding where it never came to its end, or to a component", () => {
        assert.match(ALLOY_LOAD.refusals("Error: unknown flag: --storage.path"), /unknown flag/);
        assert.match(ALLOY_LOAD.refusals(""), /without a word/);
        assert.notEqual(ALLOY_LOAD.refusals(end.at(-1) ?? ""), "");
        const trace = ["goroutine 1 [running]:", "main.main()", "  main.go:1", "exit status 2", "really"];
        assert.equal(ALLOY_LOAD.refusals(["panic: of a component", ...trace].join("\n")), "panic: of a component");
    });
});

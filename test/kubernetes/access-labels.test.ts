import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { INGEST_LABEL } from "../../components/kubernetes/access-labels";
import type { Plan } from "../../tools/plan/engine";
import { record, records } from "../../tools/records";
import { EVERY_SOURCE } from "../fixtures/every-source";
import { policiesOf } from "../fixtures/flows";
import { planned } from "../fixtures/planned";

const LABELLED = { namespaceSelector: { matchLabels: INGEST_LABEL } };
const EVERYBODY = { namespaceSelector: {} };

/** Ingress rules of all policies that let somebody in, as `namespace:port`. */
function letIn(plan: Plan, peer: object): string[] {
    return policiesOf(plan.resources)
        .flatMap(({ inputs }) =>
            records(record(inputs.spec).ingress)
                .filter(({ from }) => records(from).some((each) => isDeepStrictEqual(each, peer)))
                .flatMap(({ ports }) =>
                    records(ports).map(({ port }) => `${String(record(inputs.metadata).namespace)}:${String(port)}`),
                ),
        )
        .sort();
}

/** Ports of pods behind a Service's port, where the two differ. */
const POD_PORTS: Record<string, string> = { "cortex:80": "cortex:8080", "loki:80": "loki:8080" };

/** `namespace:port` of the pods behind an address. */
function behind(address: string): string {
    const { hostname, port, protocol } = new URL(address.includes("://") ? address : `tcp://${address}`);
    const at = `${hostname.split(".")[1] ?? ""}:${port === "" ? (protocol === "http:" ? "80" : "443") : port}`;
    return POD_PORTS[at] ?? at;
}

describe("what may push", () => {
    const plans: Record<string, Plan> = {};
    before(async () => {
        for (const ingestFrom of ["labelled", "all"]) {
            plans[ingestFrom] = await planned("prod", { ...EVERY_SOURCE, "observability:ingestFrom": ingestFrom });
        }
    });

    for (const [ingestFrom, peer] of [
        ["labelled", LABELLED],
        ["all", EVERYBODY],
    ] as const) {
        it(`reaches, from ${ingestFrom} namespaces, each address of the outputs that is meant for applications`, () => {
            const plan = plans[ingestFrom];
            assert.ok(plan);
            const push = Object.entries(plan.outputs.push as Record<string, string>);
            const inside = push.filter(([name]) => !name.endsWith("FromOutside"));
            assert.ok(inside.length >= 9, JSON.stringify(push));
            const open = letIn(plan, peer);
            for (const [name, address] of inside) {
                assert.ok(open.includes(behind(address)), `${name} ${address} is shut: ${open.join()}`);
            }
        });
    }

    it("comes from labelled namespaces only, where the setting says so", () => {
        const { labelled } = plans;
        assert.ok(labelled);
        assert.deepEqual(letIn(labelled, EVERYBODY), []);
    });
});

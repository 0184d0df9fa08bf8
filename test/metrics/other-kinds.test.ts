import { deepEqual, equal, ok } from "node:assert/strict";
import { metricsKinds } from "../../components/metrics/settings";
import { parseSettings } from "../../components/platform/settings";

/** Every key that a kind may have, with a value that is right for it. */
const EVERY: Readonly<Record<string, object>> = Object.fromEntries(
    metricsKinds.map((kind) => [kind.kind, { ...kind.defaults("zone") }]),
);

function problems(change: object) {
    const read = parseSettings({ cluster: "c", domain: "a.example.com", survives: "zone", ...change });
    return "problems" in read ? read.problems : [];
}

describe("metrics: settings of another kind", () => {
    const names = metricsKinds.map(({ kind }) => kind);

    for (const kind of names) {
        for (const other of names.filter((each) => each !== kind)) {
            it(`of ${other} are refused with ${kind}, each with what to do instead`, () => {
                const found = problems({ metrics: { ...EVERY[other], kind } });
                ok(found.length > 0);
                const unknown = found.filter(({ given }) => given === "a key that does not exist");
                deepEqual(
                    unknown.map(({ path }) => path),
                    [],
                );
            });
        }
    }

    it("are refused of a tenant in the same way", () => {
        const limits = { retention: "90d", maxSeries: 1, ingestionRate: 1, maxExemplars: 1, maxOutstandingQueries: 1 };
        for (const kind of ["thanos", "victoriametrics"]) {
            const found = problems({ metrics: { kind }, tenants: { shop: { metrics: limits } } });
            equal(found.length, Object.keys(limits).length);
            for (const { given, fix } of found) {
                equal(given, "a key that this kind cannot have");
                ok(fix.length > "remove it".length, fix);
            }
        }
    });

    it("name what stands in the role where nodes are chosen for a system by its own name", () => {
        const [found] = problems({ metrics: { kind: "thanos" }, placement: { cortex: { nodeSelector: { a: "b" } } } });
        equal(found?.fix, "write metrics, or remove it");
    });
});

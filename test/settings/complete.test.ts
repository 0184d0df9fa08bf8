import { match, throws } from "node:assert/strict";
import { Loki } from "../../components/logs/loki/loki";
import { Cortex } from "../../components/metrics/cortex/cortex";
import { Tempo } from "../../components/traces/tempo/tempo";

/** A class as a program in JavaScript has it, whose compiler asks for nothing. */
type Untyped = new (name: string, given: object) => unknown;

describe("a store that a program makes without what it needs", () => {
    const platform = { cluster: "blue", domain: "o.example.com", survives: "nothing" };
    const stores: Readonly<Record<string, [unknown, readonly string[]]>> = {
        Cortex: [Cortex, ["objectStore", "alertReceiver"]],
        Loki: [Loki, ["objectStore", "alertReceiver", "metricsStore"]],
        Tempo: [Tempo, ["objectStore", "metricsStore"]],
    };
    for (const [title, [store, needs]] of Object.entries(stores)) {
        it(`is refused with each of it: ${title}`, () => {
            const made = (given: object) => () => new (store as Untyped)("x", given);
            for (const name of needs)
                throws(
                    made({ platform }),
                    new RegExp(`\\n {2}${name}\\n +given: +nothing\\n +allowed: +what it needs: `),
                );
            throws(made({ platform, settings: { retenton: "1d" } }), (error: Error) => {
                match(error.message, new RegExp(`^${needs.length + 1} problems [^]*retenton`));
                return true;
            });
        });

        it(`is refused without the settings that all share: ${title}`, () => {
            throws(() => new (store as Untyped)("x", {}), /\n {2}cluster\n[^]*\n {2}domain\n[^]*\n {2}survives\n/);
        });
    }
});

import type { Check } from "../check";
import { nameOf } from "../cluster-model";
import { storesOf } from "../configs/agree/stores";
import type { Found } from "../finding";
import { callersOf, textsRead } from "./senders";

/** As Loki parses a label's name. https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels */
const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Fluent Bit's option, in both of its formats: `labels a=b, c=$d['e']`. Other shippers replace what Loki would refuse. */
const LABELS = /^[ \t]*labels(?:[ \t]*:)?[ \t]+(\S+=.*)$/gim;

export const senderLabels: Check = {
    name: "labels-of-senders",
    promise: "No shipper names a label that Loki refuses: it refuses the whole push, with every line in it",
    run: (model) =>
        storesOf(model)
            .filter(({ program }) => program === "loki")
            .flatMap(({ namespace }) => callersOf(model, namespace))
            .flatMap((pods): Found[] =>
                [...new Set(textsRead(model, pods).flatMap(namesIn))]
                    .filter((name) => !NAME.test(name))
                    .map((name) => ({
                        object: nameOf(pods.owner),
                        found: `a label ${name}`,
                        wanted: "letters, digits and _ , and no digit at the beginning",
                        hint: `write ${name.replace(/^(?=\d)|[^a-zA-Z0-9_]/g, "_")}, or make it structured metadata`,
                    })),
            ),
};

function namesIn(text: string): string[] {
    return [...text.matchAll(LABELS)].flatMap(([, list = ""]) =>
        list.split(",").flatMap((pair) => {
            const [name = "", value] = pair.split("=", 2);
            return value === undefined ? [] : [name.trim()];
        }),
    );
}

import type { PathSection, System } from "../contracts/system";
import type { Dashboard, Panel, Row } from "./spec";

/** Each signal from where it arises to where it is kept: what a hop takes, what it drops, retries and queues. */
export function dataPath(systems: readonly System[]): Dashboard {
    const sections = systems.flatMap(({ panels }) => panels?.path ?? []);
    return {
        uid: "data-path",
        title: "Data path",
        description:
            "Each signal hop by hop, from left to right. Where the rate falls from one hop to the next without drops, look at the hop between.",
        byNamespace: true,
        from: "now-3h",
        rows: SIGNALS.map(({ signal, name, source }) =>
            row(
                [name, source],
                sections.filter((section) => section.signal === signal),
            ),
        ).filter(({ panels }) => panels.length > 0),
    };
}

const SIGNALS = [
    { signal: "metrics", name: "Metrics", source: "target" },
    { signal: "logs", name: "Logs", source: "pod" },
    { signal: "traces", name: "Traces", source: "application" },
] as const;

/** The sections in the order of the systems: who sends comes before who stores. */
function row([name, source]: readonly [string, string], sections: readonly PathSection[]): Row {
    const through = [source, ...sections.flatMap((section) => section.through)];
    return {
        title: `${name}: ${through.join(" → ")}`,
        panels: sections.flatMap(({ hops }) => hops).flatMap((hop, index) => hop.map(numbered(index + 1))),
    };
}

function numbered(hop: number): (panel: Panel) => Panel {
    return (panel) => ({ ...panel, title: `${hop} ${panel.title}` });
}

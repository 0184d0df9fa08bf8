import { show, type Wrong } from "../finding";
import type { Release } from "../release";
import type { ChartRules } from "./chart-rules";
import { ENDLESS, factor, is, LOST, on, wrong } from "./checks";
import { EXTERNAL_LABELS, senders } from "./kube-prometheus-stack";

const VALUES = "observability:metrics.values";
const FACTOR = "observability:metrics.replicationFactor";
const VOLUMES = ["receive.ingestor", "storeGateway", "compact"].map((at) => `${at}.persistence.enabled`);
const RESOLUTIONS = ["raw", "5m", "1h"].map((resolution) => `--retention.resolution-${resolution}`);
const INGESTORS = "receive.ingestor.replicas";
const COMPACT_ARGS = "compact.extraArgs";
const QUERY_ARGS = "query.extraArgs";

export const thanos: ChartRules = {
    reads: [
        ...VOLUMES,
        ...["receive.enabled", "receive.replicationFactor", INGESTORS, "objstoreConfig.create"],
        ...["compact.enabled", "compact.deduplication.enabled", "storeGateway.enabled", COMPACT_ARGS, QUERY_ARGS],
    ],
    durability: [
        ...VOLUMES.map((path) => on(path, VALUES)),
        // The chart's own configuration is a folder of the pod.
        is("objstoreConfig.create", false, LOST, `${VALUES}.objstoreConfig`),
        is("storeGateway.enabled", true, "nothing reads what ingestors have deleted", `${VALUES}.storeGateway.enabled`),
        is("compact.enabled", true, ENDLESS, `${VALUES}.compact.enabled`),
        (release) =>
            RESOLUTIONS.filter((flag) => /^0*[a-z]*$/.test(flagOf(release, COMPACT_ARGS, flag) ?? "")).map((flag) => ({
                path: `${COMPACT_ARGS} ${flag}`,
                found: flagOf(release, COMPACT_ARGS, flag) ?? "absent",
                wanted: "a time to keep",
                why: ENDLESS,
                setting: "observability:metrics.retention",
            })),
    ],
    replication: (survives) => [
        factor("receive.replicationFactor", INGESTORS, 1, FACTOR),
        // Each copy of a series is then in a zone of its own; ingestors do not know theirs.
        (release) => {
            const found = release.number(INGESTORS);
            const copies = release.number("receive.replicationFactor");
            if (survives !== "zone" || found === undefined || copies === undefined || found <= copies) return [];
            const why = "two copies of a series may share a zone, and most of them go with it";
            return wrong(release, INGESTORS, String(copies), why, "observability:metrics.replicas.ingestor");
        },
        is("compact.deduplication.enabled", true, "every copy would be kept in the bucket", `${VALUES}.compact`),
    ],
    deduplication,
};

/** Queriers answer with one of a pair's copies where they are told the label by which these differ. */
function deduplication(store: Release, stack: Release): Wrong[] {
    if (senders(stack) < 2) return [];
    const flag = "--query.replica-label";
    const sent = EXTERNAL_LABELS.replica(stack);
    const known = flagsOf(store, QUERY_ARGS, flag);
    if (sent !== undefined && known.includes(sent)) return [];
    return [
        {
            path: `${QUERY_ARGS} ${flag}`,
            found: known.length === 0 ? "absent" : known.map((label) => show(store, QUERY_ARGS, label)).join(", "),
            wanted: sent === undefined ? `a label that ${stack.name} sends` : `${sent}, as ${stack.name} sends it`,
            why: "every series comes twice, and sums and counts come out wrong",
            setting: "observability:metrics.values.query.extraArgs",
        },
    ];
}

/** Values of a flag in a list of arguments `--flag=value`. */
function flagsOf(release: Release, path: string, flag: string): string[] {
    const args = release.get(path);
    if (!Array.isArray(args)) return [];
    return args.flatMap((arg) => (String(arg).startsWith(`${flag}=`) ? [String(arg).slice(flag.length + 1)] : []));
}

function flagOf(release: Release, path: string, flag: string): string | undefined {
    return flagsOf(release, path, flag).at(-1);
}

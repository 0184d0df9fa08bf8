import { FURTHER } from "../../contracts/further-destinations";
import { queueOf, signalsOf, type Destination, type Signal } from "./destination-settings";
import { COLLECTOR_NAMES, type CollectorName } from "./names";
import { AS_LABELS } from "./point-labels";
import { BEFORE_QUEUE, HANDLER, RETRIES } from "./queue";
import { isDurable, type K8sMonitoringValuesArgs } from "./values-args";
import type { ChartValues } from "./values.gen";

/*
 * Each has a queue of its own, which drops what comes when it is full instead of making the sender wait: a batch goes to
 * every destination in turn, and one that waited would hold up the stack's own stores.
 */

/** Name of a destination in the chart. */
function chartName({ name }: Pick<Destination, "name">): string {
    return `${FURTHER.prefix}${name}`;
}

/** The same for events: their collector has no volume, so that its queue is in memory. */
function chartNameOfEvents(of: Pick<Destination, "name">): string {
    return `${chartName(of)}-events`;
}

/** Bytes of a batch: below the 4 MiB that a gRPC server takes unless told otherwise. */
const FOREIGN_BATCH = 3 * 2 ** 20;

/** Bytes of a queue in memory. The memory limiter would refuse everybody's pushes for a larger one. */
const IN_MEMORY = 32 * 2 ** 20;

/** In memory the chart lets no queue be counted in bytes and cut into batches, so that they are cut before it. */
const MEMORY_BATCH = { size: 2048, maxSize: 2048, timeout: "200ms" };

type Args = Pick<K8sMonitoringValuesArgs, "platform" | "settings">;

/** Names, in the chart, of the further destinations that get a signal. */
export function furtherFor({ settings }: Pick<Args, "settings">, ...signals: readonly Signal[]): string[] {
    return settings.destinations
        .filter((each) => signalsOf(each).some((signal) => signals.includes(signal)))
        .map(chartName);
}

/** The same of events. */
export function furtherForEvents({ settings, platform }: Args): string[] {
    return settings.destinations
        .filter((each) => signalsOf(each).includes("logs"))
        .map(isDurable(platform) ? chartNameOfEvents : chartName);
}

/** The further destinations, as the chart takes them. */
export function furtherDestinations(args: Args): NonNullable<ChartValues["destinations"]> {
    const durable = isDurable(args.platform);
    const { clusterEvents } = args.settings.features;
    return Object.fromEntries(
        args.settings.destinations.flatMap((each) => [
            [chartName(each), each.kind === "prometheus" ? remoteWrite(each) : otlp(each, signalsOf(each), durable)],
            ...(durable && clusterEvents && signalsOf(each).includes("logs")
                ? [[chartNameOfEvents(each), otlp(each, ["logs"], false)] as const]
                : []),
        ]),
    );
}

function otlp(of: Destination, signals: readonly Signal[], onVolume: boolean) {
    const { kind, protocol = "http", url } = of;
    const base = url.replace(/\/+$/, "");
    const grpc = protocol === "grpc";
    const enabled = (signal: Signal) => ({ enabled: signals.includes(signal) });
    return {
        type: "otlp" as const,
        protocol,
        // gRPC's clients take host and port; whether it is encrypted is said beside it.
        url: grpc ? base.replace(/^https?:\/\//, "") : kind === "loki" ? `${base}/otlp` : base,
        ...(grpc && base.startsWith("http://") && { tls: { insecure: true } }),
        ...credentials(of),
        metrics: enabled("metrics"),
        logs: enabled("logs"),
        traces: enabled("traces"),
        retryOnFailure: RETRIES,
        sendingQueue: onVolume ? volumeQueue(of) : { sizer: "bytes", queueSize: IN_MEMORY },
        processors: {
            batch: onVolume ? BEFORE_QUEUE.last : MEMORY_BATCH,
            transform: { metrics: { datapointToResource: AS_LABELS } },
            resourceAttributes: { removeList: ["loki.resource.labels"] },
        },
    };
}

function volumeQueue(of: Destination) {
    return {
        queueSize: queueOf(of),
        // As for the stack's own queues: the chart writes no sizer beside a batch.
        storage: `${HANDLER}\n    sizer = "bytes"`,
        batch: { enabled: true, sizer: "bytes", flushTimeout: "1s", minSize: 2 ** 20, maxSize: FOREIGN_BATCH },
    };
}

function remoteWrite(of: Destination) {
    return {
        type: "prometheus" as const,
        url: of.url,
        ...credentials(of),
        sendNativeHistograms: true,
        // On the volume of the stack's own queues, and bounded by nothing else.
        writeAheadLog: { maxKeepaliveTime: "2h" },
    };
}

/** A variable of the collectors' environment. */
function variable({ name }: Pick<Destination, "name">, key: string): string {
    return `DESTINATION_${name}_${key}`.toUpperCase().replaceAll("-", "_");
}

/** By variables: the chart's own way reads Secrets through the API, and collectors may not read any. */
function credentials(of: Destination) {
    const { auth = { kind: "none" }, tenant } = of;
    const read = (key: string) => `sys.env("${variable(of, key)}")`;
    return {
        secret: { embed: true },
        ...(tenant !== undefined && { extraHeaders: { "X-Scope-OrgID": tenant } }),
        ...(auth.kind === "basic" && {
            auth: { type: "basic" as const, usernameFrom: read("username"), passwordFrom: read("password") },
        }),
        ...(auth.kind === "bearer" && { auth: { type: "bearerToken" as const, bearerTokenFrom: read("token") } }),
        ...(auth.kind === "header" && { extraHeadersFrom: { [auth.header]: read("value") } }),
    };
}

const SECRET_KEYS = { none: [], basic: ["username", "password"], bearer: ["token"], header: ["value"] } as const;

/** What each collector sends to further destinations. */
const SENDS: Readonly<Record<CollectorName, readonly Signal[]>> = {
    [COLLECTOR_NAMES.logs]: ["logs"],
    [COLLECTOR_NAMES.events]: ["logs"],
    [COLLECTOR_NAMES.metrics]: ["metrics"],
    [COLLECTOR_NAMES.receiver]: ["traces", "logs", "metrics"],
};

function sentBy(collector: CollectorName, { settings }: Pick<Args, "settings">): readonly Destination[] {
    return settings.destinations.filter((each) => signalsOf(each).some((signal) => SENDS[collector].includes(signal)));
}

/** Whether a collector keeps queues of further destinations in files; that of events has no place for them. */
export function queuesFurther(collector: CollectorName, args: Args): boolean {
    if (collector === COLLECTOR_NAMES.events) return false;
    return isDurable(args.platform) && sentBy(collector, args).some(({ kind }) => kind !== "prometheus");
}

/**
 * A collector's variables that hold credentials of the destinations it sends to. A Secret that is not there leaves them
 * empty, and its destination refuses what comes: pods that would not start without it would stop every signal.
 */
export function credentialsOf(collector: CollectorName, args: Pick<Args, "settings">): object[] {
    return sentBy(collector, args).flatMap((each) => {
        const { auth = { kind: "none" } } = each;
        if (auth.kind === "none") return [];
        return SECRET_KEYS[auth.kind].map((key) => ({
            name: variable(each, key),
            valueFrom: { secretKeyRef: { name: auth.secret, key, optional: true } },
        }));
    });
}

/** Annotations of a collector's pods: another rotation rolls them, so that they read the Secret anew. */
export function rotationsOf(collector: CollectorName, args: Pick<Args, "settings">): Record<string, string> {
    return Object.fromEntries(
        sentBy(collector, args).flatMap(({ name, auth = { kind: "none" } }) =>
            auth.kind === "none" || auth.rotation === undefined
                ? []
                : [[`observability-platform/${FURTHER.prefix}${name}-rotation`, String(auth.rotation)] as const],
        ),
    );
}

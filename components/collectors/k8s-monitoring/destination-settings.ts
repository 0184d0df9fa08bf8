import { z } from "zod";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import {
    about,
    describe,
    dnsLabel,
    objectName,
    openUrl,
    quantity,
    rotation,
    tenantId,
    text,
} from "../../settings/types";
import { byteCount } from "../../settings/units";
import { NAMESPACE, RECEIVER_SERVICE } from "./names";

export const SIGNALS = ["traces", "logs", "metrics"] as const;
export type Signal = (typeof SIGNALS)[number];

/** What each kind takes. */
const TAKES: Readonly<Record<"otlp" | "prometheus" | "loki", readonly Signal[]>> = {
    otlp: SIGNALS,
    prometheus: ["metrics"],
    loki: ["logs"],
};

const secret = describe(objectName, {
    description:
        "Existing Secret in the namespace collectors, with the keys username and password for basic, token for bearer, value for header.",
    example: "signoz-cloud",
});

const rotated = describe(rotation, {
    description: "Raise by one when the Secret has changed: collectors read it at their start.",
}).optional();

const headerName = text(/^[A-Za-z0-9-]{1,128}$/, "a header's name: letters, digits and dashes", "signoz-ingestion-key");

const auth = z
    .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("none") }),
        z.strictObject({ kind: z.literal("basic"), secret, rotation: rotated }),
        z.strictObject({ kind: z.literal("bearer"), secret, rotation: rotated }),
        z.strictObject({
            kind: z.literal("header"),
            header: describe(headerName, { description: "Header that carries the Secret's value." }),
            secret,
            rotation: rotated,
        }),
    ])
    .register(about, {
        allowed: "kind: none, basic, bearer or header, the last three with a secret",
        example: "{ kind: header, header: signoz-ingestion-key, secret: signoz-cloud }",
        description: "How collectors show who they are; nothing if absent.",
    });

/** A further place for what passes the collectors, beside the stack's own stores. */
const destination = z.strictObject({
    name: describe(dnsLabel, {
        description: "Its name in the collectors' configuration, in metrics and in alerts.",
        example: "signoz",
    }),
    kind: z.enum(["otlp", "prometheus", "loki"]).register(about, {
        description:
            "How it is sent to: OTLP; Prometheus remote write, for metrics; Loki's own OTLP endpoint (Loki 3), for logs.",
        allowed: "otlp, prometheus or loki",
        example: "otlp",
    }),
    url: describe(openUrl, {
        description:
            "Where it takes them. otlp: the base URL, to which /v1/traces and so on are appended, or with protocol: grpc scheme, host and port. prometheus: the whole URL of remote write. loki: the base URL, to which /otlp is appended.",
        example: "https://otlp.example.com",
    }),
    protocol: z
        .enum(["http", "grpc"])
        .register(about, {
            description: "Of otlp: over HTTP or over gRPC; http if absent.",
            allowed: "http or grpc",
            example: "grpc",
        })
        .optional(),
    signals: describe(
        z.array(z.enum(SIGNALS).register(about, { allowed: "traces, logs or metrics", example: "traces" })),
        {
            description:
                "What it gets: all traces that applications push, before tail sampling; logs of pods, nodes, events and pushes; metrics that are pushed and those of annotated pods. All that its kind takes if absent. What Prometheus scrapes goes by `kubePrometheusStack.prometheus.remoteWrite`.",
            allowed: "a list of traces, logs and metrics",
            example: "[traces, logs]",
        },
    ).optional(),
    auth: auth.optional(),
    tenant: describe(tenantId, {
        description: "Sent as X-Scope-OrgID, to a destination that tells tenants apart by it.",
    }).optional(),
    // A queue that holds less than the largest push would refuse that for ever.
    queue: describe(quantity("32Mi", "1Ti", "1Gi"), {
        description:
            "Most bytes of each signal that a collector's pod keeps for it while it does not take them; what comes beyond is dropped for it alone. On the collector's volume, of alloy-logs on the node's disk; 512Mi if absent.",
    }).optional(),
});

export type Destination = z.infer<typeof destination>;

export const destinations = describe(z.array(destination), {
    description:
        "Further places for what passes the collectors, beside the stack's own stores, each with queues of its own: one that is away holds up nothing else.",
    allowed: "a list of { name, kind, url }",
    example:
        "[{ name: signoz, kind: otlp, protocol: grpc, url: http://signoz-otel-collector.signoz.svc.cluster.local:4317 }]",
});

const DEFAULT_QUEUE = "512Mi";

/** What a destination gets. */
export function signalsOf({ kind, signals }: Pick<Destination, "kind" | "signals">): readonly Signal[] {
    return signals ?? TAKES[kind];
}

/** Bytes of one signal that a collector's pod keeps for it. */
export function queueOf({ queue = DEFAULT_QUEUE }: Pick<Destination, "queue">): number {
    return byteCount(queue);
}

/** Share of the receivers' volume that the queues of all further destinations may fill together. */
export const FURTHER_SHARE = 0.2;

interface Around {
    /** Size of a receiver's volume; undefined where collectors have none. */
    readonly volume: string | undefined;
    /** Path of the list in the settings. */
    readonly path: string;
}

export function destinationRules(all: readonly Destination[], { volume, path }: Around): SettingsProblem[] {
    return [
        ...all.flatMap((each, index) => {
            const at = `${path}[${index}]`;
            return ask(
                () => nameRules(all, index, at),
                () => signalRules(each, at),
                () => protocolRules(each, at),
                () => addressRules(each, at),
                () => authRules(each, at),
                () => queueRules(each, at, volume),
            );
        }),
        ...ask(() => (volume === undefined ? [] : roomRules(all, volume, path))),
    ];
}

function nameRules(all: readonly Destination[], index: number, at: string): SettingsProblem[] {
    const name = all[index]?.name;
    if (all.findIndex((each) => each.name === name) === index) return [];
    return [problem(`${at}.name`, name, "a name of its own", "write another name")];
}

function signalRules({ kind, signals }: Destination, at: string): SettingsProblem[] {
    if (signals === undefined) return [];
    const takes = TAKES[kind];
    if (signals.length === 0) {
        return [problem(`${at}.signals`, signals, `at least one of ${takes.join(", ")}`, "remove it for all of them")];
    }
    return signals.flatMap((signal, index) => {
        const place = `${at}.signals[${index}]`;
        if (!takes.includes(signal)) {
            const allowed = `${takes.join(", ")} with kind: ${kind}`;
            return [problem(place, signal, allowed, "remove it, or write kind: otlp where it takes OTLP")];
        }
        return signals.indexOf(signal) === index ? [] : [problem(place, signal, "each signal once", "remove it")];
    });
}

function protocolRules({ kind, protocol }: Destination, at: string): SettingsProblem[] {
    if (protocol === undefined || kind === "otlp") return [];
    return [problem(`${at}.protocol`, protocol, `nothing with kind: ${kind}, which goes over HTTP`, "remove it")];
}

/** Paths that a collector appends by itself, or that are another API's. */
const APPENDED = { otlp: /\/v1\/(traces|logs|metrics)\/?$/, loki: /\/(otlp(\/v1\/logs)?|loki\/api\/v1\/push)\/?$/ };

function addressRules({ kind, protocol, url }: Destination, at: string): SettingsProblem[] {
    const wrong = (allowed: string, fix: string) => [problem(`${at}.url`, url, allowed, fix)];
    if (!URL.canParse(url)) return wrong("a URL with a host and a port that there can be", "write another");
    const { hostname, pathname, port, search, origin } = new URL(url);
    if (isOwnReceiver(hostname)) {
        return wrong("an address other than the receivers' own: all would go round for ever", "write where it ends");
    }
    if (search !== "" || url.includes("#")) return wrong("a URL without ? and #", `write ${origin}${pathname}`);
    if (kind === "prometheus") {
        if (pathname !== "/") return [];
        return wrong("the whole URL of remote write, with its path", `write ${origin}/api/v1/write, or what it has`);
    }
    if (kind === "otlp" && protocol === "grpc") {
        if (pathname !== "/") return wrong("scheme, host and port: gRPC has no path", `write ${origin}`);
        if (port === "" && !/:\d+\/?$/.test(url))
            return wrong("a port, which gRPC has no usual one for", `write ${origin}:4317`);
        return [];
    }
    if (!APPENDED[kind].test(pathname)) return [];
    return wrong("the base URL: what stands behind it is appended", `write ${url.replace(APPENDED[kind], "")}`);
}

function isOwnReceiver(hostname: string): boolean {
    const [service, namespace] = hostname.split(".");
    return service === RECEIVER_SERVICE && (namespace === undefined || namespace === NAMESPACE);
}

/** Headers that the exporter sets itself. */
const RESERVED = /^(host|content-(encoding|type|length)|x-prometheus-.*|user-agent|authorization|x-scope-orgid)$/i;

function authRules({ auth: by, url }: Destination, at: string): SettingsProblem[] {
    if (by === undefined || by.kind === "none") return [];
    const open = url.startsWith("http://")
        ? [problem(`${at}.url`, url, "https:// where a credential is sent", `write ${url.replace("http:", "https:")}`)]
        : [];
    if (by.kind !== "header") return open;
    if (RESERVED.test(by.header)) {
        const fix = /^authorization$/i.test(by.header) ? "write kind: bearer or basic" : "write another header";
        return [...open, problem(`${at}.auth.header`, by.header, "a header that nothing else sets", fix)];
    }
    return open;
}

function queueRules({ kind, queue }: Destination, at: string, volume: string | undefined): SettingsProblem[] {
    if (queue === undefined) return [];
    if (kind === "prometheus") {
        const allowed = "nothing with kind: prometheus, whose write-ahead log holds two hours";
        return [problem(`${at}.queue`, queue, allowed, "remove it")];
    }
    if (volume !== undefined) return [];
    const allowed = "nothing where the stack survives nothing: queues are in memory there, 32 MiB each";
    return [problem(`${at}.queue`, queue, allowed, "remove it, or write survives: node")];
}

/** All queues that are full at once leave room for those of the stack's own stores. */
function roomRules(all: readonly Destination[], volume: string, path: string): SettingsProblem[] {
    const queued = all.filter(({ kind }) => kind !== "prometheus");
    const wanted = queued.reduce((sum, each) => sum + queueOf(each) * signalsOf(each).length, 0);
    const room = byteCount(volume) * FURTHER_SHARE;
    if (wanted <= room) return [];
    const mib = (of: number) => `${Math.floor(of / 2 ** 20)}Mi`;
    const signals = queued.reduce((sum, each) => sum + signalsOf(each).length, 0);
    return [
        problem(
            path,
            `queues of ${mib(wanted)} together`,
            `at most ${mib(room)}, ${FURTHER_SHARE * 100} % of k8sMonitoring.volumes.queue (${volume})`,
            `write queue: ${mib(room / signals)} for each, fewer signals, or a larger volume before the first deployment`,
        ),
    ];
}

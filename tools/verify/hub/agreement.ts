import { at, record } from "../../records";
import type { Check } from "../check";
import type { Found } from "../finding";
import { amount, hours, type Settings } from "../program";
import type { Client, Hub } from "./facts";

/** Whether a sending stack and its hub, each by its own settings, agree on what passes between them. */
export function hubAgreement(hub: Hub): Check {
    return {
        name: "hub-agreement",
        promise: `What this stack sends, stack ${hub.stack} lets in, keeps as it is sent, and takes as late as it may come`,
        run: ({ settings }) => {
            if (settings.hub.stack === undefined && settings.hub.secret === undefined) {
                return [found("hub", "no hub", "one", "write hub: { stack: … }, or leave out --against-hub")];
            }
            const client = clientOf(settings, hub);
            return [
                ...door(settings, hub),
                ...label(settings, hub, client),
                ...membership(settings, hub, client),
                ...revocation(hub, client),
                ...expected(settings, hub, client),
                ...proof(settings, hub),
                ...tenant(settings, client),
                ...keeping(settings, hub),
                ...lateness(settings, hub, client),
                ...amounts(settings, hub, client),
            ];
        },
    };
}

/** A finding of this stack's setting. */
function found(setting: string, is: string, wanted: string, hint: string): Found {
    return { object: `Setting/${setting}`, found: is, wanted, hint };
}

const nameOf = ({ hub, platform }: Settings) => hub.cluster ?? platform.cluster;

function clientOf(settings: Settings, { clients }: Hub): Client | undefined {
    return clients.find(({ name }) => name === nameOf(settings));
}

function door(settings: Settings, { open, stack }: Hub): Found[] {
    if (open) return [];
    const clusters = `[{ name: ${nameOf(settings)} }]`;
    const hint = `write ingestGateway: { enabled: true, clusters: ${clusters} } in stack ${stack}`;
    return [found("hub", `stack ${stack} takes nothing from outside`, "an open ingest gateway", hint)];
}

/** Whether its label `cluster` is that of the hub itself, which by itself has a tenant that a client may share. */
function isHubs({ platform }: Settings, hub: Hub, client: Client | undefined): boolean {
    const own = hub.settings.platform;
    return platform.cluster === own.cluster && (client?.tenant ?? own.tenant) === own.tenant;
}

/**
 * In one tenant clusters are told apart by the label `cluster` alone, of which the hub knows its own and the names in its
 * list.
 */
function label(settings: Settings, hub: Hub, client: Client | undefined): Found[] {
    const { cluster } = settings.platform;
    const { clients, stack } = hub;
    const own = hub.settings.platform;
    const apart = `or give it a tenant of its own in stack ${stack}`;
    const alike = "samples of two clusters with one label cannot be told apart, and Cortex takes them for one pair";
    if (isHubs(settings, hub, client)) {
        const wanted = `another than that of stack ${stack}, in whose tenant ${own.tenant} it is kept`;
        return [found("cluster", cluster, wanted, `write another name, ${apart}: ${alike}`)];
    }
    if (client === undefined || client.name === cluster) return [];
    const beside = clients.filter(
        (one) => one !== client && one.joined && !one.revoked && one.tenant === client.tenant,
    );
    if (beside.some(({ name }) => name === cluster)) {
        const wanted = `another than that of the entry ${cluster} of stack ${stack}, whose tenant it shares`;
        return [found("cluster", cluster, wanted, `write ${client.name}, ${apart}: ${alike}`)];
    }
    if (beside.length === 0 && client.tenant !== own.tenant) return [];
    const wanted = `${client.name}, as the hub's list has it, in a tenant that others share`;
    const hint = `name ${cluster} in the list of stack ${stack} and remove hub.cluster, ${apart}: nothing else keeps the label to one cluster`;
    return [found("cluster", cluster, wanted, hint)];
}

/** A Secret may hold any client's name: where none is called as the cluster is, nobody can tell from here. */
function membership({ hub, ...settings }: Settings, of: Hub, client: Client | undefined): Found[] {
    const { stack, clients } = of;
    const name = nameOf({ hub, ...settings });
    const findings: Found[] = [];
    if (hub.stack !== undefined && hub.stack.split("/").at(-1) !== stack) {
        findings.push(found("hub.stack", hub.stack, `a stack named ${stack}`, "compare with the stack that is named"));
    }
    const known = client !== undefined && (hub.stack === undefined || client.joined);
    // The hub's own name is none to be added to its list, and told already.
    const toldOf = hub.cluster === undefined && isHubs({ hub, ...settings }, of, client);
    if (known || toldOf) return findings;
    const names = clients.map((each) => each.name).join(", ") || "none";
    if (hub.stack === undefined) {
        const hint = `name ${name}, this stack's cluster, in ingestGateway.clusters or clients of stack ${stack}`;
        findings.push(found("cluster", `${name}, of ${names}`, "a name in the hub's clusters or clients", hint));
        return findings;
    }
    const joinable = clients.filter(({ joined, revoked }) => joined && !revoked).map((each) => each.name);
    const add =
        client === undefined
            ? `add ${name} to ingestGateway.clusters of stack ${stack}`
            : `move ${name} from ingestGateway.clients to clusters in stack ${stack}`;
    const write = joinable.length === 0 ? "" : `, or write hub.cluster: ${joinable.join(" or ")}`;
    findings.push(found("hub.cluster", `${name}, of ${names}`, "a name in the hub's clusters", add + write));
    return findings;
}

function revocation({ stack }: Hub, client: Client | undefined): Found[] {
    if (client?.revoked !== true) return [];
    const { name, joined } = client;
    const list = `ingestGateway.${joined ? "clusters" : "clients"}`;
    const hint = `remove revoked from ${name} in ${list} of stack ${stack}, and deploy that stack: until then it refuses every push`;
    return [found("hub.cluster", `${name}, revoked in stack ${stack}`, "a client that is let in", hint)];
}

/** What is sent beside what the hub's list says is kept, but nobody is told when it stays away. */
function expected({ metrics, logs, traces }: Settings, { stack }: Hub, client: Client | undefined): Found[] {
    if (client?.signals === undefined) return [];
    const { name, signals } = client;
    return Object.entries({ metrics, logs, traces }).flatMap(([signal, { kind }]) => {
        if (kind !== "remote" || signals.includes(signal)) return [];
        const wanted = `nothing beside ${signals.join(" and ")}, which alone stack ${stack} expects and watches`;
        const hint = `add ${signal} to the signals of ${name} in ingestGateway.clusters of stack ${stack}, or do not send it`;
        return [found(`${signal}.kind`, kind, wanted, hint)];
    });
}

/** An ingest gateway's address is HTTPS at its usual port. */
const PORT = 443;

function proof({ hub }: Settings, { byCertificate, stack }: Hub): Found[] {
    const hint = `write hub: { secret: … } with tls.crt and tls.key, or ingestGateway.auth: { by: password } in stack ${stack}`;
    return [
        ...(byCertificate && hub.stack !== undefined
            ? [found("hub.stack", "a password from the hub's stack", "a certificate, as the hub asks for", hint)]
            : []),
        ...(hub.port === PORT
            ? []
            : [found("hub.port", String(hub.port), String(PORT), "remove it: network policies would let nothing out")]),
    ];
}

function tenant({ hub }: Settings, client: Client | undefined): Found[] {
    if (hub.tenant === undefined || client === undefined || hub.tenant === client.tenant) return [];
    const hint = "remove it: the hub's gateway sets the tenant by the client, whatever is said";
    return [found("hub.tenant", hub.tenant, client.tenant, hint)];
}

/** What the hub's stores keep, and how they tell the copies of a pair apart. */
function keeping({ metrics, logs }: Settings, hub: Hub): Found[] {
    const findings: Found[] = [];
    const compare = (setting: string, is: unknown, wanted: unknown, hint: string) => {
        if (is !== wanted) findings.push(found(setting, String(is), String(wanted), hint));
    };
    if (metrics.kind === "remote") {
        const { dropsReplica, exemplars, nativeHistograms } = hub.metrics;
        const [drop, keep] = [
            "each sample would be kept twice",
            "the pair's series would be one, and its samples collide",
        ];
        const label = dropsReplica ? "drop" : "keep";
        compare("metrics.replicaLabel", metrics.replicaLabel, label, `write ${label}: ${dropsReplica ? drop : keep}`);
        compare("metrics.exemplars", metrics.exemplars, exemplars, "as the hub's own Prometheus sends to that store");
        compare(
            "metrics.nativeHistograms",
            metrics.nativeHistograms,
            nativeHistograms,
            "as the hub's own Prometheus sends to that store",
        );
    }
    if (logs.kind === "remote") {
        compare("logs.lokiApi", logs.lokiApi, hub.lokiApi, "as the hub's log store takes lines");
    }
    return findings;
}

/** A limit of the hub's metrics store, of the client's tenant or of all; undefined where the store has no such limit. */
function limitOf({ settings }: Hub, client: Client, name: string): unknown {
    const own = at(settings.tenants, `${client.tenant}.metrics`);
    return record(own)[name] ?? at(settings.metrics, `limits.${name}`);
}

/**
 * What comes after a time without the hub is late: of a tenant whose newest samples are others', a store that keeps them in
 * order refuses it for good.
 */
function lateness({ metrics, hub: { offline } }: Settings, hub: Hub, client: Client | undefined): Found[] {
    // Of which tenant the limits are, only the client's entry says.
    if (client === undefined) return [];
    const window = limitOf(hub, client, "outOfOrder");
    if (metrics.kind !== "remote" || typeof window !== "string" || hours(window) >= hours(offline)) return [];
    const wanted = `at most ${window}, how late a sample may come to stack ${hub.stack}`;
    const hint = `write metrics: { limits: { outOfOrder: ${offline} } } in stack ${hub.stack}: later ones are refused for good`;
    return [found("hub.offline", offline, wanted, hint)];
}

function amounts({ platform, metrics }: Settings, hub: Hub, client: Client | undefined): Found[] {
    if (client === undefined) return [];
    const series = amount(String(platform.load?.series));
    const most = Number(limitOf(hub, client, "maxSeries"));
    if (metrics.kind !== "remote" || series === undefined || !(series > most)) return [];
    const hint = `raise maxSeries of the tenant ${client.tenant} in stack ${hub.stack}: series beyond it are refused`;
    return [found("load.series", String(platform.load?.series), `at most ${most}, which the tenant may have`, hint)];
}

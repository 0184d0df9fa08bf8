import type { Database } from "../../contracts/database";
import type { ObjectStore } from "../../contracts/object-store";
import { applications } from "../../kubernetes/access-labels";
import { MONITORING } from "../../kubernetes/namespaces";
import { flowsToBuckets, flowsToUrls, flowTo, type Flow, type NetworkArgs } from "../../kubernetes/network-policies";
import { webPeer } from "../../kubernetes/web-access";
import type { PlatformSettings } from "../../settings/platform";
import { MIGRATION, NAMESPACE, podLabels, PORTS } from "./names";
import type { GlitchtipSettings } from "./settings";

export interface GlitchtipNetworkArgs {
    readonly platform: PlatformSettings;
    readonly settings: GlitchtipSettings;
    readonly database: Pick<Database, "peer">;
    readonly objectStore: Pick<ObjectStore, "peer" | "identityAgents">;
}

/** A port that mail servers take mail on, for a URL that does not name one, or cannot be read before it is known. */
const MAIL = [25, 465, 587];

/** Errors come from browsers, by the platform's access, and from applications; nothing else reaches it but scrapes and probes. */
export function glitchtipNetwork({ platform, settings, database, objectStore }: GlitchtipNetworkArgs): NetworkArgs {
    const { oidc, mail } = settings;
    const [web, worker] = [podLabels("web"), podLabels("worker")];
    const migration = { "app.kubernetes.io/name": MIGRATION };
    const people = webPeer(platform.access);
    const toWeb = { ports: [PORTS.web], pods: web };
    const uses = { web, worker, migration };
    const ingress: Flow[] = [
        ...(people === undefined ? [] : [{ name: "from-people", peer: people, ...toWeb }]),
        { name: "from-applications", peer: applications(platform), ...toWeb },
        { name: "from-probes", peer: { namespace: MONITORING }, ...toWeb },
        { name: "from-scrapes", peer: { namespace: MONITORING }, ports: [PORTS.workerMetrics], pods: worker },
    ];
    return {
        namespace: NAMESPACE,
        cluster: platform,
        ingress,
        egress: [
            ...Object.entries(uses).map(([name, pods]) => flowTo(`${name}-to-database`, database.peer, pods)),
            ...flowsToBuckets(objectStore),
            ...(oidc === undefined ? [] : flowsToUrls("login", web, [oidc.serverUrl], [])),
            // Both mail people: of an invitation, and of an error.
            ...(mail === undefined ? [] : [{ name: "to-mail", peer: "anywhere" as const, ports: MAIL }]),
            // Chats are told of errors by webhooks that people give it.
            { name: "to-webhooks", peer: "anywhere", ports: [443], pods: worker },
        ],
    };
}

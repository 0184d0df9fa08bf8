import { CHANNELS } from "../../components/monitoring/kube-prometheus-stack/alerting-settings";
import { pushersOf } from "../../components/ingest-gateway/client-settings";
import { kindOf, ROLES, sends, STORES, type Role, type Store } from "../../components/platform/roles";
import type { Settings } from "../../components/platform/settings";

/** What a stack deploys without, and nobody would notice until the day. */
export function warnings(settings: Settings): string[] {
    const lacking = (Object.keys(ROLES) as Role[]).flatMap((role) => {
        const kind = kindOf(role, settings);
        return (kind.lacks?.(settings[role]) ?? []).map((what) => `${role} (${kind.kind}): ${what}`);
    });
    return [...lacking, ...unseen(settings), ...unsent(settings), ...untold(settings)];
}

/** What is kept here beside a hub that is sent to: this stack has no Grafana, and the hub's asks the hub's stores alone. */
function unseen(settings: Settings): string[] {
    const kept = (Object.keys(STORES) as Store[]).filter((role) => !sends(role, settings));
    if (kept.length === Object.keys(STORES).length) return [];
    return kept.map(
        (role) =>
            `${role} (${kindOf(role, settings).kind}): nobody shows what is kept here, as no Grafana stands beside what is sent to a hub: write ${role}: { kind: remote }, or ask the store by its API.`,
    );
}

/** Who is to send here and cannot. */
function unsent({ ingestGateway }: Settings): string[] {
    const { enabled, clusters, clients } = ingestGateway;
    const named = [...clusters, ...clients].length;
    if (!enabled) {
        if (named === 0) return [];
        return [
            `ingestGateway: ${clusters.length} clusters and ${clients.length} clients are listed and the gateway is closed: nobody of them can send, and there is no output clusters. Write enabled: true.`,
        ];
    }
    if (named === 0 || pushersOf(ingestGateway).length > 0) return [];
    return ["ingestGateway: every client and cluster is revoked, so that whatever is sent here is refused."];
}

/** Who is not told, of a stack that shall survive something. */
function untold({ platform, alerting }: Settings): string[] {
    if (platform.survives === "nothing") return [];
    const ways = CHANNELS.map((key) => `alerting.${key}`);
    return [
        ...(CHANNELS.some((key) => alerting[key] !== undefined)
            ? []
            : [
                  `An alert ${alerting.routes.length > 0 ? "that no route fits " : ""}tells nobody: set one of ${ways.join(", ")}.`,
              ]),
        ...(alerting.heartbeatUrl === undefined
            ? [
                  "Nobody learns that alerting itself has stopped: set alerting.heartbeatUrl, which an outside service watches.",
              ]
            : []),
    ];
}

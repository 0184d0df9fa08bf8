import { CHANNELS } from "../../components/monitoring/kube-prometheus-stack/alerting-settings";
import { pushersOf } from "../../components/ingest-gateway/client-settings";
import { ingestGatewayDefaults } from "../../components/ingest-gateway/settings";
import { kindOf, ROLES, sends, STORES, type Role, type Store } from "../../components/platform/roles";
import type { Settings } from "../../components/platform/settings";
import { switchedOff, unusedRules } from "../../components/settings/unused";

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

const CLOSED = switchedOff("ingestGateway.enabled");

/** Who is to send here and cannot. What is written for a door may be closed for a while, and is not refused. */
function unsent({ ingestGateway, platform }: Settings): string[] {
    const { enabled, clusters, clients } = ingestGateway;
    const named = [...clusters, ...clients].length;
    if (!enabled) {
        const { auth, ca, limits, replicas } = ingestGateway;
        const own = { auth, ca, limits, replicas };
        const idle = unusedRules("ingestGateway", own, ingestGatewayDefaults(platform.survives), CLOSED);
        const others = idle.map(({ path }) => path).join(", ");
        const said = idle.length === 0 ? [] : [`${others}: nothing of it has a use while the gateway is closed.`];
        if (named === 0) return said;
        return [
            ...said,
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

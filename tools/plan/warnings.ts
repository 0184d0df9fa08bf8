import { CHANNELS } from "../../components/monitoring/kube-prometheus-stack/alerting-settings";
import { kindOf, ROLES, type Role } from "../../components/platform/roles";
import type { Settings } from "../../components/platform/settings";

/** What a stack deploys without, and nobody would notice until the day. */
export function warnings(settings: Settings): string[] {
    const lacking = (Object.keys(ROLES) as Role[]).flatMap((role) => {
        const kind = kindOf(role, settings);
        return (kind.lacks?.(settings[role]) ?? []).map((what) => `${role} (${kind.kind}): ${what}`);
    });
    return [...lacking, ...untold(settings)];
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

import { CHANNELS } from "../../components/monitoring/kube-prometheus-stack/alerting-settings";
import type { Settings } from "../../components/platform/settings";

/** What a stack that shall survive something deploys without, and nobody would notice until the day. */
export function warnings({ platform, alerting }: Settings): string[] {
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

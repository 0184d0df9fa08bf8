import { stringify } from "yaml";
import type { Inhibition } from "../../contracts/system";
import type { AlertingSettings, AlertRoute, Channels } from "./alerting-settings";
import { chatIntegrations, pagerIntegrations, type Receiver } from "./receivers";

const NOBODY = "null";
const HEARTBEAT = "heartbeat";
const PEOPLE = "people";

/** Whom one set of channels tells. */
interface Audience {
    readonly receivers: Receiver[];
    /** Routes for what has come to this audience; without any, its first receiver hears all. */
    readonly routes: { receiver: string; matchers?: string[]; continue?: true }[];
}

/**
 * Critical alerts reach chats and pagers, all others the chats (or the pagers, with their severity, where there is no
 * chat).
 */
function audience(name: string, channels: Channels): Audience {
    const chat = chatIntegrations(channels);
    const pager = pagerIntegrations(channels);
    const hasChat = Object.keys(chat).length > 0;
    const splits = hasChat && Object.keys(pager).length > 0;
    const pagerName = name === PEOPLE ? "pager" : `${name}-pager`;
    return {
        receivers: [{ name, ...(hasChat ? chat : pager) }, ...(splits ? [{ name: pagerName, ...pager }] : [])],
        // A match here keeps the alert from the parent's receiver, so a second route takes it there.
        routes: splits
            ? [{ receiver: pagerName, matchers: ['severity="critical"'], continue: true }, { receiver: name }]
            : [],
    };
}

/** A route of the settings. Names of receivers from the settings cannot clash with ours: those have no prefix. */
function chosen(route: AlertRoute, { receivers }: AlertingSettings) {
    const { receiver, ...conditions } = route;
    const { routes } = audience(named(receiver), receivers[receiver] ?? {});
    return {
        receiver: named(receiver),
        matchers: Object.entries(conditions).map(([label, value]) => `${label}=${JSON.stringify(value)}`),
        ...(routes.length > 0 && { routes }),
    };
}

function named(receiver: string): string {
    return `team-${receiver}`;
}

/**
 * Alertmanager's configuration. The first route of the settings that fits takes an alert, the rest reaches people.
 * The Watchdog, which always fires, reaches the heartbeat and never people.
 * @param inhibitions which alerts are not told while another fires, beside those by severity.
 */
export function alertmanagerConfig(alerting: AlertingSettings, inhibitions: readonly Inhibition[]) {
    const people = audience(PEOPLE, alerting);
    const teams = Object.entries(alerting.receivers).map(([name, channels]) => audience(named(name), channels));
    const receivers: Receiver[] = [
        { name: NOBODY },
        ...(alerting.heartbeatUrl === undefined
            ? []
            : [{ name: HEARTBEAT, webhook_configs: [{ url: alerting.heartbeatUrl, send_resolved: false }] }]),
        ...people.receivers,
        ...teams.flatMap((team) => team.receivers),
    ];
    return {
        global: { resolve_timeout: "5m" },
        route: {
            receiver: PEOPLE,
            group_by: ["cluster", "namespace", "alertname"],
            group_wait: "30s",
            group_interval: "5m",
            repeat_interval: "12h",
            routes: [
                watchdogRoute(alerting.heartbeatUrl === undefined ? NOBODY : HEARTBEAT),
                { receiver: NOBODY, matchers: ['alertname="InfoInhibitor"'] },
                ...alerting.routes.map((route) => chosen(route, alerting)),
                ...people.routes,
            ],
        },
        inhibit_rules: [...bySeverity, ...inhibitions.map(bySource)],
        receivers,
    };
}

const bySeverity = [
    {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity=~"warning|info"'],
        equal: ["cluster", "namespace", "alertname"],
    },
    {
        source_matchers: ['severity="warning"'],
        target_matchers: ['severity="info"'],
        equal: ["cluster", "namespace", "alertname"],
    },
    // Infos are only worth telling beside something worse in their namespace; else this alert fires.
    {
        source_matchers: ['alertname="InfoInhibitor"'],
        target_matchers: ['severity="info"'],
        equal: ["cluster", "namespace"],
    },
];

/** What follows from an alert that fires is not told beside it. */
function bySource({ source, targets, equal }: Inhibition) {
    return {
        source_matchers: [`alertname="${source}"`],
        target_matchers: [`alertname=~"${targets.join("|")}"`],
        equal: [...equal],
    };
}

function watchdogRoute(receiver: string) {
    return {
        receiver,
        matchers: ['alertname="Watchdog"'],
        group_by: ["cluster"],
        group_wait: "0s",
        group_interval: "1m",
        // Just under the group's interval: at the same length every second call would be held back.
        repeat_interval: "50s",
    };
}

/** The configuration as the file that Alertmanager reads. It holds credentials. */
export function alertmanagerYaml(alerting: AlertingSettings, inhibitions: readonly Inhibition[]): string {
    // Alertmanager reads YAML 1.1, where a channel called `on` is no text.
    return stringify(alertmanagerConfig(alerting, inhibitions), { lineWidth: 0, compat: "yaml-1.1" });
}

import { stringify } from "yaml";
import type { AlertingSettings } from "./alerting-settings";

/** A receiver of Alertmanager's configuration. */
interface Receiver {
    name: string;
    [integration: `${string}_configs`]: Record<string, unknown>[];
}

const NOBODY = "null";
const HEARTBEAT = "heartbeat";
const PEOPLE = "people";
const PAGER = "pager";

const TITLE =
    '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] ' +
    "{{ .CommonLabels.alertname }} in {{ .CommonLabels.cluster }} {{ .CommonLabels.namespace }}";

const TEXT =
    "{{ range .Alerts }}*{{ .Labels.severity }}* " +
    "{{ if .Annotations.summary }}{{ .Annotations.summary }}{{ else }}{{ .Annotations.message }}{{ end }}\n" +
    "{{ .Annotations.description }}\n{{ end }}";

const severityIs = (severity: string) => `eq .CommonLabels.severity "${severity}"`;

/** What people read when they find the time. */
function chatIntegrations({ slack, email, telegram, webhook }: AlertingSettings): Omit<Receiver, "name"> {
    return {
        ...(slack && {
            slack_configs: [
                {
                    api_url: slack.apiUrl,
                    channel: slack.channel,
                    send_resolved: true,
                    title: TITLE,
                    // Alertmanager itself is not reachable from outside: the runbook is the better link.
                    title_link: "{{ .CommonAnnotations.runbook_url }}",
                    text: TEXT,
                },
            ],
        }),
        ...(email && {
            email_configs: [
                {
                    to: email.to,
                    from: email.from,
                    smarthost: email.smarthost,
                    require_tls: true,
                    send_resolved: true,
                    ...(email.username !== undefined && { auth_username: email.username }),
                    ...(email.password !== undefined && { auth_password: email.password }),
                },
            ],
        }),
        ...(telegram && {
            telegram_configs: [{ bot_token: telegram.botToken, chat_id: telegram.chatId, send_resolved: true }],
        }),
        ...(webhook && { webhook_configs: [{ url: webhook.url, send_resolved: true }] }),
    };
}

/** What wakes people. */
function pagerIntegrations({ pagerduty, opsgenie }: AlertingSettings): Omit<Receiver, "name"> {
    return {
        ...(pagerduty && {
            pagerduty_configs: [
                {
                    routing_key: pagerduty.routingKey,
                    send_resolved: true,
                    description: TITLE,
                    // PagerDuty refuses other words.
                    severity:
                        `{{ if ${severityIs("critical")} }}critical` +
                        `{{ else if ${severityIs("warning")} }}warning` +
                        `{{ else if ${severityIs("info")} }}info{{ else }}error{{ end }}`,
                },
            ],
        }),
        ...(opsgenie && {
            opsgenie_configs: [
                {
                    api_key: opsgenie.apiKey,
                    send_resolved: true,
                    message: TITLE,
                    priority: `{{ if ${severityIs("critical")} }}P1{{ else }}P3{{ end }}`,
                },
            ],
        }),
    };
}

/**
 * Alertmanager's configuration. Critical alerts reach chats and pagers, all others the chats (or the pagers, with their
 * severity, where there is no chat). The Watchdog, which always fires, reaches the heartbeat and never people.
 */
export function alertmanagerConfig(alerting: AlertingSettings) {
    const chat = chatIntegrations(alerting);
    const pager = pagerIntegrations(alerting);
    const hasChat = Object.keys(chat).length > 0;
    const splitsPager = hasChat && Object.keys(pager).length > 0;
    const receivers: Receiver[] = [
        { name: NOBODY },
        ...(alerting.heartbeatUrl === undefined
            ? []
            : [{ name: HEARTBEAT, webhook_configs: [{ url: alerting.heartbeatUrl, send_resolved: false }] }]),
        { name: PEOPLE, ...(hasChat ? chat : pager) },
        ...(splitsPager ? [{ name: PAGER, ...pager }] : []),
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
                // A match here keeps the alert from the root's receiver, so a second route takes it there.
                ...(splitsPager
                    ? [{ receiver: PAGER, matchers: ['severity="critical"'], continue: true }, { receiver: PEOPLE }]
                    : []),
            ],
        },
        inhibit_rules: [
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
        ],
        receivers,
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
export function alertmanagerYaml(alerting: AlertingSettings): string {
    return stringify(alertmanagerConfig(alerting), { lineWidth: 0 });
}

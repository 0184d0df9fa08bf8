import type { Channels } from "./alerting-settings";

/** A receiver of Alertmanager's configuration. */
export interface Receiver {
    name: string;
    [integration: `${string}_configs`]: Record<string, unknown>[];
}

const TITLE =
    '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] ' +
    "{{ .CommonLabels.alertname }} in {{ .CommonLabels.cluster }} {{ .CommonLabels.namespace }}";

const TEXT =
    "{{ range .Alerts }}*{{ .Labels.severity }}* " +
    "{{ if .Annotations.summary }}{{ .Annotations.summary }}{{ else }}{{ .Annotations.message }}{{ end }}\n" +
    "{{ .Annotations.description }}\n{{ with .Annotations.runbook_url }}{{ . }}{{ else }}{{ .Annotations.runbook }}{{ end }}\n{{ end }}";

const severityIs = (severity: string) => `eq .CommonLabels.severity "${severity}"`;

/** What people read when they find the time. */
export function chatIntegrations({ slack, email, telegram, webhook }: Channels): Omit<Receiver, "name"> {
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
export function pagerIntegrations({ pagerduty, opsgenie }: Channels): Omit<Receiver, "name"> {
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

import { z } from "zod";
import type { Slice } from "../../settings/slice";
import { about, describe, dnsLabel, secretText, url } from "../../settings/types";
import { problem, type SettingsProblem } from "../../settings/problem";

const mailAddress = z
    .string()
    .regex(/^[^\s@]+@[^\s@]+(, *[^\s@]+@[^\s@]+)*$/)
    .register(about, { allowed: "mail addresses, separated by commas", example: "oncall@example.com" });

const smarthost = z
    .string()
    .regex(/^[A-Za-z0-9.-]+:\d{1,5}$/)
    .register(about, { allowed: "host:port without a scheme", example: "smtp.example.com:587" });

const channel = z
    .string()
    .regex(/^[#@]?[^\s#@]+$/)
    .register(about, { allowed: "a channel's name", example: '"#alerts"' });

const secretUrl = describe(url, { secret: true });

const labelValue = z
    .string()
    .regex(/^[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/)
    .register(about, { allowed: "letters, digits, - _ and ., at most 63", example: "shop" });

const slack = z.strictObject({
    apiUrl: describe(secretUrl, { description: "Incoming webhook of Slack." }),
    channel: describe(channel, { description: "Channel to write to." }),
});

const email = z.strictObject({
    to: mailAddress,
    from: mailAddress,
    smarthost: describe(smarthost, { description: "Mail server; it must offer TLS." }),
    username: z.string().min(1).optional(),
    password: secretText.optional(),
});

const telegram = z.strictObject({
    botToken: secretText,
    chatId: z.int().register(about, { allowed: "a chat's number", example: "-1001234567890" }),
});

const pagerduty = z.strictObject({
    routingKey: describe(secretText, { description: "Integration key of PagerDuty's Events API v2." }),
});

/** Ways to tell people. All that are set are told: chats of everything, pagers of what is critical. */
const channels = {
    slack: slack.optional(),
    email: email.optional(),
    pagerduty: pagerduty.optional(),
    opsgenie: z.strictObject({ apiKey: secretText }).optional(),
    telegram: telegram.optional(),
    webhook: z.strictObject({ url: secretUrl }).optional(),
};

const channelSet = z.strictObject(channels);

export type Channels = z.infer<typeof channelSet>;

const route = z.strictObject({
    receiver: describe(dnsLabel, { description: "One of `receivers`.", example: "shop" }),
    team: describe(labelValue, { description: "Alerts with this label `team`." }).optional(),
    namespace: describe(dnsLabel, { description: "Alerts of this namespace.", example: "shop" }).optional(),
    severity: describe(labelValue, { description: "Alerts of this severity.", example: "critical" }).optional(),
});

export type AlertRoute = z.infer<typeof route>;

/** Whom Alertmanager tells. None set means that alerts are only seen in Grafana. */
export const alertingSettings = z.strictObject({
    ...channels,
    receivers: describe(z.record(dnsLabel, channelSet), {
        description: "Whom `routes` tell instead: the same keys as above, by a name.",
        allowed: "a map of maps with slack, email, pagerduty, opsgenie, telegram or webhook",
        example: '{ shop: { slack: { apiUrl: "https://…", channel: "#shop" } } }',
    }),
    routes: describe(z.array(route), {
        description:
            "Which alerts tell a receiver: the first route that fits counts; what none fits goes to those above.",
        allowed: "a list of { receiver, and team, namespace or severity }",
        example: "[{ receiver: shop, team: shop }]",
    }),
    heartbeatUrl: describe(secretUrl, {
        description:
            "Called each minute while alerting works, so that an outside service can tell when it does not. Strongly advised.",
    }).optional(),
    team: describe(labelValue, {
        description: "The label `team` of the platform's own alerts, by which `routes` may choose.",
        example: "platform",
    }),
    runbooks: z
        .string()
        .regex(/^https?:\/\/\S*[^\s/]$/)
        .register(about, {
            allowed: "a URL with http:// or https://, without a slash at its end",
            example: "https://git.example.com/observability/docs/runbooks",
            description:
                "Where people open docs/runbooks of this repository: alerts link to `<runbooks>/<alert>.md` by the annotation `runbook_url`. Without it they name the page's path, as `runbook`.",
        })
        .optional(),
});

export type AlertingSettings = z.infer<typeof alertingSettings>;

export function alertingDefaults(): AlertingSettings {
    return { receivers: {}, routes: [], team: "platform" };
}

export function alertingRules(alerting: AlertingSettings): SettingsProblem[] {
    const named = Object.entries(alerting.receivers).map(([name, set]) => [`alerting.receivers.${name}`, set] as const);
    return [
        ...mailRules("alerting", alerting),
        ...named.flatMap(([path, set]) => [...mailRules(path, set), ...emptyRules(path, set)]),
        ...alerting.routes.flatMap((given, index) => routeRules(`alerting.routes[${index}]`, given, alerting)),
    ];
}

function mailRules(path: string, { email: mail }: Channels): SettingsProblem[] {
    if (mail === undefined || (mail.username === undefined) === (mail.password === undefined)) return [];
    const missing = mail.username === undefined ? "username" : "password";
    return [
        problem(
            `${path}.email.${missing}`,
            "nothing",
            "username and password together, or neither",
            `${missing}: ${missing === "username" ? "alerts" : "(pulumi config set --secret)"}`,
        ),
    ];
}

function emptyRules(path: string, set: Channels): SettingsProblem[] {
    if (Object.keys(set).length > 0) return [];
    return [problem(path, "{}", "at least one channel: alerts routed to it would go unheard", "slack: { … }")];
}

function routeRules(path: string, given: AlertRoute, { receivers }: AlertingSettings): SettingsProblem[] {
    const problems: SettingsProblem[] = [];
    const { receiver, ...conditions } = given;
    if (!Object.hasOwn(receivers, receiver)) {
        const names = Object.keys(receivers).join(", ") || "none yet";
        problems.push(
            problem(
                `${path}.receiver`,
                receiver,
                `one of alerting.receivers (${names})`,
                `receivers: { ${receiver}: { … } }`,
            ),
        );
    }
    if (Object.keys(conditions).length === 0) {
        problems.push(
            problem(
                path,
                `{ receiver: ${receiver} }`,
                "team, namespace or severity beside it",
                "team: shop, or set the channels of alerting itself",
            ),
        );
    }
    return problems;
}

export const alertingSlice: Slice<typeof alertingSettings> = {
    schema: alertingSettings,
    defaults: alertingDefaults,
    rules: alertingRules,
};

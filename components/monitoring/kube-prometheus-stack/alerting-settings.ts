import { z } from "zod";
import { ask } from "../../settings/readable";
import type { Slice } from "../../settings/slice";
import { about, describe, dnsLabel, isPort, secretText, text, url, whole } from "../../settings/types";
import { unused } from "../../settings/unused";
import { pathOf, problem, setSecret, type SettingsProblem } from "../../settings/problem";

const mailAddress = text(
    /^[^\s@,]+@[^\s@,]+(, *[^\s@,]+@[^\s@,]+)*$/,
    "mail addresses, separated by commas",
    "oncall@example.com",
);

const smarthost = text(
    (given) => /^[A-Za-z0-9.-]+:\d{1,5}$/.test(given) && isPort(given.split(":")[1]),
    "host:port without a scheme",
    "smtp.example.com:587",
);

const channel = text(/^[#@]?[^\s#@]{1,80}$/, "a channel's name, at most 80 characters", '"#alerts"');

const secretUrl = describe(url, { secret: true });

const team = text(/^[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/, "letters, digits, - _ and ., at most 63", "shop");

const severity = z
    .enum(["critical", "warning", "info"])
    .register(about, { allowed: "critical, warning or info", example: "critical" });

const slack = z.strictObject({
    apiUrl: describe(secretUrl, { description: "Incoming webhook of Slack." }),
    channel: describe(channel, { description: "Channel to write to." }),
});

const email = z.strictObject({
    to: describe(mailAddress, { description: "Whom to write to." }),
    from: describe(mailAddress, { description: "Who writes.", example: "alerts@example.com" }),
    smarthost: describe(smarthost, { description: "Mail server; it must offer TLS." }),
    username: describe(text(/^[^\p{Cc}]+$/u, "a user's name", "alerts", 256), {
        description: "User at the mail server.",
    }).optional(),
    password: secretText.optional(),
});

const telegram = z.strictObject({
    botToken: secretText,
    chatId: describe(whole(-(2 ** 52), 2 ** 52, "-1001234567890"), { allowed: "a chat's number" }),
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

/** Keys of the ways to tell people. */
export const CHANNELS = channelSet.keyof().options;

const route = z.strictObject({
    receiver: describe(dnsLabel, { description: "One of `receivers`.", example: "shop" }),
    team: describe(team, { description: "Alerts with this label `team`." }).optional(),
    namespace: describe(dnsLabel, { description: "Alerts of this namespace.", example: "shop" }).optional(),
    severity: describe(severity, { description: "Alerts of this severity." }).optional(),
});

export type AlertRoute = z.infer<typeof route>;

const runbooks = text(
    /^https?:\/\/[^\s/@]+(\/\S*)?[^\s/]$/,
    "a URL with http:// or https://, without a login in it and without a slash at its end",
    "https://git.example.com/observability/docs/runbooks",
);

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
    team: describe(team, {
        description: "The label `team` of the platform's own alerts, by which `routes` may choose.",
        example: "platform",
    }),
    runbooks: describe(runbooks, {
        description:
            "Where people open docs/runbooks of this repository: alerts link to `<runbooks>/<alert>.md` by the annotation `runbook_url`. Without it they name the page's path, as `runbook`.",
    }).optional(),
});

export type AlertingSettings = z.infer<typeof alertingSettings>;

export function alertingDefaults(): AlertingSettings {
    return { receivers: {}, routes: [], team: "platform" };
}

export function alertingRules(alerting: AlertingSettings): SettingsProblem[] {
    return ask(
        () => mailRules("alerting", alerting),
        () =>
            Object.keys(alerting.receivers).flatMap((name) => {
                const path = pathOf("alerting.receivers", [name]);
                return ask(
                    () => mailRules(path, alerting.receivers[name] ?? {}),
                    () => emptyRules(path, alerting.receivers[name] ?? {}),
                    () => unroutedRules(path, name, alerting),
                );
            }),
        () =>
            alerting.routes.flatMap((given, index) =>
                ask(() => routeRules(`alerting.routes[${index}]`, given, alerting)),
            ),
    );
}

function mailRules(path: string, { email: mail }: Channels): SettingsProblem[] {
    if (mail === undefined || (mail.username === undefined) === (mail.password === undefined)) return [];
    const missing = mail.username === undefined ? "username" : "password";
    return [
        problem(
            `${path}.email.${missing}`,
            "nothing",
            "username and password together, or neither",
            missing === "username" ? "username: alerts" : setSecret(`${path}.email.password`),
        ),
    ];
}

function emptyRules(path: string, set: Channels): SettingsProblem[] {
    if (Object.keys(set).length > 0) return [];
    return [problem(path, "{}", "at least one channel: alerts routed to it would go unheard", "slack: { … }")];
}

/** Nobody is told by a receiver that no route names. */
function unroutedRules(path: string, name: string, { receivers, routes }: AlertingSettings): SettingsProblem[] {
    const own = receivers[name] ?? {};
    if (Object.keys(own).length === 0 || routes.some(({ receiver }) => receiver === name)) return [];
    const instead = `write routes: [{ receiver: ${name}, team: ${name} }]`;
    return [unused(path, own, { where: "without a route to it", instead })];
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

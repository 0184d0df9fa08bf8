import { z } from "zod";
import { about, describe, secretText, url } from "../setting-types";
import { problem, type SettingsProblem } from "../settings-problem";

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

/** Whom Alertmanager tells. All that are set are told; none set means that alerts are only seen in Grafana. */
export const alertingSettings = z.strictObject({
    slack: z
        .strictObject({
            apiUrl: describe(secretUrl, { description: "Incoming webhook of Slack." }),
            channel: describe(channel, { description: "Channel to write to." }),
        })
        .optional(),
    email: z
        .strictObject({
            to: mailAddress,
            from: mailAddress,
            smarthost: describe(smarthost, { description: "Mail server; it must offer TLS." }),
            username: z.string().min(1).optional(),
            password: secretText.optional(),
        })
        .optional(),
    pagerduty: z
        .strictObject({
            routingKey: describe(secretText, { description: "Integration key of PagerDuty's Events API v2." }),
        })
        .optional(),
    opsgenie: z.strictObject({ apiKey: secretText }).optional(),
    telegram: z
        .strictObject({
            botToken: secretText,
            chatId: z.int().register(about, { allowed: "a chat's number", example: "-1001234567890" }),
        })
        .optional(),
    webhook: z.strictObject({ url: secretUrl }).optional(),
    heartbeatUrl: describe(secretUrl, {
        description:
            "Called each minute while alerting works, so that an outside service can tell when it does not. Strongly advised.",
    }).optional(),
});

export type AlertingSettings = z.infer<typeof alertingSettings>;

export function alertingDefaults(): AlertingSettings {
    return {};
}

export function alertingRules({ email }: AlertingSettings): SettingsProblem[] {
    if (email === undefined || (email.username === undefined) === (email.password === undefined)) return [];
    const missing = email.username === undefined ? "username" : "password";
    return [
        problem(
            `alerting.email.${missing}`,
            "nothing",
            "username and password together, or neither",
            `${missing}: ${missing === "username" ? "alerts" : "(pulumi config set --secret)"}`,
        ),
    ];
}

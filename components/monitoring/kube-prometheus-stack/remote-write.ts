import { z } from "zod";
import { about, describe, dnsLabel, openUrl, plainText, regularExpression, text } from "../../settings/types";
import { problem, type SettingsProblem } from "../../settings/problem";

const secret = describe(dnsLabel, {
    description:
        "Existing Secret in the namespace monitoring, with the keys username and password for basic, token for bearer.",
});

const headerName = text(/^[A-Za-z0-9-]{1,128}$/, "a header's name: letters, digits and dashes", "X-Scope-OrgID");

/** A third system that Prometheus writes to, beside the metrics store. */
const remoteWrite = z.strictObject({
    name: describe(dnsLabel, { description: "Name of its queue, in Prometheus' own metrics." }),
    url: describe(openUrl, {
        description: "Where it takes Prometheus remote write.",
        example: "https://metrics.example.com/api/v1/write",
    }),
    auth: z
        .discriminatedUnion("kind", [
            z.strictObject({ kind: z.literal("none") }),
            z.strictObject({ kind: z.literal("basic"), secret }),
            z.strictObject({ kind: z.literal("bearer"), secret }),
        ])
        .register(about, {
            allowed: "kind: none, basic or bearer, the last two with a secret",
            example: "{ kind: basic, secret: metrics-example-com }",
            description: "How Prometheus shows who it is.",
        }),
    headers: describe(z.record(headerName, plainText), {
        description: "Headers beside it, such as a tenant. No credentials: they stand in an object that many may read.",
        allowed: "a map of texts",
        example: '{ X-Scope-OrgID: "prod" }',
    }).optional(),
    keep: describe(regularExpression, {
        description: "Names of the metrics that are sent; all of them if absent.",
    }).optional(),
});

export const remoteWrites = describe(z.array(remoteWrite), {
    description: "Third systems that Prometheus writes to, beside the metrics store.",
    allowed: "a list of { name, url, auth }",
    example:
        "[{ name: example, url: https://metrics.example.com/api/v1/write, auth: { kind: basic, secret: metrics-example-com } }]",
});

export type RemoteWrite = z.infer<typeof remoteWrite>;

/** Headers that would be credentials, or that Prometheus sets itself. */
const RESERVED = /^(authorization|cookie|host|content-(encoding|type)|x-prometheus-.*|user-agent)$/i;

/** @param path of the list in the settings. */
export function remoteWriteRules(writes: readonly RemoteWrite[], path: string): SettingsProblem[] {
    return writes.flatMap(({ name, url: to, auth, headers = {} }, index) => {
        const found: SettingsProblem[] = [];
        if (name === "metrics-store" || writes.findIndex((each) => each.name === name) !== index) {
            found.push(problem(`${path}[${index}].name`, name, "a name of its own", "write another name"));
        }
        if (auth.kind !== "none" && to.startsWith("http://")) {
            found.push(
                problem(
                    `${path}[${index}].url`,
                    to,
                    "https:// where a credential is sent",
                    to.replace("http:", "https:"),
                ),
            );
        }
        for (const header of Object.keys(headers).filter((each) => RESERVED.test(each))) {
            found.push(
                problem(`${path}[${index}].headers`, header, "headers that hold no credential", "put it into auth"),
            );
        }
        return found;
    });
}

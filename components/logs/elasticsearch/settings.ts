import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import { fewest } from "../../settings/replicas";
import { about, certificates, describe, replicas, rotation, text } from "../../settings/types";
import { CANNOT, CANNOT_OF_TENANTS } from "./cannot";
import { elasticsearchReplicated } from "./workloads";

/** A tenant has nothing of its own: what is kept, and how long, is said in the store. */
export const elasticsearchTenant = z.strictObject({}).register(about, { cannot: CANNOT_OF_TENANTS });
export type ElasticsearchTenant = z.infer<typeof elasticsearchTenant>;

/** Keys go along with each request, so no address is plain HTTP. */
const httpsUrl = text(
    // nginx compares a certificate with names alone: one for an address would never do.
    /^https:\/\/[a-z0-9.-]*[a-z][a-z0-9.-]*(:\d{1,5})?(\/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-])?$/,
    "a URL with https:// and a host's name, without a login and without a slash at its end",
    "https://logs.es.eu-central-1.aws.elastic.cloud:443",
);

/** As Elasticsearch gives it out, and no id with its key behind a colon: it stands in a directive of nginx. */
const apiKey = z
    .string()
    .regex(/^(?![\w-]+:[\w-]+$)[A-Za-z0-9+/=_.:-]{16,1024}$/)
    .register(about, { allowed: "an API key, encoded as Elasticsearch shows it", secret: true });

export const elasticsearchSettings = z
    .strictObject({
        kind: describe(z.literal("elasticsearch"), {
            description: "What keeps the logs: an Elasticsearch that this stack does not run.",
            immutable: "the lines stay in the store that took them",
        }),
        url: describe(httpsUrl, {
            description: "Base URL of its search API.",
            immutable: "the lines stay in the store that took them",
        }),
        otlpUrl: describe(httpsUrl, {
            description:
                "Base URL of its OTLP over HTTP, to which /v1/logs is appended: `<url>/_otlp` if absent, which 9.5 and newer have; or Elastic's managed endpoint, or a gateway of the collector with Elastic's exporter.",
        }).optional(),
        index: describe(
            text(/^[a-z0-9][a-z0-9._*,-]{0,254}$/, "names or patterns of data streams, with commas", "logs-*.otel-*"),
            { description: "Data streams that Grafana reads." },
        ),
        keys: z.strictObject({
            writer: describe(apiKey, {
                description: "API key with `create_doc` and `auto_configure` on the data streams, and nothing else.",
            }),
            reader: describe(apiKey, {
                description: "API key with `read` and `view_index_metadata` on the data streams, and nothing else.",
            }),
        }),
        ca: describe(certificates, {
            description: "Authority of the addresses' certificates, where it is none that everybody trusts.",
        }).optional(),
        rotation: describe(rotation, {
            description: "Raise by one with each change of the keys or of the authority: the gateway's pods restart.",
        }),
        replicas: z.strictObject({
            gateway: describe(replicas, { description: "Show the store its keys, the one address in the cluster." }),
        }),
    })
    .register(about, { cannot: CANNOT });

export type ElasticsearchSettings = z.infer<typeof elasticsearchSettings>;

/** Defaults of what has any: addresses and keys are the user's to give. */
export function elasticsearchDefaults(survives: Survives): Partial<ElasticsearchSettings> {
    return {
        kind: "elasticsearch",
        index: "logs-*.otel-*",
        rotation: 1,
        replicas: fewest(elasticsearchReplicated, survives),
    };
}

/** Base URL of OTLP over HTTP. */
export function otlpTarget({ url, otlpUrl }: Pick<ElasticsearchSettings, "url" | "otlpUrl">): string {
    return otlpUrl ?? `${url}/_otlp`;
}

import { z } from "zod";

/**
 * The vocabulary of the settings. Each type says what is allowed and gives an example, which a refused setting's
 * message repeats. `immutable` marks what must not change after the first deployment.
 */
export interface About {
    /** What is allowed, in words that complete "allowed: …". */
    allowed?: string;
    /** A right value, to be written instead. */
    example?: string;
    /** Why the value must stay after the first deployment; absent where it may change. */
    immutable?: string;
    /** Why the number must never be lowered; absent where it may. */
    rises?: string;
    /** The value is a credential: never printed. */
    secret?: boolean;
    /** The value is a number of pods: production has a minimum for it, or needs none, as the system's workloads.ts says. */
    pods?: boolean;
    /** What the value means, its unit. */
    description?: string;
}

export const about = z.registry<About>();

function text(pattern: RegExp, allowed: string, example: string) {
    return z.string().regex(pattern).register(about, { allowed, example });
}

/** Whether the calendar has it: the 31st of February is read as the 2nd or 3rd of March. */
function isMoment(utc: string): boolean {
    const moment = new Date(utc);
    return !Number.isNaN(moment.getTime()) && moment.toISOString() === utc.replace("Z", ".000Z");
}

/** Attaches meaning to a schema; what its type already says is kept. */
export function describe<T extends z.ZodType>(schema: T, more: About): T {
    const copy = schema.clone();
    about.add(copy, { ...about.get(schema), ...more });
    return copy;
}

/** RFC 1123 label, as Kubernetes names and DNS labels are. */
export const dnsLabel = text(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "lower-case letters, digits and dashes, at most 63",
    "prod",
);

/** Fully qualified host name. */
export const hostname = text(
    /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "a host name of lower-case labels with at least one dot",
    "observability.example.com",
);

/** S3 bucket name (AWS rules: 3-63 of lower-case letters, digits, dashes; dots are left out since they break TLS). */
export const bucketName = text(
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    "3 to 63 lower-case letters, digits and dashes",
    "prod-loki-chunks",
);

/** Kubernetes quantity of bytes with a binary suffix. */
export const bytes = text(/^[1-9][0-9]{0,8}(Mi|Gi|Ti)$/, "a whole number with Mi, Gi or Ti", "50Gi");

/** Span of time: a whole number with one unit, as every store reads it. */
export const duration = text(/^[1-9][0-9]{0,8}(s|m|h|d)$/, "a whole number with s, m, h or d", "30d");

/** Calendar date. */
export const date = z
    .string()
    .refine((given) => /^\d{4}-\d\d-\d\d$/.test(given) && isMoment(`${given}T00:00:00Z`))
    .register(about, { allowed: "a date as YYYY-MM-DD, in quotes", example: '"2024-04-01"' });

/** A moment. */
export const utcTime = z
    .string()
    .refine((given) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(given) && isMoment(given))
    .register(about, {
        allowed: "a time in UTC as 2026-01-31T06:00:00Z, in quotes",
        example: '"2026-01-31T06:00:00Z"',
    });

/** Hours between two runs: those that divide a day, so that each day is alike. */
export const everyHours = z
    .literal([1, 2, 3, 4, 6, 8, 12, 24])
    .register(about, { allowed: "1, 2, 3, 4, 6, 8, 12 or 24", example: "6" });

/** Tenant identifier (Cortex and Loki: at most 150 of these characters). */
export const tenantId = text(/^[A-Za-z0-9_-]{1,150}$/, "letters, digits, - and _, at most 150", "prod");

/** Image registry, with an optional path. */
export const registryHost = text(
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/,
    "a registry host with an optional path and no scheme",
    "registry.example.com/mirror",
);

/** Where charts come from instead of their repositories. */
export const chartMirror = text(
    /^(oci:\/\/[^\s]+|[^\s:]+)$/,
    "a folder of NAME-VERSION.tgz files, or an oci:// prefix",
    "oci://registry.example.com/charts",
);

/** HTTP(S) URL. */
export const url = text(
    /^https?:\/\/[^\s/]+(\/[^\s]*)?$/,
    "a URL with http:// or https://",
    "https://hooks.example.com/x",
);

/** HTTP(S) URL that stands where many may read it. */
export const openUrl = text(
    /^https?:\/\/[^\s/@]+(\/[^\s]*)?$/,
    "a URL with http:// or https://, and no login in it",
    "https://shop.example.com/healthz",
);

/** Object store address without a scheme. */
export const hostPort = text(
    /^[a-z0-9.-]+:\d{1,5}$/,
    "host:port without a scheme",
    "s3.eu-central-1.amazonaws.com:443",
);

/** A credential. Its value is never printed. */
export const secretText = z.string().min(1).register(about, { allowed: "a text that is not empty", secret: true });

/** Number of replicas of a workload. */
export const replicas = z
    .int()
    .min(1)
    .max(500)
    .register(about, { allowed: "a whole number from 1 to 500", example: "3", pods: true });

/** Positive whole number. */
export const count = z.int().min(1).register(about, { allowed: "a whole number from 1", example: "1" });

export const flag = z.boolean().register(about, { allowed: "true or false", example: "true" });

/** A chart's values, merged over everything else (arrays replace, null deletes a chart's default). */
export const chartValues = z
    .record(z.string(), z.unknown())
    .register(about, { allowed: "the chart's own values, as a map", example: "{}" });

/** How often the system's credentials were rotated: raise it by one to make new ones. */
export const rotation = describe(count, { description: "Raise by one to make new credentials." });

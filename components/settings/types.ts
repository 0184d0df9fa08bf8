import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import { byteCount, hours } from "./units";

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
    /** Keys that people write for keys of this map, or words for those that may stand here, in lower case, with what to write. */
    otherNames?: Readonly<Record<string, string>>;
    /** Keys that other kinds of the same role have in this map and this one cannot have, with what to do instead. */
    cannot?: Readonly<Record<string, string>>;
    /** The value is a credential: never printed. */
    secret?: boolean;
    /** The value is a number of pods: production has a minimum for it, or needs none, as the system's workloads.ts says. */
    pods?: boolean;
    /** What the value means, its unit. */
    description?: string;
}

export const about = z.registry<About>();

/** Characters of the longest text that any setting takes; more has never been meant. */
export const LONGEST = 2048;

/**
 * A text of one line, without control characters.
 * @param fits the whole of it: a pattern, or what answers whether it is right. Longer ones than `longest` are not asked.
 */
export function text(fits: RegExp | ((text: string) => boolean), allowed: string, example: string, longest = LONGEST) {
    const right = (given: string) => (fits instanceof RegExp ? fits.test(given) : fits(given));
    return z
        .string()
        .refine((given) => given.length <= longest && !/\p{Cc}/u.test(given) && right(given))
        .register(about, { allowed, example });
}

/** A whole number of a range. */
export function whole(least: number, most: number, example: string) {
    const allowed = `a whole number from ${least} to ${most}`;
    return z.int().min(least).max(most).register(about, { allowed, example });
}

/** A binary quantity of a range, as Kubernetes and this project's units write it. */
export function quantity(least: string, most: string, example: string) {
    const fits = (given: string) =>
        /^[1-9][0-9]{0,8}(Mi|Gi|Ti)$/.test(given) &&
        byteCount(given) >= byteCount(least) &&
        byteCount(given) <= byteCount(most);
    return text(fits, `a whole number with Mi, Gi or Ti, from ${least} to ${most}`, example);
}

/** A span of time of a range: a whole number with one unit. Who writes it for a program writes it in that program's units. */
export function span(least: string, most: string, example: string) {
    const fits = (given: string) =>
        /^[1-9][0-9]{0,8}(s|m|h|d)$/.test(given) && hours(given) >= hours(least) && hours(given) <= hours(most);
    return text(fits, `a whole number with s, m, h or d, from ${least} to ${most}`, example);
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

/** Whether a chart that writes a text without quotes writes a text: YAML takes `1e3` for a number and `on` for a word. */
function isPlainText(given: string): boolean {
    return !/^(\d+(e\d+)?|0[xob][\da-f]+|true|false|null|yes|no|on|off|y|n)$/.test(given);
}

/** RFC 1123 label, as Kubernetes names and DNS labels are. */
export const dnsLabel = text(
    (given) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(given) && isPlainText(given),
    "lower-case letters, digits and dashes, at most 63, which YAML does not take for a number or a word of its own",
    "prod",
);

/** A label of a Kubernetes object: an optional prefix that is a DNS name, and a name. */
export const labelKey = text(
    /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
    "a label's key: letters, digits, - _ and ., at most 63, below an optional prefix",
    "topology.kubernetes.io/zone",
);

/** What a label of a Kubernetes object holds; also nothing. */
export const labelValue = text(
    /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/,
    "letters, digits, - _ and ., at most 63",
    "observability",
);

/** RFC 1123 subdomain, as the names of most Kubernetes objects are: labels, joined by dots. */
export const objectName = text(
    /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    "lower-case letters, digits, dashes and dots, at most 253",
    "fast.example.com",
);

/** Fully qualified host name. */
export const hostname = text(
    /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "a host name of lower-case labels with at least one dot",
    "observability.example.com",
);

/** S3 bucket name (AWS rules: 3-63 of lower-case letters, digits, dashes; dots are left out since they break TLS). */
export const bucketName = text(
    (given) => /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(given) && !RESERVED_BUCKET.test(given),
    "3 to 63 lower-case letters, digits and dashes, without a beginning or an end that S3 keeps for itself",
    "prod-loki-chunks",
);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const RESERVED_BUCKET = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--[a-z0-9]+-s3)$/;

/** Bytes of what is no volume and no memory: a rate, a burst, a trace. */
export const bytes = quantity("1Mi", "1Ti", "50Mi");

/** A volume: from what every cloud makes up to what ext4 and the clouds' disks take. */
export const volumeSize = quantity("1Gi", "64Ti", "50Gi");

/** Memory of a process. */
export const memorySize = quantity("64Mi", "4Ti", "2Gi");

/** Span of time, at most a hundred years: Go's clock ends after 292. */
export const duration = span("1s", "36500d", "30d");

/** A text without control characters, of which nothing more can be said here. */
export const plainText = text(/^[^\p{Cc}]*$/u, "a text in one line", '"a text"');

/** A regular expression as Go's regexp reads it: without looking around and without references to what came before. */
export const regularExpression = text(isRegularExpression, "a regular expression as RE2 reads it", '"up|shop_.*"');

export function isRegularExpression(given: string): boolean {
    if (given === "" || /\(\?(<?[=!])|\\[1-9]|\\k</.test(given)) return false;
    // What RE2 writes otherwise than JavaScript does.
    const inJavaScript = given
        .replace(/\(\?P</g, "(?<")
        .replace(/\(\?[imsU-]+\)/g, "")
        .replace(/\(\?[imsU-]+:/g, "(?:")
        .replace(/\[\[:\^?\w+:\]/g, "[a")
        .replace(/\\[AzQEC]/g, "");
    try {
        new RegExp(inJavaScript);
        return true;
    } catch {
        return false;
    }
}

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
    /^(oci:\/\/[^\s@]+|[^\s:]+)$/,
    "a folder of NAME-VERSION.tgz files, or an oci:// prefix without a login in it",
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
    (given) => /^[a-z0-9.-]+:\d{1,5}$/.test(given) && isPort(given.split(":")[1]),
    "host:port without a scheme, the port from 1 to 65535",
    "s3.eu-central-1.amazonaws.com:443",
);

/** Whether digits are a port's number. */
export function isPort(digits: string | undefined): boolean {
    const port = Number(digits);
    return port >= 1 && port <= 65_535;
}

/** A credential. Its value is never printed. */
export const secretText = z
    .string()
    .min(1)
    .max(16_384)
    .register(about, { allowed: "a text that is not empty", secret: true });

/** An example, of nobody: its key was thrown away. */
const CERTIFICATE = `${[
    "-----BEGIN CERTIFICATE-----",
    "MIHWMIGJAhRa2l05Un/t1gZYI1EvCj0FnNoCCzAFBgMrZXAwDTELMAkGA1UEAwwC",
    "Y2EwIBcNMjYxMTI5MTEyNDA0WhgPMjEyNjExMDUxMTI0MDRaMA0xCzAJBgNVBAMM",
    "AmNhMCowBQYDK2VwAyEATrkSq92Zji9I+c9gDmwYwfka/fkDE2UUd8luwPTQr2Ew",
    "BQYDK2VwA0EAe7U9u/AoCD5LUD+8V9fJzgDDJqjzNO82ThnLy45dtz6nf4Dg0Gnh",
    "tZ2PlY2xW8SWjzaCX+Nu9303KzZIOmIWAQ==",
    "-----END CERTIFICATE-----",
].join("\n")}\n`;

/** Certificates, public as they are: one after another as files like ca.crt hold them. */
export const certificates = z
    .string()
    .refine((given) => given.length <= 65_536 && areCertificates(given))
    .register(about, { allowed: "certificates in PEM, of 64 KiB at most", example: JSON.stringify(CERTIFICATE) });

function areCertificates(pem: string): boolean {
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    // A private key beside them would be handed out as well.
    if (blocks.reduce((rest, block) => rest.replace(block, ""), pem).trim() !== "") return false;
    try {
        return blocks.map((block) => new X509Certificate(block)).length > 0;
    } catch {
        return false;
    }
}

/** Most replicas of a workload. */
export const MOST_REPLICAS = 500;

/** Address of a machine, without the zone of a link (fe80::1%eth0), which no network policy takes. */
export const ipAddress = z
    .string()
    .refine((given) => isIP(given) !== 0 && !given.includes("%"))
    .register(about, { allowed: "an IPv4 or IPv6 address", example: "169.254.20.10" });

/** TCP or UDP port. */
export const portNumber = z.int().min(1).max(65535).register(about, { allowed: "a port, 1 to 65535", example: "443" });

/** Number of replicas of a workload. */
export const replicas = whole(1, MOST_REPLICAS, "3").register(about, {
    allowed: `a whole number from 1 to ${MOST_REPLICAS}`,
    example: "3",
    pods: true,
});

/** Positive whole number. */
export const count = whole(1, 1_000_000_000, "1");

export const flag = z.boolean().register(about, { allowed: "true or false", example: "true" });

/** A chart's values, merged over everything else (arrays replace, null deletes a chart's default). */
export const chartValues = z
    .record(z.string(), z.unknown())
    .register(about, { allowed: "the chart's own values, as a map", example: "{}" });

/** How often the system's credentials were rotated: raise it by one to make new ones. */
export const rotation = describe(count, { description: "Raise by one to make new credentials." });

import { isIP } from "node:net";
import { UNSET, RUNTIME } from "./variables";

/** An address as a configuration names it. */
export interface Address {
    /** As written, variables filled in. */
    readonly text: string;
    /** Without a trailing dot and the labels of an SRV record. */
    readonly host: string;
    /** As written, else its scheme's own; undefined where nothing tells. */
    readonly port: number | undefined;
    /** The SRV record's, which finds the port by its name. */
    readonly service: { readonly port: string; readonly protocol: "TCP" | "UDP" } | undefined;
}

/** Where a text stands, as far as that tells what it means. */
export interface Hint {
    /** The last key of its path, or the flag that it is given with. */
    readonly key: string;
    /** Tells whether a namespace of this name is part of the stack. */
    readonly hasNamespace: (name: string) => boolean;
}

const DEFAULT_PORTS: Record<string, number | undefined> = {
    http: 80,
    https: 443,
    ws: 80,
    wss: 443,
    postgres: 5432,
    postgresql: 5432,
    redis: 6379,
};
const OTHER_SCHEMES = ["grpc", "grpcs", "tcp", "udp", "tls", "dns", "memcached"];

/** A host's letters: those of names and IPv4, of variables without a value, and MinIO's `{0...3}`. */
const HOST = `(?:[\\w.-]|${UNSET.open}\\w+${UNSET.close}|${RUNTIME.open}\\w+${RUNTIME.close}|\\{\\d+\\.{3}\\d+\\})+`;
const PORT = `(?::(\\d{1,5}|${UNSET.open}\\w+${UNSET.close}|${RUNTIME.open}\\w+${RUNTIME.close}))?`;
const URL_FORM = new RegExp(`\\b([a-z][a-z0-9]*)://([^\\s/@"']*@)?(\\[[0-9a-f:]+\\]|${HOST})${PORT}`, "gi");
/** One word between spaces, quotes, commas, brackets or an equals sign. */
const WORD = /[^\s,;"'`()<>=|[\]]+/g;
const PLAIN_FORM = new RegExp(`^(dns\\+|dnssrv\\+|dnssrvnoa\\+)?(${HOST})${PORT}$`, "i");

/** Keys whose values are addresses, also where these look like any word. */
const ADDRESS_KEY =
    /(addr|address|addresses|endpoint|endpoints|host|hosts|server|target|targets|static|upstream|members|smarthost|url|urls)$/i;

/** Every address that a text names. Plain words count where they can be nothing else, or where the key says so. */
export function addressesIn(text: string, hint: Hint): Address[] {
    const urls: Address[] = [];
    const rest = text.replace(
        URL_FORM,
        (_written: string, scheme: string, user: string | undefined, host: string, port?: string) => {
            const known = scheme in DEFAULT_PORTS || OTHER_SCHEMES.includes(scheme);
            // `s3://key:secret@host/bucket` names a host, `s3://bucket` does not.
            if (!known && user === undefined) return " ";
            // MinIO's pool: its servers listen where `--address` says.
            const implied = host.includes("{") ? undefined : DEFAULT_PORTS[scheme];
            urls.push(addressOf(`${scheme}://${host}${port === undefined ? "" : `:${port}`}`, host, port, implied));
            return " ";
        },
    );
    const words = [...rest.matchAll(WORD)].map(([word]) => word);
    const alone = words.length === 1 || rest.split(/[\s,]+/).every((part) => PLAIN_FORM.test(part));
    return [...urls, ...words.flatMap((word) => plain(word, alone, hint))].filter((each) => !isOwn(each.host));
}

function plain(word: string, alone: boolean, { key, hasNamespace }: Hint): Address[] {
    const [, prefix, host = "", port] = PLAIN_FORM.exec(word) ?? [];
    if (host === "") return [];
    const labels = host.replace(/\.$/, "").split(".");
    const certain =
        prefix !== undefined ||
        inCluster(labels) ||
        (labels.length === 2 && port !== undefined && hasNamespace(labels[1] ?? ""));
    const meant =
        alone &&
        ADDRESS_KEY.test(key) &&
        (port !== undefined || (labels.length === 2 && hasNamespace(labels[1] ?? "")));
    return certain || meant ? [addressOf(word, host, port, undefined)] : [];
}

function addressOf(text: string, written: string, port: string | undefined, implied: number | undefined): Address {
    const host = written.replace(/\.$/, "");
    const [, name, protocol, rest] = /^_([^.]+)\._(tcp|udp)\.(.+)$/i.exec(host) ?? [];
    if (name !== undefined && rest !== undefined) {
        const service = { port: name, protocol: protocol?.toLowerCase() === "udp" ? "UDP" : "TCP" } as const;
        return { text, host: rest, port: undefined, service };
    }
    const number = port === undefined ? implied : Number(port);
    return { text, host, port: Number.isNaN(number) ? undefined : number, service: undefined };
}

/** `service.namespace.svc`, with the cluster's domain or without, and a pod's name before it. */
function inCluster(labels: readonly string[]): boolean {
    const at = labels.lastIndexOf("svc");
    return at >= 2 && (at === labels.length - 1 || labels.slice(at + 1).join(".") === "cluster.local");
}

/** Addresses of the pod itself: to listen on, or of the container beside. */
function isOwn(host: string): boolean {
    return host === "localhost" || host === "0.0.0.0" || host === "[::]" || host === "[::1]" || host.startsWith("127.");
}

/** What an address names, seen from a namespace. */
export type Named =
    | { readonly kind: "service"; readonly namespace: string; readonly name: string; readonly pod: string | undefined }
    | { readonly kind: "outside" }
    /** A variable that nothing sets. */
    | { readonly kind: "unset"; readonly variable: string }
    /** It holds a value that only the cluster can tell. */
    | { readonly kind: "runtime" };

/** Follows a pod's DNS search list: `svc`, `svc.namespace`, `svc.namespace.svc` and the full name. */
export function named(address: Address, namespace: string, hasNamespace: (name: string) => boolean): Named {
    const whole = `${address.text}${address.host}`;
    const variable = new RegExp(`${UNSET.open}(\\w+)${UNSET.close}`).exec(whole)?.[1];
    if (variable !== undefined) return { kind: "unset", variable };
    if (whole.includes(RUNTIME.open)) return { kind: "runtime" };
    const host = address.host.toLowerCase();
    if (isIP(host.replace(/^\[|\]$/g, "")) !== 0) return { kind: "outside" };
    const labels = host.split(".");
    if (inCluster(labels)) {
        const at = labels.lastIndexOf("svc");
        const [name = "", of = ""] = labels.slice(at - 2, at);
        return { kind: "service", namespace: of, name, pod: labels.slice(0, at - 2).join(".") || undefined };
    }
    const [name = "", of] = labels;
    if (labels.length === 1) return { kind: "service", namespace, name, pod: undefined };
    if (labels.length === 2 && of !== undefined && hasNamespace(of)) {
        return { kind: "service", namespace: of, name, pod: undefined };
    }
    return { kind: "outside" };
}

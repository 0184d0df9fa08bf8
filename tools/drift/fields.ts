import { byteCount, cpuCores } from "../../components/settings/units";
import { isRecord, records } from "../records";
import type { KubernetesObject } from "../render/manifests";
import { UNKNOWN_TEXT } from "../render/releases";

/** One field that the cluster holds otherwise than the stack asks. Values of Secrets are not repeated. */
export interface FieldDrift {
    /** As `spec.template.spec.containers[ingester].image`. */
    readonly path: string;
    /** What the stack asks; undefined for an item of a list that it does not know. */
    readonly wanted: string | undefined;
    /** What the cluster has; undefined where the field is gone. */
    readonly found: string | undefined;
}

/**
 * Fields of an object that differ in the cluster. What the stack leaves open is the API server's to fill in, so maps may
 * hold more than it asks; lists may not, since the API server adds no items to those of a template.
 * @param wanted as rendered; values that only a deployment knows are passed over.
 * @param live as the API server gives it, in the same API version.
 */
export function driftOf(wanted: KubernetesObject, live: KubernetesObject): FieldDrift[] {
    const { labels, annotations } = wanted.metadata;
    const rest = Object.entries(wanted).filter(([key]) => !NOT_ASKED.has(key));
    if (wanted.kind === "Secret") return keysOfSecret(wanted, live);
    return [
        ...compare(["metadata", "labels"], labels, live.metadata.labels),
        ...compare(["metadata", "annotations"], kept(annotations), live.metadata.annotations),
        ...rest.flatMap(([key, value]) => compare([key], value, live[key])),
    ];
}

const NOT_ASKED = new Set(["apiVersion", "kind", "metadata", "status"]);

/** Checksums follow from objects that are compared themselves, and from passwords that only the deployment knows. */
function kept(annotations: KubernetesObject["metadata"]["annotations"] = {}) {
    return Object.fromEntries(
        Object.entries(annotations).filter(([key]) => !/^(checksum|pulumi\.com|helm\.sh)\/|checksum$/.test(key)),
    );
}

function keysOfSecret(wanted: KubernetesObject, live: KubernetesObject): FieldDrift[] {
    const keys = ["data", "stringData"].flatMap((field) => (isRecord(wanted[field]) ? Object.keys(wanted[field]) : []));
    const there = isRecord(live.data) ? live.data : {};
    return keys
        .filter((key) => !Object.hasOwn(there, key))
        .map((key) => ({ path: `data.${key}`, wanted: "a value", found: undefined }));
}

type Path = readonly (string | number)[];

function compare(path: Path, wanted: unknown, live: unknown): FieldDrift[] {
    if (isEmpty(wanted)) return [];
    if (Array.isArray(wanted)) return Array.isArray(live) ? items(path, wanted, live) : differs(path, wanted, live);
    if (isRecord(wanted)) {
        if (!isRecord(live)) return differs(path, wanted, live);
        return Object.entries(wanted).flatMap(([key, value]) => compare([...path, key], value, live[key]));
    }
    return isSame(path, wanted, live) ? [] : differs(path, wanted, live);
}

/** The API server drops what is empty, and what is false or 0 where that is the default. */
function isEmpty(value: unknown): boolean {
    if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
    if (typeof value === "string") return value.includes(UNKNOWN_TEXT);
    if (Array.isArray(value)) return value.every(isEmpty);
    return isRecord(value) && Object.values(value).every(isEmpty);
}

function items(path: Path, wanted: readonly unknown[], live: readonly unknown[]): FieldDrift[] {
    const key = keyOf(wanted, live);
    if (key === undefined) {
        if (wanted.length !== live.length) return differs(path, wanted, live);
        return wanted.flatMap((item, i) => compare([...path, i], item, live[i]));
    }
    const nameOf = (item: Record<string, unknown>) => String(item[key]);
    const there = new Map(records(live).map((item) => [nameOf(item), item]));
    const asked = new Map(records(wanted).map((item) => [nameOf(item), item]));
    return [
        ...[...asked].flatMap(([name, item]) => {
            const found = there.get(name);
            return found === undefined
                ? differs([...path, name], item, undefined)
                : compare([...path, name], item, found);
        }),
        ...[...there].flatMap(([name, item]) => (asked.has(name) ? [] : differs([...path, name], undefined, item))),
    ];
}

/** What tells the items of both lists apart; undefined where only their order does. */
function keyOf(...lists: (readonly unknown[])[]): string | undefined {
    return ["name", "key", "mountPath"].find((key) =>
        lists.every((list) => {
            const names = list.map((item) => (isRecord(item) && typeof item[key] === "string" ? item[key] : undefined));
            return !names.includes(undefined) && new Set(names).size === list.length;
        }),
    );
}

/** Texts in data are compared to the letter; elsewhere `1000m` is 1, `1024Mi` is `1Gi` and "80" is 80. */
function isSame([top]: Path, wanted: unknown, live: unknown): boolean {
    if (wanted === live) return true;
    if (!isScalar(wanted) || !isScalar(live)) return false;
    const [a, b] = [String(wanted), String(live)];
    if (a === b) return true;
    if (top === "data" || typeof wanted === "boolean") return false;
    return [cpuCores, byteCount].some((amount) => amount(a) === amount(b)) || sameDuration(a, b);
}

function isScalar(value: unknown): value is string | number | boolean {
    return ["string", "number", "boolean"].includes(typeof value);
}

/** cert-manager writes a day as `24h0m0s`. */
function sameDuration(a: string, b: string): boolean {
    const bare = (text: string) => text.replace(/(?<=[hm])0[ms]/g, "");
    return /^\d+h/.test(a) && bare(a) === bare(b);
}

function differs(path: Path, wanted: unknown, live: unknown): FieldDrift[] {
    return [{ path: pathText(path), wanted: shown(wanted), found: shown(live) }];
}

function pathText(path: Path): string {
    return path.reduce<string>((text, part) => {
        if (typeof part === "number" || /[^A-Za-z0-9_-]/.test(part)) return `${text}[${part}]`;
        return text === "" ? part : `${text}.${part}`;
    }, "");
}

const LONGEST = 80;

function shown(value: unknown): string | undefined {
    if (value === undefined) return undefined;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const [first = "", ...more] = text.split("\n");
    return more.length > 0 || first.length > LONGEST ? `${first.slice(0, LONGEST)}…` : first;
}

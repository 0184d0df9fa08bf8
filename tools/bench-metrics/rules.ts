import { at, records, strings } from "../records";
import { groupingsOf, metricsOf, type Matcher } from "../promql";
import type { ClusterModel } from "../verify/cluster-model";
import { field, sample, series, seriesLabels, snappy } from "../load/wire";

type Labels = Readonly<Record<string, string>>;

/** Seconds between two samples; as prod scrapes. */
const INTERVAL = 30;
/** Series of each way in which an expression selects a metric. */
const EACH = 3;
/** Upper bounds of histograms. */
const BOUNDS = ["0.1", "1", "10", "+Inf"];
/** Bytes of a push. */
const PUSH = 500_000;

/** Every expression of a rendering's rules in PromQL, each once. */
export function expressionsOf(model: ClusterModel): string[] {
    const rules = model
        .ofKind("PrometheusRule")
        .filter(({ object }) => object.metadata.labels?.["observability-platform/rules"] !== "logs")
        .flatMap(({ object }) => records(at(object, "spec.groups")))
        .flatMap((group) => records(group.rules));
    return [...new Set(rules.map(({ expr }) => String(expr)))];
}

/** Series for everything that expressions select: by the values that they match, and with the labels that they group by. */
export function seriesFor(expressions: readonly string[]): Labels[] {
    const found = new Map<string, Labels>();
    for (const expr of expressions) {
        const grouped = groupingsOf(expr);
        for (const selector of metricsOf(expr)) {
            const { metric, matchers } = selector;
            if (metric === undefined || metric === "ALERTS") continue;
            const named = grouped
                .filter(({ selectors }) => selectors.some((each) => each.metric === metric))
                .flatMap(({ labels }) => labels);
            for (let i = 0; i < EACH; i++) {
                const own = labelsOf(named, matchers, i);
                const all = metric.endsWith("_bucket") ? BOUNDS.map((le) => ({ ...own, le })) : [own];
                for (const labels of all) {
                    const whole = { __name__: metric, ...labels };
                    found.set(JSON.stringify(Object.entries(whole).sort()), whole);
                }
            }
        }
    }
    return [...found.values()];
}

const PLACE = ["cluster", "namespace", "pod", "container", "node", "instance", "job"];

function labelsOf(named: readonly string[], matchers: readonly Matcher[], i: number): Labels {
    const labels: Record<string, string> = {};
    for (const name of [...PLACE, ...named]) labels[name] = name === "cluster" ? "prod" : `${name}-${i}`;
    for (const { label, operator, value } of matchers) {
        // Of a regular expression the first way to match that is plain text.
        if (operator === "=") labels[label] = value;
        if (operator === "=~") labels[label] = plain(value) ?? labels[label] ?? `${label}-${i}`;
    }
    return Object.fromEntries(Object.entries(labels).filter(([name, value]) => value !== "" && name !== "le"));
}

function plain(regex: string): string | undefined {
    const first = regex.replace(/^\^?\(?/, "").split(/[|)]/)[0] ?? "";
    const text = first.replaceAll(/\.[+*]/g, "x").replaceAll(/\\(.)/g, "$1");
    return new RegExp(`^(?:${regex})$`).test(text) ? text : undefined;
}

/** Of a counter that begins anew once, or a gauge that goes up and down; the same for whoever asks. */
function valueOf({ __name__: name = "", le }: Labels, nth: number, at: number): number {
    if (/_(total|count|sum|bucket)$/.test(name)) {
        const grown = at * ((nth % 5) + 1);
        const since = nth % 11 === 0 && at > 40 ? grown - 40 : grown;
        return since * (le === undefined ? 1 : BOUNDS.indexOf(le) + 1);
    }
    return ((nth * 7 + at * 3) % 23) / 10;
}

/** Remote writes of so many samples of each series, the last of them at a time in Unix milliseconds. */
export function* writesOf(all: readonly Labels[], count: number, last: number): Generator<Buffer> {
    const own = all.map((labels) => seriesLabels(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));
    for (let at = 0; at < count; at++) {
        const time = last - (count - 1 - at) * INTERVAL * 1000;
        let parts: Buffer[] = [];
        for (const [nth, labels] of all.entries()) {
            parts.push(series(own[nth] ?? field(1), sample(valueOf(labels, nth, at), time)));
            if (parts.length * 400 > PUSH) {
                yield snappy(Buffer.concat(parts));
                parts = [];
            }
        }
        if (parts.length > 0) yield snappy(Buffer.concat(parts));
    }
}

/** Answers to a query, by their labels; undefined where there is none. */
export type Answer = ReadonlyMap<string, number> | undefined;

/** A vector of Prometheus' API. */
export function answerOf(body: unknown): Answer {
    if (at(body, "status") !== "success") return undefined;
    if (at(body, "data.resultType") === "scalar") return new Map([["", Number(strings(at(body, "data.result"))[0])]]);
    return new Map(
        records(at(body, "data.result")).map(({ metric, value }) => [
            JSON.stringify(Object.entries(metric as Labels).sort()),
            Number((value as [number, string])[1]),
        ]),
    );
}

export type Verdict = "same" | "empty" | "other labels" | "other values" | "other series" | "refused";

/** Labels that stores leave in an answer, or add to it, where Prometheus has none: the metric's name, Thanos' tenant. */
const LEFT = ["__name__", "receive_tenant"];

/**
 * What a store's answer is to Prometheus' own. Numbers that differ by less than a billionth are one; `other labels` are the
 * same series with the same values, but for a label that the store leaves.
 */
export function compared(own: Answer, other: Answer): Verdict {
    if (other === undefined || own === undefined) return own === other ? "empty" : "refused";
    if (own.size === 0 && other.size === 0) return "empty";
    if (own.size !== other.size || [...own.keys()].some((key) => !other.has(key))) {
        const [left, right] = [bare(own), bare(other)];
        const same =
            left.size === own.size && right.size === left.size && [...left.keys()].every((key) => right.has(key));
        return same && compared(left, right) === "same" ? "other labels" : "other series";
    }
    const near = (a: number, b: number) =>
        a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
    return [...own].every(([key, value]) => near(value, other.get(key) ?? NaN)) ? "same" : "other values";
}

function bare(answer: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    return new Map(
        [...answer].map(([key, value]) => {
            const labels = (JSON.parse(key || "[]") as [string, string][]).filter(([name]) => !LEFT.includes(name));
            return [JSON.stringify(labels), value];
        }),
    );
}

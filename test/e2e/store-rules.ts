import { deepEqual, equal, ok } from "node:assert/strict";
import { series, sample, seriesLabels, snappy } from "../../tools/load/wire";
import { record } from "../../tools/records";
import type { RulersHere } from "./ruler-programs";
import { until } from "./until";

/** Series of a store's answer, as its door for queries gives it to whoever has the platform's own tenant. */
export type Ask = (expr: string) => Promise<Record<string, unknown>[]>;

/** Kept is the cluster, by which an alert is found again. */
const FULL = "max by (cluster, job) (last_over_time(shop_orders[10m])) > 10";

/** Groups as a PrometheusRule has them: a result that is kept, an alert, and one that has to be true for a while. */
export const SHOP_RULES = [
    {
        name: "shop",
        interval: "1s",
        rules: [
            { record: "shop:orders:max", expr: "max by (cluster) (last_over_time(shop_orders[10m]))" },
            { alert: "ShopFull", expr: FULL },
            // Above the ten minutes for which a ruler begins anew after a restart, whatever it knew.
            { alert: "ShopLongFull", expr: FULL, for: "15m" },
        ],
    },
];

/** Skips what takes longer than a change of the store's ruler is worth; it runs before one store always. */
export function needsFailures(context: Mocha.Context): void {
    if (process.env.FAILURES !== undefined) return;
    console.log("      not run: FAILURES is not set");
    context.skip();
}

/**
 * Writes a sample of `shop_orders`, with the value 42, as a sender that is no replica of anything does.
 * @param url where the store takes remote write.
 */
export async function writeOrders(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const labels = seriesLabels([
        ["__name__", "shop_orders"],
        ["cluster", "prod"],
        ["job", "shop"],
    ]);
    const answer = await fetch(url, {
        method: "POST",
        headers: {
            ...headers,
            "content-type": "application/x-protobuf",
            "content-encoding": "snappy",
            "x-prometheus-remote-write-version": "0.1.0",
        },
        body: new Uint8Array(snappy(series(labels, sample(42, Date.now())))),
    });
    ok(answer.ok, `${answer.status} ${await answer.text()}`);
}

/**
 * What the pair of rulers makes of `shop_orders`, which the store has with the value 42: a result that is in the store once,
 * an alert that people are told once, and, when one of the pair is killed, nothing of either anew.
 */
export async function goThrough(rulers: RulersHere, ask: Ask): Promise<void> {
    const { alertmanager } = rulers;
    const results = await some("a recorded sample is read back", () => ask("shop:orders:max"));
    equal(results.length, 1);
    const { metric, value } = record(results[0]);
    equal((value as [number, string])[1], "42");
    const { cluster, prometheus } = record(metric);
    deepEqual({ cluster, prometheus }, { cluster: "prod", prometheus: "monitoring/kps-thanos-ruler" });

    await some("Alertmanager has the alert", () => alertmanager.alerts("ShopFull"));
    await some("people were told", () => Promise.resolve(alertmanager.people.told));

    const [first] = rulers.rulers;
    ok(first);
    // Some seconds of it have to be in the store, for a ruler that begins to have something to go on from.
    const kept = 'count_over_time(ALERTS_FOR_STATE{alertname="ShopLongFull"}[10m]) > 4';
    await some("the store knows for how long an alert has been true", () => ask(kept));
    await rulers.startAnew(first);
    // An alert without a time begins with the process; one with a time goes on where it was.
    const seconds = await some("how long an alert was true is known again", async () => {
        const [long] = await rulers.alertsOf(first, "ShopLongFull");
        const [begun] = await rulers.alertsOf(first, "ShopFull");
        if (!long || !begun) return [];
        const older = (Date.parse(String(begun.activeAt)) - Date.parse(String(long.activeAt))) / 1000;
        return older > 3 ? [older] : [];
    });
    ok((seconds[0] ?? 0) > 3);

    equal((await alertmanager.alerts("ShopFull")).length, 1);
    deepEqual(
        alertmanager.people.told.filter((names) => names.includes("ShopFull")),
        [["ShopFull"]],
        "told once by both, also after a restart",
    );
    equal((await ask("shop:orders:max")).length, 1);
}

/** What there is of it as soon as there is any. */
async function some<T>(what: string, found: () => Promise<readonly T[]>): Promise<readonly T[]> {
    let now: readonly T[] = [];
    await until(what, async () => (now = await found()).length > 0, 500);
    return now;
}

import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { logAlertGroups } from "../../components/alerts/log-lines/groups";
import type { Lines, LogRule } from "../../components/alerts/log-lines/log-rule";
import { alertingRule, labelsOf, runbookOf } from "../../components/alerts/rule";
import { record, records } from "../../tools/records";
import { common, fullStacks } from "../fixtures/watched";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { startAlertmanager, startLoki, startMinio } from "./store-programs";
import { until } from "./until";

/*
 * Every rule on log lines, loaded through the API of a real Loki's ruler, which keeps it in a real bucket, over lines that
 * were pushed to it; what fires is read from a real Alertmanager. `for` is cut short and the rule runs each second.
 */

const every = fullStacks.flatMap(logAlertGroups).flatMap((group) => group.rules);

/** What stacks have in common once; of several kinds of a store a rule of one name may differ. */
const rules = [...new Map(every.map((rule) => [JSON.stringify(rule), rule])).values()];

describe("the platform's alerts on log lines, judged by Loki", () => {
    const folder = mkdtempSync(join(tmpdir(), "log-alerts-"));
    const programs = new Programs(folder);
    let loki: string;
    let alertmanager: string;

    before(async function () {
        const absent = missing(["loki", "minio", "alertmanager"]);
        if (absent.length > 0) {
            console.log(`    not run: ${absent.join(", ")} not on PATH`);
            this.skip();
        }
        const [minio = 0, http = 0, grpc = 0, web = 0, gossip = 0] = await freePorts(5);
        const s3 = await startMinio(programs, { http: minio }, ["rules"]);
        alertmanager = await startAlertmanager(programs, { http: web, grpc: gossip });
        loki = await startLoki(
            programs,
            { http, grpc },
            {
                alertmanager_url: alertmanager,
                enable_api: true,
                evaluation_interval: "1s",
                poll_interval: "1s",
                rule_path: programs.data("rules"),
                ring: { kvstore: { store: "inmemory" } },
                storage: { type: "s3", s3: { ...s3, bucketnames: "rules" } },
            },
        );
        for (const rule of rules) {
            await load(loki, tenantOf(rule, "silent"), rule, rule.silent.lines);
            await load(loki, tenantOf(rule, "firing"), rule, rule.firing.lines);
        }
        await evaluated(loki);
    });

    after(async () => {
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    for (const rule of rules) {
        it(`${rule.alert} fires with its text when it should, and is silent else`, async () => {
            const { state, lastError } = await stateOf(loki, tenantOf(rule, "silent"));
            deepEqual([state, lastError], ["inactive", ""]);
            const told = await alertsOf(alertmanager, tenantOf(rule, "firing"));
            deepEqual(
                told.map(({ labels, annotations }) => ({ labels, annotations })),
                [
                    {
                        labels: {
                            ...{ alertname: rule.alert, ...rule.firing.labels, ...labelsOf(rule, common) },
                            case: tenantOf(rule, "firing"),
                        },
                        annotations: {
                            summary: rule.summary,
                            description: rule.firing.says,
                            ...runbookOf(rule, common),
                        },
                    },
                ],
            );
        });
    }

    it("are refused by the ruler where they are no LogQL", async () => {
        const [rule] = rules;
        ok(rule);
        equal((await write(loki, "broken", { ...rule, expr: "sum(rate(up[5m]))" })).status, 400);
    });
});

const tenantOf = (rule: LogRule, which: "firing" | "silent") => `${rule.alert}-${rules.indexOf(rule)}-${which}`;

async function load(loki: string, tenant: string, rule: LogRule, lines: readonly Lines[]): Promise<void> {
    const now = Date.now();
    const streams = lines.map(({ stream, metadata, line, count }, i) => ({
        stream,
        // Two lines of one stream at one moment with the same text are one line.
        values: Array.from({ length: count }, (_, n) => [`${now - 1000 * i - n}000000`, line, metadata ?? {}]),
    }));
    await sent(`${loki}/loki/api/v1/push`, tenant, "application/json", JSON.stringify({ streams }));
    equal((await write(loki, tenant, rule)).status, 202);
}

function write(loki: string, tenant: string, rule: LogRule): Promise<Response> {
    const { labels, ...told } = alertingRule(rule, common);
    // Which one it is, where several have its name.
    const group = { name: "g", interval: "1s", rules: [{ ...told, for: "1s", labels: { ...labels, case: tenant } }] };
    // JSON is YAML too.
    return call(`${loki}/loki/api/v1/rules/e2e`, tenant, "application/yaml", JSON.stringify(group));
}

async function sent(url: string, tenant: string, type: string, body: string): Promise<void> {
    const response = await call(url, tenant, type, body);
    ok(response.ok, await response.text());
}

function call(url: string, tenant: string, type: string, body: string): Promise<Response> {
    return fetch(url, { method: "POST", headers: { "X-Scope-OrgID": tenant, "content-type": type }, body });
}

/** Waits until every rule was evaluated often enough for those that should to fire. */
async function evaluated(loki: string): Promise<void> {
    const waiting = new Set(rules.flatMap((rule) => [tenantOf(rule, "firing"), tenantOf(rule, "silent")]));
    await until(
        "each was evaluated, and fired where it should",
        async () => {
            for (const tenant of waiting) {
                const { state, lastEvaluation } = await stateOf(loki, tenant);
                const ran = typeof lastEvaluation === "string" && !lastEvaluation.startsWith("0001");
                if (ran && (state === "firing" || tenant.endsWith("silent"))) waiting.delete(tenant);
            }
            return [...waiting].join(", ");
        },
        1000,
    );
    // Notifications go out in batches.
    await sleep(3000);
}

async function stateOf(loki: string, tenant: string): Promise<Record<string, unknown>> {
    const answer = await fetch(`${loki}/prometheus/api/v1/rules`, { headers: { "X-Scope-OrgID": tenant } });
    const groups = records(record(record(await answer.json()).data).groups);
    return records(groups[0]?.rules)[0] ?? {};
}

async function alertsOf(alertmanager: string, tenant: string): Promise<Record<string, unknown>[]> {
    const filter = encodeURIComponent(`case="${tenant}"`);
    return records(await (await fetch(`${alertmanager}/api/v2/alerts?filter=${filter}`)).json());
}

import { equal, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { alertGroups } from "../../components/alerts/groups";
import { inhibitionsOf } from "../../components/alerts/inhibitions";
import { ruleFile, ruleTests } from "../../components/alerts/promtool";
import type { Rule, RuleGroup } from "../../components/alerts/rule";
import { alertingDefaults, type Channels } from "../../components/monitoring/kube-prometheus-stack/alerting-settings";
import { alertmanagerYaml } from "../../components/monitoring/kube-prometheus-stack/alertmanager-config";
import { at, record, records } from "../../tools/records";
import { common, everything, everyStack, leastOfAll } from "../fixtures/watched";
import { missing } from "./control-plane";

/** The output of a program; fails with what it said if it fails. */
function run(program: string, ...args: string[]): string {
    return execFileSync(program, args, { encoding: "utf8", stdio: "pipe" });
}

/** Skips a suite, and says so, where its program is not on PATH. */
function needs(program: string): Mocha.Func {
    return function () {
        if (missing([program]).length === 0) return;
        console.log(`    not run: ${program} is not on PATH`);
        this.skip();
    };
}

/** Parts without two rules of one name: promtool compares what is expected with all that fires under the name. */
function namesApart(group: RuleGroup): RuleGroup[] {
    const parts: Rule[][] = [];
    for (const rule of group.rules) {
        const part = parts.find((each) => each.every(({ alert }) => alert !== rule.alert));
        if (part === undefined) parts.push([rule]);
        else part.push(rule);
    }
    return parts.map((rules) => ({ ...group, rules }));
}

describe("the platform's alerts, judged by promtool", () => {
    const folder = mkdtempSync(join(tmpdir(), "alerts-"));

    before(needs("promtool"));

    after(() => {
        rmSync(folder, { recursive: true });
    });

    // Most groups are the same with every kind of a store.
    const judged = new Set<string>();
    for (const [index, systems] of everyStack.entries()) {
        const stack = systems === leastOfAll ? "the least" : `everything ${index + 1}`;
        for (const group of alertGroups(systems)) {
            const content = JSON.stringify(group);
            if (judged.has(content)) continue;
            judged.add(content);
            it(`${group.name} with ${stack}: each rule fires with its text when it should, and is silent else`, () => {
                const rules = join(folder, "rules.yaml");
                const tests = join(folder, "tests.yaml");
                writeFileSync(rules, stringify(ruleFile(group, common)));
                run("promtool", "check", "rules", "--lint-fatal", rules);
                for (const part of namesApart(group)) {
                    writeFileSync(rules, stringify(ruleFile(part, common)));
                    writeFileSync(tests, stringify(ruleTests("rules.yaml", part, common)));
                    run("promtool", "test", "rules", tests);
                }
            });
        }
    }
});

describe("the example application's rules on spans, judged by promtool", () => {
    const folder = mkdtempSync(join(tmpdir(), "spans-"));
    const file = join(__dirname, "../../examples/application/manifests/spans.yaml");
    const { spec } = parse(readFileSync(file, "utf8")) as { spec: object };
    const of = (metric: string, labels = "") =>
        `traces_spanmetrics_${metric}{cluster="e2e",service="shop",span_kind="SPAN_KIND_SERVER"${labels}}`;
    const OK = of("calls_total", ',status_code="STATUS_CODE_OK"');
    const ERROR = of("calls_total", ',status_code="STATUS_CODE_ERROR"');
    const bucket = (le: string) => of("latency_bucket", `,le="${le}"`);
    const CASES: Record<string, { firing: Record<string, string>; silent: Record<string, string>; says: string }> = {
        ShopSpansFail: {
            firing: { [OK]: "0+90x150", [ERROR]: "0+10x150" },
            silent: { [OK]: "0+99x150", [ERROR]: "0+1x150" },
            says: "10% of what shop served in the last 5 minutes failed.",
        },
        ShopSpansSlow: {
            firing: { [bucket("1")]: "0x150", [bucket("2")]: "0+60x150", [bucket("+Inf")]: "0+60x150" },
            silent: { [bucket("1")]: "0+60x150", [bucket("2")]: "0+60x150", [bucket("+Inf")]: "0+60x150" },
            says: "One in twenty answers of shop took 1.95s or longer.",
        },
        ShopSpansGone: {
            firing: { [OK]: "0+60x100 6000x50" },
            silent: { [OK]: "0+60x150" },
            says: "An hour ago shop served 1 requests a second.",
        },
    };

    before(needs("promtool"));

    after(() => {
        rmSync(folder, { recursive: true });
    });

    for (const [alertname, { firing, silent, says }] of Object.entries(CASES)) {
        it(`${alertname} fires when it should, and is silent else`, () => {
            const played = (values: Record<string, string>, descriptions: readonly string[]) => ({
                interval: "1m",
                input_series: Object.entries(values).map(([series, each]) => ({ series, values: each })),
                alert_rule_test: [
                    {
                        eval_time: "140m",
                        alertname,
                        exp_alerts: descriptions.map((description) => ({
                            exp_labels: { cluster: "e2e", service: "shop", severity: "warning", team: "shop" },
                            exp_annotations: { description, summary: summaryOf(spec, alertname) },
                        })),
                    },
                ],
            });
            writeFileSync(join(folder, "rules.yaml"), stringify(spec));
            const tests = { rule_files: ["rules.yaml"], tests: [played(firing, [says]), played(silent, [])] };
            writeFileSync(join(folder, "tests.yaml"), stringify(tests));
            run("promtool", "test", "rules", join(folder, "tests.yaml"));
        });
    }
});

function summaryOf(spec: object, alert: string): unknown {
    const rule = records(record(spec).groups)
        .flatMap(({ rules }) => records(rules))
        .find((each) => each.alert === alert);
    return at(rule, "annotations.summary");
}

const slack = { apiUrl: "https://hooks.slack.com/services/T/B/token", channel: "#alerts" };
const pagerduty = { routingKey: "key" };
const KINDS: Required<Channels> = {
    slack,
    pagerduty,
    email: { to: "a@b.de", from: "c@b.de", smarthost: "mail.b.de:587", username: "u", password: "p" },
    opsgenie: { apiKey: "k" },
    telegram: { botToken: "1:x", chatId: -1001 },
    webhook: { url: "https://example.com/hook" },
};

const inhibitions = inhibitionsOf(everything);

describe("Alertmanager's configuration, judged by amtool", () => {
    const folder = mkdtempSync(join(tmpdir(), "routes-"));
    const file = join(folder, "alertmanager.yaml");

    before(needs("amtool"));

    after(() => {
        rmSync(folder, { recursive: true });
    });

    for (const [kind, channel] of Object.entries(KINDS)) {
        it(`is complete with ${kind}, alone and for a team`, () => {
            const receivers = { shop: { [kind]: channel } };
            const routes = [{ receiver: "shop", team: "shop" }];
            writeFileSync(
                file,
                alertmanagerYaml({ ...alertingDefaults(), [kind]: channel, receivers, routes }, inhibitions),
            );
            run("amtool", "check-config", file);
        });
    }

    it("takes each alert to whom it is for", () => {
        const alerting = {
            ...alertingDefaults(),
            slack,
            pagerduty,
            heartbeatUrl: "https://hc.example.com/ping/uuid",
            receivers: { shop: { slack, pagerduty }, night: { opsgenie: KINDS.opsgenie } },
            routes: [
                { receiver: "night", team: "shop", severity: "critical" as const, namespace: "till" },
                { receiver: "shop", team: "shop" },
            ],
        };
        writeFileSync(file, alertmanagerYaml(alerting, inhibitions));
        const goesTo = (...labels: string[]) =>
            run("amtool", "config", "routes", "test", `--config.file=${file}`, ...labels).trim();
        equal(goesTo("alertname=Watchdog", "severity=none"), "heartbeat");
        equal(goesTo("alertname=InfoInhibitor", "severity=none"), "null");
        equal(goesTo("alertname=RingMemberUnhealthy", "severity=warning", "team=platform"), "people");
        equal(goesTo("alertname=WritesFailing", "severity=critical", "team=platform"), "pager,people");
        equal(goesTo("alertname=A", "severity=warning", "team=shop"), "team-shop");
        equal(goesTo("alertname=A", "severity=critical", "team=shop"), "team-shop-pager,team-shop");
        equal(goesTo("alertname=A", "severity=critical", "team=shop", "namespace=till"), "team-night");
        ok(run("amtool", "config", "routes", "show", `--config.file=${file}`).includes("team-shop"));
    });
});

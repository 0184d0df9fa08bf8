import { equal, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { alertGroups } from "../../components/alerts/groups";
import { ruleFile, ruleTests } from "../../components/alerts/promtool";
import { alertingDefaults, type Channels } from "../../components/kube-prometheus-stack/alerting-settings";
import { alertmanagerYaml } from "../../components/kube-prometheus-stack/alertmanager-config";
import { common, everything, leastOfAll } from "../alerts-fixture";
import { missing } from "./control-plane";

/** The output of a program; fails with what it said if it fails. */
function run(program: string, ...args: string[]): string {
    return execFileSync(program, args, { encoding: "utf8", stdio: "pipe" });
}

describe("the platform's alerts, judged by promtool", () => {
    const folder = mkdtempSync(join(tmpdir(), "alerts-"));

    before(function () {
        if (missing(["promtool"]).length === 0) return;
        console.log("    not run: promtool is not on PATH");
        this.skip();
    });

    after(() => {
        rmSync(folder, { recursive: true });
    });

    for (const [stack, facts] of Object.entries({ everything, "the least": leastOfAll })) {
        for (const group of alertGroups(facts)) {
            it(`${group.name} with ${stack}: each rule fires with its text when it should, and is silent else`, () => {
                const rules = join(folder, "rules.yaml");
                const tests = join(folder, "tests.yaml");
                writeFileSync(rules, stringify(ruleFile(group, common)));
                writeFileSync(tests, stringify(ruleTests("rules.yaml", group, common)));
                run("promtool", "check", "rules", "--lint-fatal", rules);
                run("promtool", "test", "rules", tests);
            });
        }
    }
});

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

describe("Alertmanager's configuration, judged by amtool", () => {
    const folder = mkdtempSync(join(tmpdir(), "routes-"));
    const file = join(folder, "alertmanager.yaml");

    before(function () {
        if (missing(["amtool"]).length === 0) return;
        console.log("    not run: amtool is not on PATH");
        this.skip();
    });

    after(() => {
        rmSync(folder, { recursive: true });
    });

    for (const [kind, channel] of Object.entries(KINDS)) {
        it(`is complete with ${kind}, alone and for a team`, () => {
            const receivers = { shop: { [kind]: channel } };
            const routes = [{ receiver: "shop", team: "shop" }];
            writeFileSync(file, alertmanagerYaml({ ...alertingDefaults(), [kind]: channel, receivers, routes }));
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
                { receiver: "night", team: "shop", severity: "critical", namespace: "till" },
                { receiver: "shop", team: "shop" },
            ],
        };
        writeFileSync(file, alertmanagerYaml(alerting));
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

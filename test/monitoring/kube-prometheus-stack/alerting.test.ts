import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { parse } from "yaml";
import {
    alertingDefaults,
    alertingRules,
    alertingSettings,
    type AlertingSettings,
} from "../../../components/monitoring/kube-prometheus-stack/alerting-settings";
import { inhibitionsOf } from "../../../components/alerts/inhibitions";
import { alertGroups } from "../../../components/alerts/groups";
import { logAlertGroups } from "../../../components/alerts/log-lines/groups";
import { Grafana } from "../../../components/grafana/grafana";
import {
    alertmanagerConfig,
    alertmanagerYaml,
} from "../../../components/monitoring/kube-prometheus-stack/alertmanager-config";
import { KubePrometheusStack } from "../../../components/monitoring/kube-prometheus-stack/kube-prometheus-stack";
import { monitoringNamespaces } from "../../../components/monitoring/kube-prometheus-stack/namespaces";
import { kubePrometheusStackDefaults } from "../../../components/monitoring/kube-prometheus-stack/settings";
import { everything, fullStacks } from "../../fixtures/watched";
import { grafanaArgs } from "../../fixtures/grafana";
import { platformOf } from "../../fixtures/platform";
import { database, logStore, metricsStore, traceStore } from "../../fixtures/stores";

const slack = { apiUrl: "https://hooks.slack.com/services/T/B/token", channel: "#alerts" };
const pagerduty = { routingKey: "pager-key" };
const heartbeatUrl = "https://hc.example.com/ping/uuid";

const inhibitions = inhibitionsOf(everything);

function configOf(alerting: Partial<AlertingSettings>) {
    return alertmanagerConfig({ ...alertingDefaults(), ...alerting }, inhibitions);
}

function receiver(config: ReturnType<typeof alertmanagerConfig>, name: string) {
    return config.receivers.find((each) => each.name === name);
}

describe("alerting: Alertmanager's configuration", () => {
    it("sends the Watchdog to the heartbeat each minute, and to nobody without one", () => {
        const [watchdog] = configOf({ slack, heartbeatUrl }).route.routes;
        assert.deepEqual(watchdog?.matchers, ['alertname="Watchdog"']);
        assert.equal(watchdog.receiver, "heartbeat");
        assert.ok(!("continue" in watchdog), "it would go on to people");
        assert.equal(configOf({ slack }).route.routes[0]?.receiver, "null");
    });

    it("has every receiver that a route names: the operator refuses the whole otherwise", () => {
        for (const alerting of [{}, { slack }, { pagerduty }, { slack, pagerduty, heartbeatUrl }]) {
            const config = configOf(alerting);
            for (const { receiver: named } of [config.route, ...config.route.routes]) {
                assert.ok(receiver(config, named), `${named} in ${Object.keys(alerting).join()}`);
            }
        }
    });

    it("wakes people for critical alerts only, beside the chat that reads all", () => {
        const config = configOf({ slack, pagerduty });
        const pager = config.route.routes.find((route) => route.receiver === "pager");
        assert.deepEqual(pager, { receiver: "pager", matchers: ['severity="critical"'], continue: true });
        assert.equal(config.route.routes.at(-1)?.receiver, "people", "where critical alerts continue to");
        assert.ok(receiver(config, "people")?.slack_configs);
        assert.equal(receiver(config, "people")?.pagerduty_configs, undefined);
    });

    it("tells the pager everything where there is no chat: nothing goes unheard", () => {
        const config = configOf({ pagerduty });
        assert.ok(receiver(config, "people")?.pagerduty_configs);
        assert.equal(receiver(config, "pager"), undefined);
    });

    it("knows every receiver that the settings know", () => {
        const config = configOf({
            slack,
            pagerduty,
            opsgenie: { apiKey: "k" },
            email: { to: "a@b.de", from: "c@b.de", smarthost: "mail.b.de:587", username: "u", password: "p" },
            telegram: { botToken: "1:x", chatId: -1001 },
            webhook: { url: "https://example.com/hook" },
        });
        const kinds = config.receivers.flatMap((each) => Object.keys(each)).filter((key) => key !== "name");
        assert.deepEqual(kinds.sort(), [
            "email_configs",
            "opsgenie_configs",
            "pagerduty_configs",
            "slack_configs",
            "telegram_configs",
            "webhook_configs",
        ]);
    });

    it("sends a team's alerts to that team, and its critical ones to its pager too", () => {
        const config = configOf({
            slack,
            receivers: { shop: { slack: { ...slack, channel: "#shop" }, pagerduty } },
            routes: [{ receiver: "shop", team: "shop", namespace: "till" }],
        });
        const route = config.route.routes.find((each) => each.receiver === "team-shop");
        assert.deepEqual(route, {
            receiver: "team-shop",
            matchers: ['team="shop"', 'namespace="till"'],
            routes: [
                { receiver: "team-shop-pager", matchers: ['severity="critical"'], continue: true },
                { receiver: "team-shop" },
            ],
        });
        assert.ok(receiver(config, "team-shop")?.slack_configs);
        assert.ok(receiver(config, "team-shop-pager")?.pagerduty_configs);
    });

    it("tells a cause and not what follows from it, of alerts that there are", () => {
        const groups = [...fullStacks.flatMap(alertGroups), ...fullStacks.flatMap(logAlertGroups)];
        const alerts = new Set(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)));
        for (const { source, targets } of inhibitions) {
            for (const alert of [source, ...targets]) assert.ok(alerts.has(alert), alert);
        }
        const sources = inhibitions.map(({ source, equal }) => JSON.stringify([source, equal]));
        assert.equal(new Set(sources).size, sources.length, "what several systems say of one source is one rule");
        const inhibited = configOf({}).inhibit_rules.flatMap((rule) => rule.target_matchers);
        assert.ok(inhibited.includes('alertname=~"RingMemberUnhealthy"'));
    });

    it("is YAML that says the same, with long templates unbroken", () => {
        const alerting = { slack, pagerduty, heartbeatUrl };
        assert.deepEqual(
            parse(alertmanagerYaml({ ...alertingDefaults(), ...alerting }, inhibitions)),
            configOf(alerting),
        );
    });
});

describe("alerting: settings", () => {
    it("need nothing, and refuse what is no receiver", () => {
        assert.equal(alertingSettings.safeParse(alertingDefaults()).success, true);
        assert.equal(alertingSettings.safeParse({ ...alertingDefaults(), slak: slack }).success, false);
        assert.equal(
            alertingSettings.safeParse({ ...alertingDefaults(), slack: { apiUrl: "hooks.slack.com", channel: "x" } })
                .success,
            false,
        );
    });

    it("link runbooks by a URL, to which a page's name is put", () => {
        const runbooks = (given: string) =>
            alertingSettings.safeParse({ ...alertingDefaults(), runbooks: given }).success;
        assert.equal(runbooks("https://git.example.com/observability/docs/runbooks"), true);
        for (const bad of [
            "docs/runbooks",
            "https://git.example.com/docs/runbooks/",
            "git.example.com/runbooks",
            "https://",
        ])
            assert.equal(runbooks(bad), false, bad);
    });

    it("refuse a mail user without a password", () => {
        const email = { to: "a@b.de", from: "c@b.de", smarthost: "mail.b.de:587", username: "u" };
        assert.deepEqual(
            alertingRules({ ...alertingDefaults(), email }).map(({ path }) => path),
            ["alerting.email.password"],
        );
    });

    it("refuse what Alertmanager would take for a value and never meet", () => {
        const read = (condition: object) =>
            alertingSettings.safeParse({ routes: [{ receiver: "shop", ...condition }] });
        for (const condition of [
            { severity: "=critical" },
            { team: "=shop" },
            { team: "~shop" },
            { namespace: "!shop" },
        ]) {
            const paths = read(condition).error?.issues.map(({ path }) => path.join("."));
            assert.ok(paths?.includes(`routes.0.${Object.keys(condition)[0] ?? ""}`), JSON.stringify(condition));
        }
        assert.ok(read({ severity: "critical" }).error?.issues.every(({ path }) => path[2] !== "severity") ?? true);
    });

    it("refuse a route to nobody, a route for everything and a receiver without a channel", () => {
        const alerting = {
            ...alertingDefaults(),
            receivers: { shop: {} },
            // The last is a name that every object has.
            routes: [
                { receiver: "shopp", team: "shop" },
                { receiver: "shop" },
                { receiver: "constructor", team: "shop" },
            ],
        };
        assert.deepEqual(
            alertingRules(alerting).map(({ path }) => path),
            [
                "alerting.receivers.shop",
                "alerting.routes[0].receiver",
                "alerting.routes[1]",
                "alerting.routes[2].receiver",
            ],
        );
    });
});

describe("kube-prometheus-stack: the component", () => {
    const made: { type: string; name: string; inputs: Record<string, unknown> }[] = [];

    before(async () => {
        await pulumi.runtime.setMocks({
            newResource: ({ type, name, inputs, id }) => {
                made.push({ type, name, inputs: inputs as Record<string, unknown> });
                const generated = type.startsWith("random:") ? { result: `generated-${name}` } : {};
                return { id: id ?? name, state: { ...(inputs as object), ...generated } };
            },
            call: ({ inputs }) => inputs as Record<string, unknown>,
        });
    });

    it("gives Alertmanager its file as a secret under the key that the operator reads, and no credential to the chart", async () => {
        const platform = platformOf("node");
        const namespaces = monitoringNamespaces(platform, {});
        const grafana = new Grafana("grafana", {
            ...grafanaArgs("node"),
            ...{ metricsStore, logStore, traceStore, database },
            secondMetricsStore: undefined,
            namespace: namespaces.monitoring,
        });
        const stack = new KubePrometheusStack("kube-prometheus-stack", {
            platform,
            settings: kubePrometheusStackDefaults("node"),
            alerting: { ...alertingDefaults(), slack, heartbeatUrl },
            inhibitions,
            namespaces,
            definitions: { ready: [] },
            metricsStore,
            alertsFrom: [],
            grafana,
        });
        await new Promise((resolve) => stack.ready[0]?.urn.apply(resolve));

        const file = made.find(({ name }) => name === "alertmanager-config");
        const { value } = file?.inputs["stringData"] as { value?: Record<string, string> };
        assert.deepEqual(Object.keys(value ?? {}), ["alertmanager.yaml"], "wrapped as a secret, under this key");
        assert.match(value?.["alertmanager.yaml"] ?? "", /services\/T\/B\/token/);
        const release = made.find(({ type }) => type.endsWith(":Release"));
        assert.ok(release);
        assert.doesNotMatch(
            JSON.stringify(release.inputs),
            /generated-|services\/T\/B|hc.example.com|password-of-the-database/,
        );
        assert.deepEqual(
            made
                .filter(({ type }) => type.endsWith(":Secret"))
                .map(({ name }) => name)
                .sort(),
            ["alertmanager-config", "grafana-admin", "grafana-db", "grafana-secret-key"],
        );
    });
});

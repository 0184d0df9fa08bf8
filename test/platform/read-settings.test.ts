import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../components/platform/settings";

const DEV = { survives: "nothing", cluster: "dev", domain: "observability.example.com" };

/** What is thrown says; nothing where it is not. */
function refusalOf(read: () => unknown): string {
    try {
        read();
        return "";
    } catch (error) {
        assert.ok(pulumi.RunError.isInstance(error), String(error));
        return error.message;
    }
}

describe("settings, as the engine hands them over", () => {
    it("throws one RunError, which Pulumi prints without a stack trace", () => {
        const config = { "observability:cluster": "Prod", "observability:lokki": "{}", "kubernetes:context": "x" };
        assert.throws(
            () => readSettings(config, "observability", {}),
            (error) => {
                assert.ok(pulumi.RunError.isInstance(error));
                assert.match(error.message, /cluster[^]*lokki/);
                // A component provider prints the stack where there is one.
                assert.equal(error.stack, undefined);
                assert.doesNotMatch(error.message, /kubernetes:context/);
                return true;
            },
        );
    });

    it("reports a map that is not JSON like any other problem, beside the others, and does not repeat it", () => {
        const config = {
            "observability:domain": "[example.com",
            "observability:alerting": '{"webhook": {"url": "hunter2"}',
            "observability:logs": '{"retention": "x"}',
            "observability:survives": "nothing",
        };
        assert.throws(
            () => readSettings(config, "observability", {}),
            (error) => {
                assert.ok(pulumi.RunError.isInstance(error));
                const paths = [...error.message.matchAll(/^ {2}(\S+)$/gm)].map(([, path]) => path);
                assert.deepEqual(paths, ["domain", "alerting", "cluster", "logs.retention"]);
                assert.doesNotMatch(error.message, /hunter2/);
                return true;
            },
        );
    });

    it("refuses keys that another namespace would swallow, and leaves those of other programs alone", () => {
        const right = { "o11y:survives": "nothing", "o11y:cluster": "dev", "o11y:domain": "o.example.com" };
        const told = (key: string) =>
            refusalOf(() => readSettings({ ...right, [key]: '{"retention":"7d"}' }, "o11y", {}));
        assert.match(told("o11:traces"), /o11:traces[^]*write o11y:traces/);
        assert.match(told("observability:traces"), /write o11y:traces/);
        assert.match(told("logs:retention"), /write o11y:logs, and retention below it/);
        assert.match(told("loki:retention"), /write o11y:logs, and retention below it/);
        assert.match(told("o11y:loki"), /write logs, or remove it/);
        assert.match(told("o11y:cortex"), /write metrics, or remove it/);
        assert.match(told("o11y:postgres"), /write database, or remove it/);
        assert.match(told("o11y:minio"), /write objectStore, or remove it/);
        for (const key of ["kubernetes:context", "aws:region", "random:x"]) assert.equal(told(key), "", key);
    });

    it("refuses a value's key with nothing behind it: what was meant stays as on the first day, perhaps", () => {
        const right = { "o:survives": "nothing", "o:cluster": "dev", "o:domain": "o.example.com" };
        for (const key of ["tenant", "storageClass", "imageRegistry", "chartMirror", "networkPolicies"]) {
            for (const blank of ["", "null"]) {
                const message = refusalOf(() => readSettings({ ...right, [`o:${key}`]: blank }, "o", {}));
                assert.match(message, new RegExp(`^1 problem [^]*\n  ${key}\n +given: +nothing\n`), key);
            }
        }
        for (const key of ["metrics", "tenants", "access", "scheduling", "load"]) {
            assert.equal(
                refusalOf(() => readSettings({ ...right, [`o:${key}`]: "" }, "o", {})),
                "",
                key,
            );
        }
    });

    it("says of a key with a dot that the engine was not told that it is a path", () => {
        const right = { "o:survives": "nothing", "o:cluster": "dev", "o:domain": "o.example.com" };
        const told = refusalOf(() => readSettings({ ...right, "o:metrics.retention": "30d" }, "o", {}));
        assert.match(told, /^1 problem [^]*\n {2}metrics\.retention\n +given: +a key of that name\n/);
        assert.match(told, /pulumi config set --path 'o:metrics\.retention' <value>, or write it below metrics/);
        assert.match(
            refusalOf(() => readSettings({ ...right, "o:tenants[0]": "a" }, "o", {})),
            /--path 'o:tenants\[0\]'/,
        );
    });

    it("refuses credentials that the engine does not know for encrypted, with the command that encrypts them", () => {
        const config = {
            "o:survives": "nothing",
            "o:cluster": "dev",
            "o:domain": "o.example.com",
            "o:alerting": JSON.stringify({
                pagerduty: { routingKey: "hunter2" },
                receivers: { shop: { slack: { apiUrl: "https://hooks.example.com/hunter2", channel: "shop" } } },
                routes: [{ receiver: "shop", team: "shop" }],
            }),
        };
        const told = (...keys: string[]) =>
            refusalOf(() => readSettings(config, "o", { PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(keys) }));
        assert.match(told(), /^2 problems [^]*config set --secret --path 'alerting\.pagerduty\.routingKey'/);
        assert.doesNotMatch(told(), /hunter2/);
        assert.equal(told("o:alerting"), "");
        const one = told("o:alerting.receivers.shop.slack.apiUrl");
        assert.match(one, /^1 problem [^]*\n {2}alerting\.pagerduty\.routingKey\n/);
    });

    it("says once of a credential that is empty, or of another shape, that it is wrong", () => {
        const right = { "o:survives": "nothing", "o:cluster": "dev", "o:domain": "o.example.com" };
        for (const routingKey of ["", 12345678]) {
            const alerting = JSON.stringify({ pagerduty: { routingKey } });
            const told = refusalOf(() =>
                readSettings({ ...right, "o:alerting": alerting }, "o", { PULUMI_CONFIG_SECRET_KEYS: "[]" }),
            );
            assert.match(told, /^1 problem [^]*config set --secret --path 'alerting\.pagerduty\.routingKey'$/);
        }
    });

    it("takes the chart mirror of one run from the environment", () => {
        const config = Object.fromEntries(Object.entries(DEV).map(([key, value]) => [`observability:${key}`, value]));
        assert.equal(
            readSettings(config, "observability", { CHART_MIRROR: __dirname }).platform.chartMirror,
            __dirname,
        );
        assert.equal(readSettings(config, "observability", {}).platform.chartMirror, undefined);
    });
});

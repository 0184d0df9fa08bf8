import assert from "node:assert/strict";
import { Sentry } from "../../components/errors/sentry/sentry";
import { parseSettings } from "../../components/platform/settings";
import { pushAddresses } from "../../components/platform/addresses";
import type { ErrorStore } from "../../components/contracts/error-store";
import { logStore, metricsStore, traceStore } from "../fixtures/stores";

const given = { cluster: "blue", domain: "o11y.example.com", survives: "node" } as const;
const url = "https://errors.example.com/";
const shop = { name: "shop", namespace: "shop", secret: "sentry" };

function problems(errors: object): string[] {
    const result = parseSettings({ ...given, errors });
    return "problems" in result ? result.problems.map(({ path, fix }) => `${path}: ${fix}`) : [];
}

function store(settings: object): ErrorStore {
    return new Sentry("sentry", { platform: given, settings: { kind: "sentry", url, ...settings } });
}

describe("errors", () => {
    it("go nowhere unless it is said where", () => {
        const result = parseSettings(given);
        assert.ok("settings" in result);
        assert.deepEqual(result.settings.errors, { kind: "none" });
    });

    it("refuse what cannot be", () => {
        assert.deepEqual(problems({ kind: "sentry", url, projects: [shop] }), []);
        assert.deepEqual(problems({ kind: "sentry", url: "http://errors.errors.svc.cluster.local" }), []);
        assert.deepEqual(problems({ kind: "sentry", url: "http://errors.example.com" }), [
            "errors.url: write https://errors.example.com",
        ]);
        assert.deepEqual(problems({ kind: "sentry", url, projects: [shop, { ...shop, secret: "other" }] }), [
            "errors.projects[1].name: write another name",
        ]);
        assert.deepEqual(problems({ kind: "sentry" }).length, 1, "an address there must be");
        assert.equal(problems({ kind: "sentry", url: "https://key@errors.example.com/1" }).length > 0, true, "a DSN");
    });

    it("refuse an address where there is nobody to have one", () => {
        assert.match(problems({ kind: "none", url }).join(), /^errors\.url/);
    });

    it("are watched where they serve", () => {
        assert.equal(store({}).healthUrl, "https://errors.example.com/_health/");
        const healthUrl = "https://errors.example.com/health/ready";
        assert.equal(store({ healthUrl }).healthUrl, healthUrl);
    });

    it("have outputs that tell where a project's DSN is, and not the DSN", () => {
        const collectors = { otlpGrpc: "a:4317", otlpHttp: "a", jaeger: "a", jaegerGrpc: "a", zipkin: "a" };
        const addOns = { ingestGateway: undefined, pushgateway: undefined };
        const of = (errorStore: ErrorStore | undefined) =>
            pushAddresses({ metricsStore, logStore, traceStore }, collectors, addOns, errorStore);
        const told = of(store({ projects: [shop] }));
        assert.equal(told.errors, "https://errors.example.com");
        assert.equal(
            told["errors.shop"],
            "kubectl get secret sentry --namespace shop --output jsonpath='{.data.SENTRY_DSN}' | base64 -d",
        );
        assert.deepEqual(
            Object.keys(of(undefined)).filter((key) => key.startsWith("errors")),
            [],
        );
    });
});

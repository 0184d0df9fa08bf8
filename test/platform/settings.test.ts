import assert from "node:assert/strict";
import { parseSettings, readSettings } from "../../components/platform/settings";
import { report } from "../../components/settings/report";
import type { SettingsProblem } from "../../components/settings/problem";
import { at } from "../../tools/records";
import { keyPairs } from "../fixtures/key-pairs";

const DEV = { survives: "nothing", cluster: "dev", domain: "observability.example.com" };
const PROD = { ...DEV, survives: "zone", cluster: "prod" };

function problems(raw: Record<string, unknown>): SettingsProblem[] {
    const result = parseSettings(raw);
    return "problems" in result ? result.problems : [];
}

function settings(raw: Record<string, unknown>) {
    const result = parseSettings(raw);
    if ("problems" in result) assert.fail(report(result.problems));
    return result.settings;
}

/** Each is refused at its path, with a message that holds the words. */
const refused: [string, Record<string, unknown>, string, RegExp][] = [
    ["a tenant that Loki's canary has", { tenant: "self-monitoring" }, "tenant", /Loki's canary/],
    [
        "a day that no calendar has",
        { logs: { schema: [{ from: "2024-02-31", store: "tsdb", schema: "v13" }] } },
        "logs.schema[0].from",
        /YYYY-MM-DD/,
    ],
    ["a moment that no clock has", { backup: { restore: { at: "2026-02-30T00:00:00Z" } } }, "backup.restore.at", /UTC/],
    [
        "a remote write with a login in its URL",
        {
            kubePrometheusStack: {
                prometheus: {
                    remoteWrite: [{ name: "a", url: "https://user:pw@m.example.com/w", auth: { kind: "none" } }],
                },
            },
        },
        "kubePrometheusStack.prometheus.remoteWrite[0].url",
        /no login/,
    ],
    ["no cluster name", { cluster: undefined }, "cluster", /lower-case/],
    ["a cluster name with capitals", { cluster: "Prod" }, "cluster", /lower-case letters/],
    ["a cluster name with a dot", { cluster: "prod.eu" }, "cluster", /dashes/],
    ["a cluster name of 64 letters", { cluster: "c".repeat(64) }, "cluster", /at most 63/],
    ["a cluster name that is a number", { cluster: 7 }, "cluster", /lower-case/],
    ["no domain", { domain: undefined }, "domain", /host name/],
    ["a domain without a dot", { domain: "localhost" }, "domain", /at least one dot/],
    ["a domain with a scheme", { domain: "https://example.com" }, "domain", /host name/],
    ["an unknown word for survives", { survives: "region" }, "survives", /nothing, node or zone/],
    [
        "a version of Kubernetes that YAML has made a number of",
        { kubernetes: 1.3 },
        "kubernetes",
        /write kubernetes: "1\.30", "1\.31", .* or "1\.35"$/,
    ],
    ["a misspelt version of Kubernetes", { kubernetes: "1.3" }, "kubernetes", /write kubernetes: "1\.30"$/],
    ["a tenant that was left empty", { tenants: { shop: null } }, "tenants.shop", /write shop: \{\}, or remove it$/],
    ["limits that were left empty", { logs: { limits: null } }, "logs.limits", /write limits: \{\}, or remove it$/],
    ["a tenant with a slash", { tenant: "a/b" }, "tenant", /letters, digits/],
    ["a tenant of 151 letters", { tenant: "t".repeat(151) }, "tenant", /at most 150/],
    ["a misspelt key at the top", { logz: {} }, "logz", /write logs, or remove it/],
    ["a key at the top that is near no other", { outsidePush: {} }, "outsidePush", /write one of these, or remove it/],
    ["a key at the top that every object has", { constructor: {} }, "constructor", /write one of these, or remove it/],
    ["a misspelt key of a system", { logs: { retenton: "30d" } }, "logs.retenton", /write retention/],
    ["a misspelt workload", { metrics: { replicas: { ingestr: 3 } } }, "metrics.replicas.ingestr", /write ingester/],
    ["a system that is a list", { traces: [] }, "traces", /a map/],
    ["a system that is a text", { traces: "on" }, "traces", /a map/],
    [
        "an unknown kind of access",
        { access: { kind: "route" } },
        "access.kind",
        /^none, ingress or gateway write kind: none, ingress or gateway$/,
    ],
    [
        "an ingress without a class",
        { access: { kind: "ingress", namespace: "x", tls: { from: "none" } } },
        "access.className",
        /lower-case/,
    ],
    [
        "TLS from nowhere",
        { access: { kind: "ingress", className: "nginx", namespace: "x", tls: { from: "acme" } } },
        "access.tls.from",
        /^issuer, secret or none write from: issuer, secret or none$/,
    ],
    ["a chart mirror over HTTP", { chartMirror: "https://charts.example.com" }, "chartMirror", /oci:/],
    [
        "an image registry with a scheme",
        { imageRegistry: "https://registry.example.com" },
        "imageRegistry",
        /no scheme/,
    ],
    ["network policies that are a word", { networkPolicies: "yes" }, "networkPolicies", /true or false/],
    [
        "a toleration with an unknown effect",
        { scheduling: { tolerations: [{ effect: "Never" }] } },
        "scheduling.tolerations[0].effect",
        /NoSchedule/,
    ],
    [
        "a node selector that is a number",
        { scheduling: { nodeSelector: { disk: 1 } } },
        "scheduling.nodeSelector.disk",
        /^letters, digits, - _ and ., at most 63 write/,
    ],
    ["a retention without a unit", { logs: { retention: 30 } }, "logs.retention", /multiple of 24h/],
    ["a retention in weeks", { traces: { retention: "2w" } }, "traces.retention", /s, m, h or d/],
    [
        "a volume in decimal units",
        { metrics: { volumes: { ingester: "50GB" } } },
        "metrics.volumes.ingester",
        /Mi, Gi or Ti/,
    ],
    ["a volume of nothing", { metrics: { volumes: { ingester: "0Gi" } } }, "metrics.volumes.ingester", /whole number/],
    ["half a replica", { logs: { replicas: { querier: 2.5 } } }, "logs.replicas.querier", /whole number/],
    ["no replica", { logs: { replicas: { querier: 0 } } }, "logs.replicas.querier", /from 1/],
    ["a bucket with capitals", { logs: { buckets: { chunks: "Loki" } } }, "logs.buckets.chunks", /lower-case/],
    ["a bucket with dots", { traces: { buckets: { traces: "tempo.traces" } } }, "traces.buckets.traces", /lower-case/],
    ["a bucket of two letters", { metrics: { buckets: { blocks: "cb" } } }, "metrics.buckets.blocks", /3 to 63/],
    [
        "one bucket for two stores",
        { logs: { buckets: { chunks: "cortex-blocks" } } },
        "logs.buckets.chunks",
        /metrics\.buckets\.blocks does not use/,
    ],
    [
        "an object store of unknown kind",
        { objectStore: { kind: "gcs" } },
        "objectStore.kind",
        /^minio or s3 write kind: minio or s3$/,
    ],
    [
        "an S3 endpoint with a scheme",
        { objectStore: { kind: "s3", endpoint: "https://s3" } },
        "objectStore.endpoint",
        /without a scheme/,
    ],
    [
        "an S3 without credentials",
        { objectStore: { kind: "s3", endpoint: "s3.example.com:443", region: "eu" } },
        "objectStore.credentials.logs",
        /^a key pair for loki-chunks and loki-ruler.* pulumi config set --secret/,
    ],
    [
        "a login for images that a helper keeps",
        { imagePullSecret: { from: "settings", dockerConfigJson: '{"auths":{"ghcr.io":{}},"credsStore":"desktop"}' } },
        "imagePullSecret.dockerConfigJson",
        /"auths".*kubectl create secret docker-registry/,
    ],
    [
        "nodes of a system that does not exist",
        { placement: { loki: { nodeSelector: { pool: "logs" } } } },
        "placement.loki",
        /the keys .*logs, metrics/,
    ],
    [
        "a toleration of one system that the API server would refuse",
        { placement: { logs: { tolerations: [{ value: "x" }] } } },
        "placement.logs.tolerations[0].key",
        /operator: Exists/,
    ],
    [
        "nodes of a database that is not there",
        { placement: { database: { nodeSelector: { pool: "data" } } } },
        "placement.database",
        /nothing.*remove it/,
    ],
    ["a webhook that is no URL", { alerting: { webhook: { url: "hooks" } } }, "alerting.webhook.url", /URL/],
    [
        "a mail password without a user",
        { alerting: { email: { to: "a@b.c", from: "a@b.c", smarthost: "m.b.c:25", password: "x" } } },
        "alerting.email.username",
        /together/,
    ],
    ["chart values that are a list", { logs: { values: [] } }, "logs.values", /a map/],
    ["a rotation of zero", { objectStore: { rotation: { logs: 0 } } }, "objectStore.rotation.logs", /from 1/],
];

/** Rules of prod between several settings. */
const refusedInProd: [string, Record<string, unknown>, string][] = [
    ["fewer Cortex ingesters than copies", { metrics: { replicas: { ingester: 2 } } }, "metrics.replicas.ingester"],
    ["fewer Loki ingesters than copies", { logs: { replicas: { ingester: 2 } } }, "logs.replicas.ingester"],
    ["fewer Tempo ingesters than copies", { traces: { replicas: { ingester: 2 } } }, "traces.replicas.ingester"],
    [
        "one Prometheus",
        { kubePrometheusStack: { prometheus: { replicas: 1 } } },
        "kubePrometheusStack.prometheus.replicas",
    ],
    [
        "an even number of Alertmanagers",
        { kubePrometheusStack: { alertmanager: { replicas: 4 } } },
        "kubePrometheusStack.alertmanager.replicas",
    ],
    ["an even number of PostgreSQL instances", { database: { instances: 2 } }, "database.instances"],
    [
        "samples that fill their volume",
        { kubePrometheusStack: { prometheus: { retentionSize: "50Gi", volume: "50Gi" } } },
        "kubePrometheusStack.prometheus.retentionSize",
    ],
    ["four MinIO servers for a zone's loss", { objectStore: { servers: 4 } }, "objectStore.servers"],
];

describe("settings", () => {
    it("accepts a name, a domain and a shape, all else by default", () => {
        assert.equal(settings(DEV).platform.tenant, "dev");
        assert.equal(settings(PROD).platform.protectData, true);
        assert.equal(settings(DEV).platform.protectData, false);
    });

    it("lets one number change without repeating the rest of its map", () => {
        const changed = settings({ ...PROD, logs: { replicas: { querier: 5 } } });
        assert.equal(at(changed.logs, "replicas.querier"), 5);
        assert.equal(at(changed.logs, "replicas.distributor"), at(settings(PROD).logs, "replicas.distributor"));
    });

    it("takes names of objects with dots in them, as Kubernetes does", () => {
        const dotted = settings({
            ...PROD,
            storageClass: "fast.ssd.example.com",
            access: {
                kind: "ingress",
                className: "nginx.example.com",
                namespace: "edge",
                tls: { from: "issuer", clusterIssuer: "letsencrypt.example.com" },
            },
            imagePullSecret: { from: "secret", secretName: "registry.example.com" },
        });
        assert.equal(dotted.platform.storageClass, "fast.ssd.example.com");
    });

    for (const [what, change, path, message] of refused) {
        it(`refuses ${what}`, () => {
            const found = problems({ ...DEV, ...change }).find((p) => p.path === path);
            assert.ok(found, `no problem at ${path}, but ${JSON.stringify(problems({ ...DEV, ...change }))}`);
            assert.match(`${found.allowed} ${found.fix}`, message);
            for (const part of Object.values(found)) assert.notEqual(part, "");
        });
    }

    for (const [what, change, path] of refusedInProd) {
        it(`refuses in prod ${what}`, () => {
            const found = problems({ ...PROD, ...change });
            assert.ok(
                found.some((p) => p.path === path),
                `no problem at ${path}, but ${JSON.stringify(found)}`,
            );
        });
    }

    it("gives each bad setting a message of its own", () => {
        const messages = refused.map(([, change]) => report(problems({ ...DEV, ...change })));
        assert.equal(new Set(messages).size, messages.length);
        assert.ok(messages.length + refusedInProd.length >= 40);
    });

    it("reports two problems of one system and one of another at once", () => {
        const found = problems({ ...DEV, cluster: "Prod", logs: { retention: "x", replicas: { querier: 0 } } });
        assert.deepEqual(found.map((p) => p.path).sort(), ["cluster", "logs.replicas.querier", "logs.retention"]);
    });

    it("reports a broken rule of one system beside a wrong value of another", () => {
        const found = problems({ ...PROD, database: { instances: 2 }, traces: { retention: "x" } });
        assert.deepEqual(found.map((p) => p.path).sort(), ["database.instances", "traces.retention"]);
    });

    it("never repeats a credential", () => {
        const text = report(
            problems({
                ...DEV,
                alerting: { webhook: { url: "hunter2" }, telegram: { botToken: 12345678, chatId: 1 } },
            }),
        );
        assert.match(text, /alerting.webhook.url/);
        assert.doesNotMatch(text, /hunter2|12345678/);
    });

    it("never repeats a text that stands where a map with a credential belongs", () => {
        const text = report(
            problems({
                ...DEV,
                alerting: { slack: "hunter2", receivers: { shop: "hunter2" } },
                grafana: { oidc: "hunter2" },
                backup: "hunter2",
                objectStore: { kind: "s3", endpoint: "s3.example.com:443", region: "eu", credentials: "hunter2" },
            }),
        );
        for (const path of ["alerting.slack", "alerting.receivers.shop", "grafana.oidc", "backup", "objectStore."]) {
            assert.ok(text.includes(`\n  ${path}`), path);
        }
        assert.doesNotMatch(text, /hunter2/);
    });

    it("says which choices a missing map has, and repeats a text where a number or a text belongs", () => {
        const access = { kind: "ingress", className: "nginx", namespace: "ingress-nginx" };
        const [tls, series] = problems({ ...PROD, access, load: { series: "1T" } });
        assert.equal(tls?.path, "access.tls");
        assert.match(tls.allowed, /^a map with from: \w+, .+ or \w+$/);
        assert.equal(series?.given, '"1T"');
    });

    it("never repeats the value of an unknown key, which may be a misspelt credential", () => {
        assert.doesNotMatch(report(problems({ ...DEV, alerting: { webhok: "hunter2" } })), /hunter2/);
    });

    it("never repeats a text where a map or a list belongs, nor a login in a URL", () => {
        const secret = "text-of-the-test";
        const told = report(
            problems({
                ...DEV,
                metrics: { values: secret },
                ingestGateway: { auth: secret, clients: [secret] },
                tenants: { shop: secret },
                grafana: { oidc: { authUrl: `http://user:${secret}@id.example.com/a` } },
            }),
        );
        assert.doesNotMatch(told, new RegExp(secret));
        assert.match(told, /ingestGateway\.auth\n +given: +a text/);
    });

    it("says of an empty key that it is empty, also where a credential may stand below", () => {
        const told = problems({ ...DEV, grafana: { oidc: null }, metrics: { retention: null } });
        const given = new Map(told.map((one) => [one.path, one.given]));
        assert.equal(given.get("grafana.oidc"), "a key without a value");
        assert.equal(given.get("metrics.retention"), "a key without a value");
    });

    it("takes a key with nothing below it for one that is not there", () => {
        const written = {
            "o:survives": "nothing",
            "o:cluster": "dev",
            "o:domain": "o.example.com",
            "o:metrics": "null",
        };
        assert.deepEqual(readSettings(written, "o", {}), settings({ ...DEV, domain: "o.example.com" }));
    });

    it("refuses keys that every object has, and tenants named so only where they are no names", () => {
        const wrong = readSettings.bind(undefined, { "o:__proto__": '{"metrics":{"retention":"1h"}}' }, "o", {});
        assert.throws(wrong, /__proto__\n +given: +a key that does not exist/);
        assert.deepEqual(problems({ ...DEV, tenants: { constructor: {} } }), []);
    });

    it("tells a cluster that is missing once, though the tenant's name follows from it", () => {
        const told = problems({ survives: "nothing", domain: "o.example.com" }).map(({ path }) => path);
        assert.deepEqual(told, ["cluster"]);
    });

    it("refuses copies into a bucket that they are made of", () => {
        const credentials = keyPairs("rw", "metrics", "logs", "traces");
        const readOnlyCredentials = keyPairs("ro", "metrics", "logs", "traces");
        const endpoint = "s3.example.com:443";
        const store = { kind: "s3", endpoint, region: "eu", credentials, readOnlyCredentials };
        const into = (bucket: string) =>
            problems({
                ...DEV,
                objectStore: store,
                backup: { target: { endpoint, bucket, credentials: { from: "secret", secretName: "offsite" } } },
            }).map(({ path }) => path);
        assert.deepEqual(into("loki-chunks"), ["backup.target.bucket"]);
        assert.deepEqual(into("another"), []);
    });

    it("refuses a user and a password in any URL, of values too, and takes what comes from the environment", () => {
        const of = (values: object) => problems({ ...DEV, logs: { values } }).map(({ path }) => path);
        assert.deepEqual(of({ global: { extraEnv: [{ name: "X", value: "http://user:pw@proxy.example.com" }] } }), [
            "logs.values.global.extraEnv[0].value",
        ]);
        assert.deepEqual(
            of({ global: { extraEnv: [{ name: "X", value: "http://user:$(PW)@proxy.example.com" }] } }),
            [],
        );
        const probes = [{ name: "db", url: "mysql://root:pw@db.example.com:3306", module: "tcp_connect" }];
        assert.deepEqual(
            problems({ ...DEV, blackboxExporter: { probes } }).map(({ path }) => path),
            ["blackboxExporter.probes[0].url"],
        );
        for (const change of [
            { chartMirror: "oci://user:pw@registry.example.com/charts" },
            { alerting: { runbooks: "https://user:pw@git.example.com/runbooks" } },
        ]) {
            assert.equal(problems({ ...DEV, ...change }).length, 1, JSON.stringify(change));
        }
    });

    it("says of a missing credential how it is set, and not what to write", () => {
        const oidc = { authUrl: "https://id.example.com/a", tokenUrl: "https://id.example.com/t" };
        const more = { apiUrl: "https://id.example.com/u", clientId: "grafana", admins: ["sre"] };
        const [found] = problems({ ...DEV, grafana: { oidc: { ...oidc, ...more } } });
        assert.equal(found?.path, "grafana.oidc.clientSecret");
        assert.equal(found.fix, "pulumi config set --secret --path 'grafana.oidc.clientSecret'");
    });

    it("takes what a program leaves undefined for what is not there", () => {
        const given = { ...DEV, grafana: { oidc: undefined }, access: undefined, logs: undefined, load: undefined };
        assert.deepEqual(settings(given), settings(DEV));
    });
});

import assert from "node:assert/strict";
import type { Plan } from "../../tools/plan/engine";
import { leastOf } from "../fixtures/kinds";
import { deployed, planned } from "../fixtures/planned";

const clients = [{ name: "edge" }];
const oidc = {
    authUrl: "https://id.example.com/authorize",
    tokenUrl: "https://id.example.com/token",
    apiUrl: "https://id.example.com/userinfo",
    clientId: "grafana",
    clientSecret: "one",
    defaultRole: "viewer",
};

const backup = {
    target: {
        endpoint: "s3.example.com:443",
        bucket: "copies",
        credentials: { from: "secret", secretName: "copies" },
    },
};

/** What holds every credential that there is. */
const everything = {
    objectStore: {},
    backup,
    database: {},
    grafana: { oidc },
    ingestGateway: { enabled: true, clients },
};

function deploy(change: object): Promise<Plan> {
    const config = Object.entries({ ...everything, ...change });
    return deployed(
        "prod",
        Object.fromEntries(config.map(([key, value]) => [`observability:${key}`, JSON.stringify(value)])),
    );
}

/** Resources by `Kind name`, with inputs whose order of keys means nothing. */
function inputsOf({ resources }: Plan): Map<string, string> {
    return new Map(
        resources.map(({ type, name, inputs }) => [
            `${type.split(":").at(-1) ?? type} ${name}`,
            JSON.stringify(inputs),
        ]),
    );
}

/**
 * Each setting that rotates a credential, and all that it may change or add: what is generated anew, the Secrets that hold
 * it, and the releases whose pods have to read it again. MinIO gets the newest key and keeps the one before: the key of an
 * even number is another user's than that of an odd one.
 */
const rotations: Record<string, { before?: object; change: object; changes: string[] }> = {
    "objectStore.rotation.metrics": {
        change: { objectStore: { rotation: { metrics: 2 } } },
        changes: [
            "RandomPassword minio-metrics-even",
            "Release cortex",
            "Release minio",
            "Secret cortex-s3",
            "Secret minio-user-metrics-even",
        ],
    },
    "objectStore.rotation.logs": {
        change: { objectStore: { rotation: { logs: 2 } } },
        changes: [
            "RandomPassword minio-logs-even",
            "Release loki",
            "Release minio",
            "Secret loki-s3",
            "Secret minio-user-logs-even",
        ],
    },
    "objectStore.rotation.logs, raised again": {
        before: { objectStore: { rotation: { logs: 2 } } },
        change: { objectStore: { rotation: { logs: 3 } } },
        changes: [
            "RandomPassword minio-logs",
            "Release loki",
            "Release minio",
            "Secret loki-s3",
            "Secret minio-user-logs",
        ],
    },
    "objectStore.rotation.traces": {
        change: { objectStore: { rotation: { traces: 2 } } },
        changes: [
            "RandomPassword minio-traces-even",
            "Release minio",
            "Release tempo",
            "Secret minio-user-traces-even",
            "Secret tempo-s3",
        ],
    },
    // The next copy reads the Secrets: nothing of the backup restarts.
    "objectStore.rotation.readOnly": {
        change: { objectStore: { rotation: { readOnly: 2 } } },
        changes: ["metrics", "logs", "traces"]
            .flatMap((role) => [
                `RandomPassword minio-${role}-reader-even`,
                `Secret minio-user-${role}-reader-even`,
                `Secret reader-${role}`,
            ])
            .concat("Release minio")
            .sort(),
    },
    // Servers with different root keys do not talk to each other: several are restarted together, by hand.
    "objectStore.rotation.root": {
        change: { objectStore: { rotation: { root: 2 } } },
        changes: ["RandomPassword minio-root", "Secret minio-root"],
    },
    "database.rotation": {
        change: { database: { rotation: 2 } },
        changes: ["RandomPassword postgres-owner", "Release kps", "Secret grafana-db", "Secret grafana-db-app"],
    },
    "grafana.rotation": {
        change: { grafana: { oidc, rotation: 2 } },
        changes: ["RandomPassword grafana-admin", "Release kps", "Secret grafana-admin"],
    },
    "grafana.oidc": {
        change: { grafana: { oidc: { ...oidc, clientSecret: "two", rotation: 2 } } },
        changes: ["Release kps", "Secret grafana-oidc"],
    },
    "errors.rotation": {
        before: { errors: { kind: "glitchtip" } },
        change: { errors: { kind: "glitchtip", rotation: 2 } },
        changes: [
            ...["Deployment glitchtip-web", "Deployment glitchtip-worker", "Job glitchtip-migrate"],
            ...["RandomPassword glitchtip-admin", "RandomPassword glitchtip-key"],
            ...["Secret glitchtip", "Secret glitchtip-admin"],
        ],
    },
    "database.errors.rotation": {
        before: { errors: { kind: "glitchtip" } },
        change: { errors: { kind: "glitchtip" }, database: { errors: { rotation: 2 } } },
        changes: [
            ...["Deployment glitchtip-web", "Deployment glitchtip-worker", "Job glitchtip-migrate"],
            ...["RandomPassword errors-db-owner", "Secret errors-db-app", "Secret glitchtip"],
        ],
    },
    // Nodes read the monitor's password when they start, and only then.
    "logs.rotation of opensearch": {
        before: { logs: { ...leastOf("opensearch"), dashboards: { enabled: true } } },
        change: { logs: { ...leastOf("opensearch"), dashboards: { enabled: true }, rotation: 2 } },
        changes: [
            ...["Deployment opensearch-gateway", "Job opensearch-setup", "RandomPassword opensearch-dashboards"],
            ...["RandomPassword opensearch-dashboards-cookie", "RandomPassword opensearch-monitor"],
            ...[
                "RandomPassword opensearch-reader",
                "RandomPassword opensearch-viewer",
                "RandomPassword opensearch-writer",
            ],
            ...["Release opensearch-dashboards", "Release opensearch-exporter", "Release opensearch-otlp"],
            ...["Secret opensearch-dashboards", "Secret opensearch-gateway-keys", "Secret opensearch-monitor"],
            ...["Secret opensearch-reader", "Secret opensearch-setup-users", "Secret opensearch-viewer"],
            ...["Secret opensearch-writer"],
        ],
    },
    // The gateway reads its users at each push: nothing restarts.
    "ingestGateway.clients": {
        change: { ingestGateway: { enabled: true, clients: [{ name: "edge", rotation: 2 }] } },
        changes: ["RandomPassword push-edge_even", "Secret push-htpasswd", "Secret push-passwords"],
    },
    "ingestGateway.clusters, one of two": {
        before: { ingestGateway: { enabled: true, clusters: [{ name: "eu", rotation: 2 }, { name: "us" }] } },
        change: { ingestGateway: { enabled: true, clusters: [{ name: "eu", rotation: 3 }, { name: "us" }] } },
        changes: ["RandomPassword push-eu", "Secret push-htpasswd", "Secret push-passwords"],
    },
};

describe("a rotation changes its credential and what reads it, and nothing else", () => {
    let standing: Map<string, string>;

    before(async () => {
        standing = inputsOf(await deploy({}));
    });

    for (const [setting, { before, change, changes }] of Object.entries(rotations)) {
        it(setting, async () => {
            const earlier = before === undefined ? standing : inputsOf(await deploy(before));
            const after = inputsOf(await deploy(change));
            const gone = [...earlier.keys()].filter((key) => !after.has(key));
            assert.deepEqual(gone, [], "no resource goes");
            const changed = [...after].filter(([key, inputs]) => earlier.get(key) !== inputs).map(([key]) => key);
            assert.deepEqual(changed.sort(), changes);
        });
    }
});

describe("a rotation goes in order", () => {
    it("to the object store before the store's pods, and to Secrets before the pods that read them", async () => {
        const { resources } = await planned("prod");
        const find = (kind: string, name: string) =>
            resources.find((each) => each.name === name && each.type.endsWith(`:${kind}`));
        const waits = (name: string, kind: "Secret" | "Release", forName: string) => {
            const urn = find(kind, forName)?.urn;
            return urn !== undefined && find("Release", name)?.dependencies.includes(urn) === true;
        };
        for (const [role, store] of Object.entries({ metrics: "cortex", logs: "loki", traces: "tempo" })) {
            assert.ok(waits("minio", "Secret", `minio-user-${role}`), `the job writes the new key of ${store}`);
            const s3 = find("Secret", `${store}-s3`);
            const minio = find("Release", "minio")?.urn ?? "none";
            assert.ok(s3?.dependencies.includes(minio), `pods of ${store} get a key that is known`);
            assert.ok(waits(store, "Release", "minio"), `${store} restarts with a key that is known`);
            assert.ok(waits(store, "Secret", `${store}-s3`), store);
        }
        assert.ok(waits("kps", "Secret", "grafana-db"));
        assert.ok(waits("kps", "Secret", "grafana-admin"));
    });
});

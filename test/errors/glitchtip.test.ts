import { deepEqual, doesNotMatch, equal, match, notEqual, ok } from "node:assert/strict";
import { glitchtipNetwork } from "../../components/errors/glitchtip/network-policies";
import { errorsUrl, migrationFiles, migrationJob, partSpec } from "../../components/errors/glitchtip/pods";
import { glitchtipDefaults, type GlitchtipSettings } from "../../components/errors/glitchtip/settings";
import type { Survives } from "../../components/kubernetes/placement";
import { bucketRequests } from "../../components/platform/buckets";
import { parseSettings } from "../../components/platform/settings";
import { systemsOf } from "../../components/platform/systems";
import type { PlatformSettings } from "../../components/settings/platform";
import { summarize } from "../../tools/plan/summary";
import { at, records } from "../../tools/records";
import { planned } from "../fixtures/planned";
import { platformOf } from "../fixtures/platform";
import { database, objectStore } from "../fixtures/stores";

const INGRESS: PlatformSettings["access"] = {
    kind: "ingress",
    className: "nginx",
    namespace: "edge",
    tls: { from: "issuer", clusterIssuer: "letsencrypt" },
};
const OIDC = { name: "Login", serverUrl: "https://id.example.com", clientId: "glitchtip", clientSecret: "hunter2" };

function args(survives: Survives = "zone", change: Partial<GlitchtipSettings> = {}) {
    return {
        platform: platformOf(survives, { access: INGRESS }),
        settings: { ...glitchtipDefaults(survives), ...change },
        objectStore,
        bucketRotation: 1 as number | undefined,
        database,
    };
}

function env(of: object): Record<string, unknown> {
    const [container] = records(at(of, "template.spec.containers"));
    return Object.fromEntries(
        records(container?.env).map(({ name, value, valueFrom }) => [String(name), value ?? valueFrom]),
    );
}

function problems(errors: object, more: object = {}): string[] {
    const given = { cluster: "c", domain: "a.example.com", survives: "zone", access: INGRESS };
    const result = parseSettings({ ...given, errors: { kind: "glitchtip", ...errors }, ...more });
    return "problems" in result ? result.problems.map(({ path }) => path) : [];
}

describe("glitchtip: pods", () => {
    it("are two of each on hosts apart where something is survived, and one of each where nothing is", () => {
        for (const part of ["web", "worker"] as const) {
            const spec = partSpec(part, args());
            equal(spec.replicas, 2);
            ok(at(spec, "template.spec.affinity.podAntiAffinity"));
            equal(partSpec(part, args("nothing")).replicas, 1);
        }
    });

    it("keep nothing in a cache that a restart empties: an absent address would be a default one", () => {
        equal(env(partSpec("worker", args())).VALKEY_URL, "");
    });

    it("let nobody make a user by themselves, but by a login whose provider is named", () => {
        const open = (settings: Partial<GlitchtipSettings>) => {
            const { ENABLE_USER_REGISTRATION, ENABLE_SOCIAL_APPS_USER_REGISTRATION } = env(
                partSpec("web", args("zone", settings)),
            );
            return [ENABLE_USER_REGISTRATION, ENABLE_SOCIAL_APPS_USER_REGISTRATION];
        };
        deepEqual(open({}), ["False", "False"]);
        deepEqual(open({ oidc: OIDC }), ["False", "True"]);
    });

    it("have credentials from Secrets alone, and start anew with each", () => {
        const all = args("zone", { oidc: OIDC, mail: { url: "smtp://hunter2@a", from: "a@example.com" } });
        const text = JSON.stringify([partSpec("web", all), partSpec("worker", all), migrationJob(all)]);
        doesNotMatch(text, /hunter2/);
        for (const key of ["DATABASE_SECRET", "SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "EMAIL_URL", "OIDC_CLIENT_SECRET"])
            match(text, new RegExp(`"key":"${key}"`));
        const annotation = (change: object) =>
            JSON.stringify(at(partSpec("web", { ...args(), ...change }), "template.metadata"));
        for (const change of [{ database: { ...database, rotation: 2 } }, { bucketRotation: 2 }])
            notEqual(annotation(change), annotation({}));
        // Where the cloud knows pods by their account there is no key, and none is asked for.
        doesNotMatch(JSON.stringify(partSpec("web", { ...args(), bucketRotation: undefined })), /AWS_SECRET/);
    });

    it("count days by both names that versions have for it", () => {
        const { GLITCHTIP_RETENTION_DAYS, GLITCHTIP_MAX_EVENT_LIFE_DAYS } = env(
            partSpec("worker", args("zone", { retention: "72h" })),
        );
        deepEqual([GLITCHTIP_RETENTION_DAYS, GLITCHTIP_MAX_EVENT_LIFE_DAYS], ["3", "3"]);
    });

    it("are found where browsers send to, by HTTPS with a cookie of HTTPS", () => {
        equal(errorsUrl({ access: INGRESS, domain: "a.example.com" }), "https://errors.a.example.com");
        equal(env(partSpec("web", args())).SESSION_COOKIE_SECURE, "True");
    });
});

describe("glitchtip: migration", () => {
    it("is another Job for another rotation, login and first user", () => {
        const name = (settings: Partial<GlitchtipSettings>) => migrationJob(args("zone", settings)).metadata.name;
        equal(name({}), name({}));
        for (const change of [{ rotation: 2 }, { oidc: OIDC }, { admin: "b@example.com" }])
            notEqual(name(change), name({}));
    });

    it("sets passwords from its environment, and has none", () => {
        const files = Object.values(migrationFiles()).join();
        match(files, /set_password\(os\.environ\["ADMIN_PASSWORD"\]\)/);
        match(files, /run-migrate\.sh[\s\S]*accounts\.py/);
    });
});

describe("glitchtip: settings", () => {
    it("are refused where nothing would come of them", () => {
        deepEqual(problems({}), []);
        deepEqual(problems({ retention: "36h", replicas: { web: 1 } }), ["errors.replicas.web", "errors.retention"]);
        deepEqual(problems({ oidc: OIDC }, { access: { ...INGRESS, tls: { from: "none" } } }), ["access.tls.from"]);
        const errors = { volume: "100Gi" };
        deepEqual(problems({}, { database: { errors } }), []);
        deepEqual(problems({}, { database: { errors: { instances: 2 } } }), ["database.errors.instances"]);
        deepEqual(problems({ kind: "none" }, { database: { errors } }), ["database.errors.volume"]);
    });

    it("ask for a bucket of their own, and for the database's archive once", () => {
        const given = { cluster: "c", domain: "a.example.com", survives: "zone", errors: { kind: "glitchtip" } };
        const parsed = parseSettings({ ...given, database: { backup: {} } });
        ok("settings" in parsed);
        const of = (store: string) =>
            bucketRequests(parsed.settings).find((request) => request.store === store)?.buckets;
        deepEqual(of("errors"), ["glitchtip-attachments"]);
        deepEqual(of("database"), ["postgres-archive"]);
    });

    it("are watched with their database, told apart from Grafana's", () => {
        const given = { cluster: "c", domain: "a.example.com", survives: "zone", errors: { kind: "glitchtip" } };
        const parsed = parseSettings({ ...given, database: { backup: {} } });
        ok("settings" in parsed);
        const systems = systemsOf(parsed.settings);
        const missing = systems
            .flatMap(({ alerts }) => alerts.database ?? [])
            .filter(({ alert }) => alert === "DatabaseInstanceMissing");
        deepEqual(
            missing.map(({ labels, expr }) => [labels?.database, /pod=~"([a-z]+-db)/.exec(expr)?.[1]]),
            [
                [undefined, "grafana-db"],
                ["errors", "errors-db"],
            ],
        );
        ok(systems.flatMap(({ alerts }) => alerts.errors ?? []).some(({ alert }) => alert === "ErrorsQueueGrowing"));
    });
});

describe("glitchtip: ways", () => {
    it("lead in from the ingress and applications to the screens' port, and out to what it uses", () => {
        const { ingress = [], egress = [] } = glitchtipNetwork({
            platform: platformOf("zone", { access: INGRESS }),
            settings: { ...glitchtipDefaults("zone"), oidc: OIDC },
            database,
            objectStore,
        });
        deepEqual(ingress.find(({ name }) => name === "from-people")?.peer, { namespace: "edge" });
        deepEqual([...new Set(ingress.flatMap(({ ports }) => ports))], [8000, 9100]);
        const names = egress.map(({ name }) => name);
        for (const name of ["web-to-database", "worker-to-database", "migration-to-database", "to-object-store"])
            ok(names.includes(name), name);
        ok(!names.includes("to-mail"));
        deepEqual(egress.find(({ name }) => name === "to-webhooks")?.pods, {
            "app.kubernetes.io/name": "glitchtip",
            "app.kubernetes.io/component": "worker",
        });
    });
});

describe("glitchtip: a stack with it", () => {
    it("has two database clusters with one operator in prod, and one of its own in dev", async () => {
        const more = { "observability:errors": JSON.stringify({ kind: "glitchtip" }) };
        for (const [stack, clusters] of [
            ["prod", ["errors-db", "grafana-db"]],
            ["dev", ["errors-db"]],
        ] as const) {
            const plan = await planned(stack, more);
            const found = plan.resources
                .filter(({ type }) => type === "kubernetes:postgresql.cnpg.io/v1:Cluster")
                .map(({ name }) => name);
            deepEqual(found.sort(), clusters);
            equal(summarize(stack, plan).releases.filter(({ release }) => release === "cnpg").length, 1);
        }
    });
});

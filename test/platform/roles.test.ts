import assert from "node:assert/strict";
import { parseSettings } from "../../components/platform/settings";
import { kindOf, roleNamespaces, ROLES, type Role } from "../../components/platform/roles";
import { alternatives } from "../../components/settings/places";
import type { RoleKind } from "../../components/settings/slice";
import type { SettingsProblem } from "../../components/settings/problem";
import { at } from "../../tools/records";
import { settingEntries } from "../../tools/settings-reference/entries";
import { keyPairs } from "../fixtures/key-pairs";

const given = { cluster: "c", domain: "a.example.com", survives: "nothing" };

const NAMES = Object.keys(ROLES) as Role[];
const kindsOf = (role: Role) => ROLES[role].map(({ kind }) => kind);

function problems(change: object): SettingsProblem[] {
    const result = parseSettings({ ...given, ...change });
    return "problems" in result ? result.problems : [];
}

describe("roles", () => {
    it("have their first kind where none is written, and it may be written", () => {
        const result = parseSettings(given);
        assert.ok("settings" in result);
        const standard = NAMES.map((role) => [role, result.settings[role].kind]);
        assert.deepEqual(Object.fromEntries(standard), {
            ...{ metrics: "cortex", logs: "loki", traces: "tempo" },
            ...{ objectStore: "minio", database: "postgres", errors: "none" },
        });
        for (const [role, kind] of standard) assert.deepEqual(problems({ [String(role)]: { kind } }), []);
    });

    it("refuse a kind that does not exist, and tell those that do", () => {
        for (const role of NAMES) {
            const found = problems({ [role]: { kind: "other" } });
            assert.deepEqual(
                found.map(({ path, given: was, allowed }) => [path, was, allowed]),
                [[`${role}.kind`, '"other"', alternatives(kindsOf(role))]],
            );
            assert.equal(found[0]?.fix, `write kind: ${alternatives(kindsOf(role))}`);
        }
    });

    it("look at the other keys beside a kind that does not exist: what no kind takes is told at once", () => {
        const told = (change: object) => problems(change).map(({ path, fix }) => `${path}: ${fix}`);
        assert.deepEqual(
            told({ metrics: { kind: "other", retention: "ever", limits: { maxSereis: 1 }, buckts: {} } }),
            [
                `metrics.kind: write kind: ${alternatives(kindsOf("metrics"))}`,
                "metrics.buckts: write buckets, or remove it",
                "metrics.retention: write, for example, retention: 30d",
                "metrics.limits.maxSereis: write maxSeries, or remove it",
            ],
        );
        // Of two kinds either may be meant, and a default is of nobody's.
        const s3OrMinio = { endpoint: "s3.example.com:443", driveSize: "200Gi" };
        assert.deepEqual(told({ objectStore: { kind: "ceph", ...s3OrMinio } }), [
            "objectStore.kind: write kind: minio or s3",
        ]);
        assert.deepEqual(
            problems({ objectStore: { kind: "ceph", endpiont: "a", driveSize: true } }).map(({ path }) => path),
            ["objectStore.kind", "objectStore.endpiont", "objectStore.driveSize"],
        );
        // A choice below a role is one as well.
        assert.deepEqual(
            problems({ access: { kind: "ingres", className: "nginx", tls: { from: "isuer", clusterIssuer: 1 } } }).map(
                ({ path }) => path,
            ),
            ["access.kind", "access.tls.from", "access.tls.clusterIssuer"],
        );
    });

    it("refuse a key that every object of JavaScript has, as any other", () => {
        for (const key of ["constructor", "toString", "hasOwnProperty"]) {
            for (const kind of ["cortex", "other"]) {
                const found = problems({ metrics: { kind, [key]: 1 } }).map(({ path }) => path);
                assert.deepEqual(found, [...(kind === "other" ? ["metrics.kind"] : []), `metrics.${key}`]);
            }
        }
    });

    it("refuse a kind that is no text, without a second complaint", () => {
        for (const kind of [1, null, [], {}]) {
            assert.deepEqual(
                problems({ metrics: { kind } }).map(({ path }) => path),
                ["metrics.kind"],
                JSON.stringify(kind),
            );
        }
    });

    it("refuse the keys of a kind that is not chosen, and name those of the one that is", () => {
        const s3 = { kind: "s3", endpoint: "s3.example.com:443", region: "eu" };
        const credentials = keyPairs("rw", "metrics", "logs", "traces");
        assert.deepEqual(problems({ objectStore: { ...s3, credentials } }), []);
        const [servers, ...more] = problems({ objectStore: { ...s3, credentials, servers: 4 } });
        assert.deepEqual([servers?.path, more], ["objectStore.servers", []]);
        assert.match(servers?.allowed ?? "", /^the keys credentials, endpoint, identity, kind, /);
        const [endpoint] = problems({ objectStore: { kind: "minio", endpoint: s3.endpoint } });
        assert.equal(endpoint?.path, "objectStore.endpoint");
        assert.match(endpoint.allowed, /^the keys driveSize, drivesPerServer, image, kind, /);
    });

    it("tell by their kinds' names which one a kind is: in the settings, and in what is made of them", () => {
        for (const role of NAMES) {
            for (const each of ROLES[role] as readonly RoleKind[]) {
                const { kind, schema } = each;
                assert.ok(schema.shape.kind.safeParse(kind).success, kind);
                assert.deepEqual(at(each.defaults("zone", { kind }), "kind"), kind);
            }
        }
    });

    it("are of a kind for good: data stays in the system that took it", () => {
        const kinds = new Map(settingEntries().map(({ path, meaning }) => [path, meaning]));
        // Where nothing stands by default there is nothing to lose.
        for (const role of NAMES.filter((each) => ROLES[each][0].kind !== "none")) {
            const meaning = kinds.get(`${role}.kind`);
            assert.ok(meaning, role);
            assert.ok(meaning.immutable !== undefined, `${role}.kind may not be changed`);
        }
    });

    it("have the namespaces of the kind that stands in them, none of one outside", () => {
        assert.deepEqual(kindOf("objectStore", { objectStore: { kind: "s3" } }).namespaces, []);
        assert.deepEqual(kindOf("objectStore", {}).namespaces, ["minio"]);
        const inside = roleNamespaces({});
        assert.ok(inside.includes("minio") && inside.includes("cortex"));
        assert.equal(roleNamespaces({ objectStore: { kind: "s3" } }).includes("minio"), false);
    });
});

describe("problems of several systems", () => {
    it("are told all at once: of values, of a system's own rules, and between systems", () => {
        const found = problems({
            metrics: { replicas: { ingester: 2 }, limits: { maxSeriess: 1 } },
            logs: { retention: "36h", kind: "other" },
            traces: { multitenancy: "yes" },
            grafana: { replicas: 2 },
            alerting: { receivers: { shop: {} } },
        });
        assert.deepEqual(found.map(({ path }) => path).sort(), [
            "alerting.receivers.shop",
            "grafana.replicas",
            "logs.kind",
            "metrics.limits.maxSeriess",
            "traces.multitenancy",
        ]);
    });

    it("between systems are told beside those within one, as long as every value can be read", () => {
        const found = problems({
            survives: "node",
            tenant: "c",
            tenants: { c: {} },
            metrics: { replicas: { ingester: 2 }, buckets: { blocks: "loki-chunks" } },
            logs: { retention: "36h" },
            objectStore: { kind: "s3", endpoint: "10.0.0.7:9000", region: "eu", credentials: {} },
        });
        assert.deepEqual(found.map(({ path }) => path).sort(), [
            "logs.buckets.chunks",
            "logs.retention",
            "metrics.replicas.ingester",
            "objectStore.credentials.logs",
            "objectStore.credentials.metrics",
            "objectStore.credentials.traces",
            "objectStore.pathStyle",
            "tenants.c",
        ]);
    });

    it("between systems are told beside what is wrong in one, but of the value that cannot be read: it would be compared with nothing", () => {
        const shared = { metrics: { buckets: { blocks: "loki-chunks" } } };
        assert.deepEqual(
            problems(shared).map(({ path }) => path),
            ["logs.buckets.chunks"],
        );
        assert.deepEqual(
            problems({ ...shared, traces: { retention: "2w" } }).map(({ path }) => path),
            ["traces.retention", "logs.buckets.chunks"],
        );
        assert.deepEqual(
            problems({ metrics: { buckets: { blocks: "loki-chunks" } }, logs: { buckets: { chunks: "X" } } }).map(
                ({ path }) => path,
            ),
            ["logs.buckets.chunks"],
        );
        // Neither the number that is none, nor the slice that is no map, keeps other rules from being asked.
        assert.deepEqual(
            problems({
                survives: "zone",
                metrics: { replicas: { querier: "x", ingester: 2 }, limits: { ingestionRate: 0, ingestionBurst: 1 } },
                logs: "on",
                tenants: { own: {} },
                tenant: "own",
            })
                .map(({ path }) => path)
                .sort(),
            [
                "logs",
                "metrics.limits.ingestionRate",
                "metrics.replicas.ingester",
                "metrics.replicas.querier",
                "tenants.own",
            ],
        );
    });
});

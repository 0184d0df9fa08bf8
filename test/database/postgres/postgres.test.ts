import assert from "node:assert/strict";
import { networkPolicySpecs } from "../../../components/kubernetes/network-policies";
import type { Survives } from "../../../components/kubernetes/placement";
import { buildCluster, buildPodMonitor } from "../../../components/database/postgres/cluster";
import { databaseNetwork, operatorNetwork } from "../../../components/database/postgres/network-policies";
import { postgresDefaults, postgresSettings } from "../../../components/database/postgres/settings";
import { postgresRules } from "../../../components/database/postgres/rules";
import { buildOperatorValues } from "../../../components/database/postgres/values";
import { platformOf as platform } from "../../fixtures/platform";

const shapes = ["nothing", "node", "zone"] as const;

function cluster(survives: Survives, instances = postgresDefaults(survives).instances, of = platform(survives)) {
    return buildCluster({ platform: of, settings: { ...postgresDefaults(survives), instances } });
}

const operator = (survives: Survives, of = platform(survives)) =>
    buildOperatorValues({ platform: of, settings: postgresDefaults(survives) });

describe("postgres: the cluster", () => {
    it("has every write confirmed by a standby, and by two of four", () => {
        assert.equal(cluster("node").spec.postgresql.synchronous?.number, 1);
        assert.equal(cluster("node", 5).spec.postgresql.synchronous?.number, 2);
        assert.equal(cluster("node").spec.postgresql.synchronous?.dataDurability, "preferred");
    });

    it("keeps instances on different hosts by requirement: the operator's default only prefers it", () => {
        for (const survives of ["node", "zone"] as const) {
            const { affinity } = cluster(survives).spec;
            assert.equal(affinity.enablePodAntiAffinity, true);
            assert.ok("podAntiAffinityType" in affinity);
            assert.equal(affinity.podAntiAffinityType, "required");
            assert.equal(affinity.topologyKey, "kubernetes.io/hostname");
        }
    });

    it("keeps zones apart strictly where one may be lost, and only there", () => {
        const [spread] = cluster("zone").spec.topologySpreadConstraints ?? [];
        assert.equal(spread?.whenUnsatisfiable, "DoNotSchedule");
        assert.equal(spread.nodeTaintsPolicy, "Honor", "a cordoned zone would hold its pod back");
        assert.equal(spread.labelSelector.matchLabels["cnpg.io/cluster"], "grafana-db");
        assert.equal(cluster("node").spec.topologySpreadConstraints, undefined);
    });

    it("has no empty list or map where pods are placed: the operator would make a standby's pod again without end", () => {
        for (const survives of shapes) {
            const { affinity, ...spec } = cluster(survives).spec;
            for (const [key, value] of Object.entries({ ...affinity, spread: spec.topologySpreadConstraints })) {
                assert.notDeepEqual(value, [], key);
                assert.notDeepEqual(value, {}, key);
            }
        }
        const scheduling = {
            nodeSelector: { pool: "platform" },
            tolerations: [{ key: "pool", operator: "Exists" }],
        } as const;
        const of = { ...platform("zone"), scheduling: { ...scheduling, tolerations: [...scheduling.tolerations] } };
        const { affinity } = cluster("zone", 3, of).spec;
        assert.deepEqual(
            [affinity.nodeSelector, affinity.tolerations],
            [scheduling.nodeSelector, scheduling.tolerations],
        );
    });

    it("has no budget around a single instance, which would block drains", () => {
        assert.equal(cluster("zone").spec.enablePDB, true);
        assert.equal(cluster("nothing").spec.enablePDB, false);
        assert.equal(cluster("nothing").spec.postgresql.synchronous, undefined);
    });

    it("starts from the owner's Secret, whose user owns the database, and has no superuser login", () => {
        const { bootstrap } = cluster("zone").spec;
        assert.ok("initdb" in bootstrap);
        assert.deepEqual(bootstrap.initdb, {
            database: "grafana",
            owner: "grafana",
            secret: { name: "grafana-db-app" },
        });
        assert.equal(cluster("zone").spec.enableSuperuserAccess, false);
    });

    it("is waited for until its instances are ready", () => {
        assert.equal(cluster("zone").metadata.annotations["pulumi.com/waitFor"], "condition=Ready");
    });

    it("stands, stores and pulls where the platform says", () => {
        const { spec } = cluster(
            "node",
            3,
            platform("node", { storageClass: "fast", imageRegistry: "reg.example.com/m" }),
        );
        assert.equal(spec.storage.storageClass, "fast");
        assert.match(spec.imageName, /^reg\.example\.com\/m\/cloudnative-pg\/postgresql:\d+\.\d+/);
        assert.deepEqual(spec.affinity.nodeSelector, { pool: "o11y" });
        assert.deepEqual(spec.affinity.tolerations, [{ key: "o11y", operator: "Exists" }]);
        assert.equal("storageClass" in cluster("node").spec.storage, false, "absent means the cluster's default");
        assert.match(cluster("node").spec.imageName, /^ghcr\.io\//);
    });

    it("is seen by Prometheus, instances only", () => {
        assert.deepEqual(buildPodMonitor().spec.selector.matchLabels, {
            "cnpg.io/cluster": "grafana-db",
            "cnpg.io/podRole": "instance",
        });
    });
});

describe("postgres: the operator", () => {
    it("has a second one on another host, and a rollout that needs no third host", () => {
        for (const survives of ["node", "zone"] as const) {
            const made = operator(survives);
            assert.equal(made.replicaCount, 2);
            assert.ok(made.affinity?.podAntiAffinity);
            assert.equal(made.updateStrategy?.rollingUpdate?.maxSurge, 0);
            assert.ok(made.resources?.limits?.memory);
        }
        assert.equal(operator("zone").topologySpreadConstraints?.length, 1);
        assert.equal(operator("nothing").replicaCount, 1);
    });

    it("takes its image, which every instance starts from too, from the platform's registry", () => {
        const made = operator("node", platform("node", { imageRegistry: "reg.example.com/m" }));
        assert.equal(made.image?.repository, "reg.example.com/m/cloudnative-pg/cloudnative-pg");
        assert.equal(operator("node").image, undefined);
    });
});

describe("postgres: settings", () => {
    it("has defaults that are valid and keep the rules", () => {
        for (const survives of shapes) {
            const defaults = postgresDefaults(survives);
            assert.deepEqual(postgresSettings.parse(defaults), defaults);
            assert.deepEqual(postgresRules(defaults, platform(survives)), []);
        }
    });

    it("refuses an even number of instances, fewer than three, and a lone operator", () => {
        const rules = (instances: number) =>
            postgresRules({ ...postgresDefaults("node"), instances }, platform("node")).map(({ fix }) => fix);
        assert.deepEqual(rules(1), ["database: { instances: 3 }"]);
        assert.deepEqual(rules(2), ["database: { instances: 3 }"]);
        assert.deepEqual(rules(4), ["database: { instances: 5 }"]);
        assert.deepEqual(rules(5), []);
        const [alone] = postgresRules({ ...postgresDefaults("node"), replicas: { operator: 1 } }, platform("node"));
        assert.equal(alone?.path, "database.replicas.operator");
    });
});

describe("postgres: network", () => {
    const flows = (of: ReturnType<typeof databaseNetwork>) => {
        const specs = networkPolicySpecs(of);
        return Object.fromEntries(
            Object.entries(specs).map(([name, { ingress, egress }]) => [name, JSON.stringify(ingress ?? egress)]),
        );
    };

    it("lets Grafana, the operator and Prometheus in, each at its own port", () => {
        const open = flows(databaseNetwork(platform("zone"), undefined));
        assert.match(open["from-grafana"] ?? "", /"monitoring".*"port":5432/);
        assert.match(open["from-operator"] ?? "", /"cnpg-system".*"port":8000/);
        assert.match(open["from-prometheus"] ?? "", /"monitoring".*"port":9187/);
        assert.ok(open["to-api-server"], "instances read their own state there");
    });

    it("lets the API server reach the webhooks, and the operator its instances", () => {
        const open = flows(operatorNetwork(platform("zone")));
        assert.match(open["from-api-server"] ?? "", /"port":9443/);
        assert.match(open["to-instances"] ?? "", /"postgres".*"port":8000/);
    });

    it("keeps webhook and policy on the port that the control plane may reach", () => {
        const there = platform("zone", { apiServer: { port: 443, webhookPort: 10250 } });
        assert.match(flows(operatorNetwork(there))["from-api-server"] ?? "", /"port":10250/);
        const settings = postgresDefaults("zone");
        assert.equal(buildOperatorValues({ platform: there, settings }).webhook?.port, 10250);
    });
});

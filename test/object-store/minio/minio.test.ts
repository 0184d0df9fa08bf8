import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { grantOf, type BucketRequest } from "../../../components/contracts/object-store";
import { MinIO } from "../../../components/object-store/minio/minio";
import { buildClusterProbe } from "../../../components/object-store/minio/monitors";
import { minioDefaults, type MinioSettings } from "../../../components/object-store/minio/settings";
import { buildMinioValues } from "../../../components/object-store/minio/values";
import type { Survives } from "../../../components/kubernetes/placement";
import { platformDefaults, platformSettings, type PlatformSettings } from "../../../components/settings/platform";
import { flowsOf } from "../../fixtures/flows";

const requests: BucketRequest[] = [
    { store: "metrics", buckets: ["blocks", "rules"] },
    { store: "logs", buckets: ["chunks"] },
    { store: "traces", buckets: ["traces"] },
];

function platformOf(survives: Survives, more: Partial<PlatformSettings> = {}): PlatformSettings {
    const own = { cluster: "test", tenant: "test", domain: "o11y.example.com", survives };
    return platformSettings.parse({ ...platformDefaults(own), ...own, ...more });
}

function valuesOf(
    survives: Survives,
    more: Partial<PlatformSettings> = {},
    settings: Partial<MinioSettings> = {},
    readOnly = false,
) {
    return buildMinioValues({
        platform: platformOf(survives, more),
        settings: { ...minioDefaults(survives), ...settings },
        requests,
        readOnly,
    });
}

describe("MinIO's values", () => {
    it("make one server that a laptop can replace: no quorum, no disruption budget, no rolling update on its volume", () => {
        const values = valuesOf("nothing");
        assert.equal(values.mode, "standalone");
        assert.equal(values.deploymentUpdate?.type, "Recreate");
        assert.equal(values.podDisruptionBudget, undefined);
        assert.equal(values.affinity, undefined);
        assert.equal(values.persistence?.annotations, undefined);
    });

    it("keep the single server's claim when the release goes, where data is protected", () => {
        const annotations = valuesOf("nothing", { protectData: true }).persistence?.annotations;
        assert.deepEqual(annotations, { "helm.sh/resource-policy": "keep" });
    });

    it("keep servers on different hosts, and strictly in different zones where a zone may go", () => {
        const node = valuesOf("node");
        assert.deepEqual([node.mode, node.replicas, node.drivesPerNode], ["distributed", 4, 2]);
        assert.deepEqual(node.podDisruptionBudget, { enabled: true, maxUnavailable: 1 });
        assert.match(JSON.stringify(node.affinity), /kubernetes\.io\/hostname/);
        assert.equal(node.topologySpreadConstraints, undefined);

        const zone = valuesOf("zone");
        assert.equal(zone.replicas, 6);
        assert.match(JSON.stringify(zone.topologySpreadConstraints), /"DoNotSchedule"/);
    });

    it("take every image from the registry that stands in for all", () => {
        const values = valuesOf("node", { imageRegistry: "registry.example.com/mirror" });
        const [sidecar] = values.extraContainers as [{ image: string }];
        for (const image of [values.image?.repository, values.mcImage?.repository, sidecar.image]) {
            assert.match(image ?? "", /^registry\.example\.com\/mirror\/p/);
        }
        assert.match(values.image?.tag ?? "", /^RELEASE\..+@sha256:/);
    });

    it("place servers and the job alike", () => {
        const scheduling = {
            nodeSelector: { pool: "o11y" },
            tolerations: [{ key: "o11y", operator: "Exists" as const }],
        };
        const values = valuesOf("node", { scheduling });
        for (const pod of [values, values.postJob]) {
            assert.deepEqual({ nodeSelector: pod?.nodeSelector, tolerations: pod?.tolerations }, scheduling);
        }
    });

    it("let each store into its own buckets and no other", () => {
        const policies = valuesOf("node").policies as { name: string; statements: { resources: string[] }[] }[];
        const reach = Object.fromEntries(policies.map((p) => [p.name, p.statements.flatMap((s) => s.resources)]));
        assert.deepEqual(reach, {
            "metrics-rw": ["blocks", "rules", "blocks/*", "rules/*"].map((path) => `arn:aws:s3:::${path}`),
            "logs-rw": ["arn:aws:s3:::chunks", "arn:aws:s3:::chunks/*"],
            "traces-rw": ["arn:aws:s3:::traces", "arn:aws:s3:::traces/*"],
        });
    });

    it("give each store's buckets a user that only reads them, where they are copied", () => {
        const values = valuesOf("node", {}, {}, true);
        const policies = values.policies as {
            name: string;
            statements: { actions: string[]; resources: string[] }[];
        }[];
        const readers = policies.filter(({ name }) => name.endsWith("-ro"));
        assert.deepEqual(
            readers.map(({ name }) => name),
            ["metrics-ro", "logs-ro", "traces-ro"],
        );
        for (const { statements } of readers) {
            const actions = statements.flatMap((statement) => statement.actions);
            assert.deepEqual(actions, ["s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject"]);
        }
        const logs = readers.find(({ name }) => name === "logs-ro");
        assert.deepEqual(
            logs?.statements.flatMap(({ resources }) => resources),
            ["arn:aws:s3:::chunks", "arn:aws:s3:::chunks/*"],
        );
        const users = values.users as { policy: string; existingSecret: string }[];
        assert.deepEqual(
            users
                .filter(({ existingSecret }) => existingSecret.includes("reader"))
                .map(({ policy, existingSecret }) => [policy, existingSecret]),
            ["metrics", "logs", "traces"].map((store) => [`${store}-ro`, `minio-user-${store}-reader`]),
        );
        assert.equal(users.length, 6, "each store's own, and one that reads");
    });

    it("never empty a bucket, nor touch its versioning", () => {
        const buckets = valuesOf("node").buckets as {
            name: string;
            purge: boolean;
            versioning: string;
            policy: string;
        }[];
        assert.deepEqual(
            buckets.map((b) => b.name),
            ["blocks", "rules", "chunks", "traces"],
        );
        for (const bucket of buckets) {
            assert.deepEqual([bucket.purge, bucket.versioning, bucket.policy], [false, "skip", "none"]);
        }
    });

    it("write changed secret keys at each upgrade, and turn a rotation into one", () => {
        const rotated = { ...minioDefaults("node").rotation, logs: 2 };
        const before = valuesOf("node");
        const after = valuesOf("node", {}, { rotation: rotated });
        assert.notDeepEqual(before.postJob?.podAnnotations, after.postJob?.podAnnotations);
        const commands = (after.customCommands as { command: string }[]).map(({ command }) => command);
        // The store that is rotated has two users, whose keys both stay valid until the next rotation.
        for (const user of ["logs", "logs-even", "metrics", "traces"]) {
            const files = [`accessKey-${user}`, `secrets/minio-user-${user}/secretKey`];
            const [id, key] = files.map((file) => `"$(cat /config/${file})"`);
            assert.ok(commands.includes(`admin user add myminio ${id ?? ""} ${key ?? ""}`), user);
        }
        assert.equal(commands.length, 4);
    });

    it("restart a single server with a new root key, but leave servers alone that would lose each other", () => {
        const rotation = { ...minioDefaults("node").rotation, root: 2 };
        const annotation = { "observability-platform/credentials-rotation": "2" };
        assert.deepEqual(valuesOf("nothing", {}, { rotation }).podAnnotations, annotation);
        assert.deepEqual(valuesOf("node", {}, { rotation }), valuesOf("node"));
    });

    it("gate each pod on the server's readiness for reads", () => {
        const path = (survives: Survives) => {
            const [sidecar] = valuesOf(survives).extraContainers as [{ readinessProbe: { httpGet: { path: string } } }];
            return sidecar.readinessProbe.httpGet.path;
        };
        assert.equal(path("node"), "/minio/health/cluster/read");
        assert.equal(path("nothing"), "/minio/health/ready");
    });
});

describe("MinIO", () => {
    const made: { type: string; name: string; inputs: unknown }[] = [];

    before(async () => {
        await pulumi.runtime.setMocks({
            newResource: ({ type, name, inputs, id }) => {
                made.push({ type, name, inputs });
                const generated = type.startsWith("random:") ? { result: pulumi.secret(`generated-${name}`) } : {};
                return { id: id ?? name, state: { ...(inputs as object), ...generated } };
            },
            call: ({ inputs }) => inputs as Record<string, unknown>,
        });
    });

    it("grants each store its key pair, and puts no credential into the chart's values", async () => {
        const minio = new MinIO("minio", {
            platform: platformOf("node"),
            settings: minioDefaults("node"),
            requests,
            readOnly: false,
            consumers: ["cortex", "loki", "tempo"],
            monitoringCrds: [],
        });
        const { keys } = grantOf(minio, "logs", ["chunks"]);
        assert.ok(keys);
        assert.equal(await pulumi.isSecret(keys.secretAccessKey), true);
        const granted = await new Promise<string>((resolve) => keys.secretAccessKey.apply(resolve));
        assert.equal(granted, "generated-minio-logs");
        // The release depends on all the rest.
        await new Promise((resolve) => minio.ready[0]?.urn.apply(resolve));

        const release = made.find(({ type }) => type.endsWith(":Release"));
        assert.ok(release);
        assert.doesNotMatch(JSON.stringify(release.inputs), /generated-/);
        const root = made.find(({ type, name }) => type.endsWith(":Secret") && name === "minio-root");
        assert.match(JSON.stringify(root?.inputs), /accessKey-logs.*rootPassword|rootPassword.*accessKey-logs/);
    });

    it("gives what each server counts for itself once, by its own pod", () => {
        const [drop] = buildClusterProbe().spec.metricRelabelings;
        assert.ok(drop?.action === "drop");
        const dropped = new RegExp(`^(?:${drop.regex})$`);
        for (const name of [
            "minio_s3_requests_total",
            "minio_s3_traffic_sent_bytes",
            "minio_inter_node_traffic_sent_bytes",
        ])
            assert.match(name, dropped);
        for (const name of ["minio_cluster_capacity_usable_free_bytes", "minio_cluster_usage_object_total"])
            assert.doesNotMatch(name, dropped);
    });

    it("opens the S3 port to the stores and to Prometheus, and nothing to the outside", () => {
        assert.deepEqual(flowsOf(made, "minio").sort(), [
            ...["default-deny", "dns", "from-cortex", "from-loki", "from-monitoring", "from-tempo", "same-namespace"],
        ]);
    });
});

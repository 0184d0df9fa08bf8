import assert from "node:assert/strict";
import { buckets } from "../../../tools/verify/checks/buckets";
import { denied } from "../../../tools/verify/wiring/buckets";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { document as manifest } from "../../fixtures/verify/manifests";
import { configMap, deployment, NAMESPACES, secret, service } from "../../fixtures/verify/wiring";

const allow = (resources: string[], actions = ["s3:*"], effect = "Allow") => ({
    ...{ Effect: effect, Action: actions, Resource: resources.map((each) => `arn:aws:s3:::${each}`) },
});
const document = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** MinIO as its chart makes it: scripts that name files, keys in Secrets. */
const minio = (policy: string, made = ["logs"]) =>
    [
        deployment("minio", [{ containerPort: 9000 }]),
        service("minio", [{ port: 9000 }]),
        configMap(
            {
                initialize: [
                    "createBucket() {",
                    "}",
                    ...made.map((name) => `createBucket ${name} "none" false skip`),
                ].join("\n"),
                "add-policy": "createPolicy () {\n}\ncreatePolicy logs-rw policy_0",
                "add-user": [
                    "echo $(cat /config/accessKey-logs) > $TMP",
                    "cat /config/secrets/user-logs/secretKey >> $TMP",
                    "echo >> $TMP",
                    "createUser logs-rw",
                ].join("\n"),
                "policy_0.json": policy,
            },
            "minio",
        ),
        secret({ "accessKey-logs": "AK" }, "minio-root"),
        secret({ secretKey: "SK" }, "user-logs"),
    ].join("");

const store = (
    bucket: string,
    keys: Record<string, string> = { AWS_ACCESS_KEY_ID: "AK", AWS_SECRET_ACCESS_KEY: "SK" },
) =>
    configMap({ "s.yaml": `s3: { endpoint: minio.ns.svc:9000, bucket_name: '${bucket}' }` }) +
    secret(keys, "s3") +
    deployment("store", [], {
        container: { envFrom: [{ secretRef: { name: "s3" } }] },
        pod: { volumes: [{ name: "c", configMap: { name: "config" } }] },
    });

/** A database that archives. */
const cluster = (barmanObjectName: string) =>
    manifest({
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Cluster",
        metadata: { name: "db", namespace: "ns" },
        spec: {
            instances: 1,
            plugins: [{ name: "barman-cloud.cloudnative-pg.io", parameters: { barmanObjectName } }],
        },
    });

const RIGHTS = document(allow(["logs", "logs/*"]));

describe("verify: buckets", () => {
    it("are made by MinIO and open to the user whose key the store has", () => {
        assertClean(buckets, given(NAMESPACES + minio(RIGHTS) + store("logs")));
    });

    it("are a database's archive too, by the keys that it names", () => {
        const archive = (name: string) =>
            cluster("archive") +
            manifest({
                apiVersion: "barmancloud.cnpg.io/v1",
                kind: "ObjectStore",
                metadata: { name: "archive", namespace: "ns" },
                spec: {
                    configuration: {
                        destinationPath: `s3://${name}/`,
                        endpointURL: "http://minio.ns.svc:9000",
                        s3Credentials: {
                            accessKeyId: { name: "keys", key: "id" },
                            secretAccessKey: { name: "keys", key: "secret" },
                        },
                    },
                },
            });
        const keys = (id: string) => secret({ id, secret: "SK" }, "keys");
        const stack = NAMESPACES + minio(RIGHTS);
        assertClean(buckets, given(stack + archive("logs") + keys("AK")));
        assertFound(
            buckets,
            given(stack + archive("log") + keys("AK")),
            /bucket log, .* not told to make/,
            /does not allow/,
        );
        assertFound(
            buckets,
            given(stack + archive("logs") + keys("other")),
            /db \(primary\) has the access key of no user/,
        );
    });

    it("are found where MinIO makes none of that name, and where the policy is another bucket's", () => {
        assertFound(
            buckets,
            given(NAMESPACES + minio(RIGHTS) + store("log")),
            /bucket log, which MinIO of namespace ns is not told to make -> one of logs/,
            /policy logs-rw does not allow s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject in log/,
        );
        const two = minio(RIGHTS, ["logs", "rules"]);
        assertFound(
            buckets,
            given(NAMESPACES + two + store("logs,rules")),
            /policy logs-rw does not allow .* in rules/,
        );
    });

    it("are found where the store has a key of nobody, or another secret than its user", () => {
        const keys = (id: string, key: string) => ({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key });
        assertFound(
            buckets,
            given(NAMESPACES + minio(RIGHTS) + store("logs", keys("XX", "SK"))),
            /access key of no user/,
        );
        assertFound(buckets, given(NAMESPACES + minio(RIGHTS) + store("logs", keys("AK", "XX"))), /another secret key/);
        assertFound(buckets, given(NAMESPACES + minio(RIGHTS) + store("logs", {})), /access key of no user/);
    });

    it("of an outside S3 are those of the settings", () => {
        const outside = (bucket: string) => store(bucket).replace("minio.ns.svc:9000", "s3.example.com:443");
        assertClean(buckets, given(NAMESPACES + outside("loki-chunks")));
        assertFound(buckets, given(NAMESPACES + outside("chunks")), /bucket chunks of s3\.example\.com:443/);
    });

    it("of an outside S3 are opened by a key, or by the account that is the store's role", () => {
        const role = (store: string) => `arn:aws:iam::111122223333:role/${store}`;
        const roles = { metrics: role("metrics"), logs: role("logs"), traces: role("traces") };
        const s3 = { kind: "s3", endpoint: "s3.eu-central-1.amazonaws.com:443", region: "eu-central-1" };
        const settings = (identity: object) => ({ objectStore: { ...s3, identity } });
        const keys = (more?: Record<string, string>) =>
            store("loki-chunks", more).replace("minio.ns.svc:9000", "s3.eu-central-1.amazonaws.com:443");
        const account = (annotations: object) =>
            manifest({
                apiVersion: "v1",
                kind: "ServiceAccount",
                metadata: { name: "default", namespace: "ns", annotations },
            });
        const irsa = settings({ from: "irsa", roles });
        const annotated = (arn: string) => account({ "eks.amazonaws.com/role-arn": arn });
        assertClean(buckets, given(NAMESPACES + annotated(roles.logs) + keys({}), irsa));
        assertClean(buckets, given(NAMESPACES + account({}) + keys({}), settings({ from: "podIdentity" })));
        assertFound(buckets, given(NAMESPACES + keys({})), /store has no key for the object store/);
        assertFound(buckets, given(NAMESPACES + annotated(roles.logs) + keys(), irsa), /store has a key beside/);
        assertFound(buckets, given(NAMESPACES + account({}) + keys({}), irsa), /role-arn is missing -> .*role\/logs/);
        assertFound(
            buckets,
            given(NAMESPACES + annotated(roles.traces) + keys({}), irsa),
            /whose eks\.amazonaws\.com\/role-arn is .*role\/traces -> .*role\/logs/,
        );
    });
});

describe("verify: a bucket's policy", () => {
    it("allows by action and resource, with patterns", () => {
        assert.deepEqual(denied(JSON.parse(RIGHTS), "logs"), []);
        assert.deepEqual(denied(JSON.parse(document(allow(["*"]))), "logs"), []);
        // A right on the bucket is none on its objects, and the other way round.
        assert.deepEqual(denied(JSON.parse(document(allow(["logs"]))), "logs"), [
            ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        ]);
        assert.deepEqual(denied(JSON.parse(document(allow(["logs/*"]))), "logs"), ["s3:ListBucket"]);
        const read = allow(["logs", "logs/*"], ["s3:List*", "s3:Get*"]);
        assert.deepEqual(denied(JSON.parse(document(read)), "logs"), ["s3:PutObject", "s3:DeleteObject"]);
    });

    it("denies before it allows", () => {
        const statements = [allow(["logs", "logs/*"]), allow(["logs/*"], ["s3:DeleteObject"], "Deny")];
        assert.deepEqual(denied(JSON.parse(document(...statements)), "logs"), ["s3:DeleteObject"]);
    });
});

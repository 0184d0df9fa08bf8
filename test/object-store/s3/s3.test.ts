import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { mergeValues } from "../../../components/kubernetes/merge-values";
import { grantOf, type BucketRequest } from "../../../components/contracts/object-store";
import { objectStoreSlice } from "../../../components/object-store/settings";
import { S3 } from "../../../components/object-store/s3/s3";
import { s3Settings, type S3Settings } from "../../../components/object-store/s3/settings";
import { openingRules, s3Rules } from "../../../components/object-store/s3/rules";
import { platformOf } from "../../fixtures/platform";
import { problemsOf, report } from "../../../components/settings/report";

const pair = (store: string) => ({ accessKeyId: `${store}-id`, secretAccessKey: `${store}-key` });

const given = {
    kind: "s3",
    endpoint: "s3.eu-central-1.amazonaws.com:443",
    region: "eu-central-1",
    credentials: { metrics: pair("metrics"), logs: pair("logs"), traces: pair("traces") },
};

const requests: BucketRequest[] = [
    { store: "metrics", buckets: ["blocks"] },
    { store: "logs", buckets: ["chunks"] },
    { store: "traces", buckets: ["traces"] },
];

function settingsOf(more: Partial<S3Settings> = {}): S3Settings {
    return s3Settings.parse({ ...mergeValues(objectStoreSlice.defaults("zone", given), given), ...more });
}

const paths = (settings: S3Settings) => s3Rules(settings).map((found) => found.path);

describe("an outside S3's settings", () => {
    it("need address and credentials only, and mix nothing of MinIO's defaults in", () => {
        const settings = objectStoreSlice.schema.parse(mergeValues(objectStoreSlice.defaults("zone", given), given));
        assert.deepEqual(settings, settingsOf());
        assert.deepEqual([settingsOf().tls, settingsOf().pathStyle], [true, false]);
        assert.deepEqual(paths(settingsOf()), []);
    });

    it("sign for the region of AWS' endpoint", () => {
        const own = "us-gov-west-1";
        for (const host of [
            `s3.${own}`,
            `s3.dualstack.${own}`,
            `s3-fips.${own}`,
            `s3-${own}`,
            `b.vpce-1a.s3.${own}.vpce`,
        ]) {
            const endpoint = `${host}.amazonaws.com:443`;
            assert.deepEqual(paths(settingsOf({ endpoint, region: own })), []);
            assert.deepEqual(paths(settingsOf({ endpoint })), ["objectStore.region"]);
        }
        for (const endpoint of [
            "s3.amazonaws.com:443",
            "s3-accelerate.amazonaws.com:443",
            "s3.us-east-1.example.com:443",
        ])
            assert.deepEqual(paths(settingsOf({ endpoint })), []);
    });

    it("never repeat a credential in a message", () => {
        const wrong = mergeValues(objectStoreSlice.defaults("zone", given), {
            ...given,
            credentials: { ...given.credentials, logs: { accessKeyId: 4711, secretAccessKey: 4712 } },
        });
        const result = objectStoreSlice.schema.safeParse(wrong);
        assert.ok(result.error);
        const text = report(problemsOf(result.error, objectStoreSlice.schema, wrong, "objectStore"));
        assert.match(text, /objectStore\.credentials\.logs\.secretAccessKey/);
        assert.doesNotMatch(text, /471[12]/);
    });

    it("name every missing key at once", () => {
        const raw = { ...objectStoreSlice.defaults("zone", { kind: "s3" }), kind: "s3" };
        const result = objectStoreSlice.schema.safeParse(raw);
        assert.ok(result.error);
        const found = problemsOf(result.error, objectStoreSlice.schema, raw, "objectStore").map((p) => p.path);
        assert.deepEqual(found.sort(), ["objectStore.endpoint", "objectStore.region"]);
        const asked = openingRules(settingsOf({ credentials: undefined }), requests, false).map(({ path }) => path);
        assert.deepEqual(
            asked,
            ["metrics", "logs", "traces"].map((store) => `objectStore.credentials.${store}`),
        );
    });

    it("refuse a port that does not exist, and a bucket before an IP address", () => {
        assert.throws(() => settingsOf({ endpoint: "s3.example.com:70000" }), /"endpoint"/);
        assert.deepEqual(paths(settingsOf({ endpoint: "10.0.0.7:9000" })), ["objectStore.pathStyle"]);
        assert.deepEqual(paths(settingsOf({ endpoint: "10.0.0.7:9000", pathStyle: true })), []);
    });
});

const arn = (store: string) => `arn:aws:iam::111122223333:role/${store}`;
const roles = { metrics: arn("metrics"), logs: arn("logs"), traces: arn("traces") };
const readers = { metrics: arn("metrics-r"), logs: arn("logs-r"), traces: arn("traces-r") };

function byIdentity(identity: S3Settings["identity"], more: Partial<S3Settings> = {}): S3Settings {
    return settingsOf({ credentials: undefined, identity, ...more });
}

describe("an outside S3 by workload identity", () => {
    const asked = (settings: S3Settings, copied = false) =>
        openingRules(settings, requests, copied).map(({ path }) => path);

    it("asks for no key, and for a role of each store and each reader, or for none with associations", () => {
        assert.deepEqual(asked(byIdentity({ from: "podIdentity" }), true), []);
        assert.deepEqual(asked(byIdentity({ from: "irsa", roles })), []);
        assert.deepEqual(asked(byIdentity({ from: "irsa", roles: { logs: roles.logs } })), [
            "objectStore.identity.roles.metrics",
            "objectStore.identity.roles.traces",
        ]);
        assert.deepEqual(asked(byIdentity({ from: "irsa", roles }), true), [
            "objectStore.identity.readOnlyRoles.metrics",
            "objectStore.identity.readOnlyRoles.logs",
            "objectStore.identity.readOnlyRoles.traces",
        ]);
    });

    it("is refused where nothing would use it, never passed over", () => {
        const podIdentity = { from: "podIdentity" } as const;
        const wrong: [S3Settings, string[]][] = [
            [byIdentity(podIdentity), []],
            [byIdentity(podIdentity, { endpoint: "storage.googleapis.com:443" }), ["objectStore.endpoint"]],
            [byIdentity(podIdentity, { endpoint: "s3.example.com:443" }), ["objectStore.endpoint"]],
            [byIdentity(podIdentity, { tls: false }), ["objectStore.endpoint"]],
            [byIdentity(podIdentity, { endpoint: "s3.cn-north-1.amazonaws.com.cn:443", region: "cn-north-1" }), []],
            [settingsOf({ identity: podIdentity }), ["objectStore.credentials"]],
            [
                byIdentity(podIdentity, { rotation: { metrics: 1, logs: 2, traces: 1, errors: 1 } }),
                ["objectStore.rotation.logs"],
            ],
            [
                byIdentity({ from: "irsa", roles: { ...roles, traces: roles.logs } }),
                ["objectStore.identity.roles.traces"],
            ],
        ];
        for (const [settings, found] of wrong) assert.deepEqual(paths(settings), found, JSON.stringify(settings));
    });

    it("of Azure or Google is refused with what to do instead", () => {
        const instead = { azure: /write objectStore: \{ kind: minio \}/, gke: /write credentials, with HMAC keys/ };
        for (const [from, fix] of Object.entries(instead)) {
            const raw = { ...settingsOf(), identity: { from } };
            const result = objectStoreSlice.schema.safeParse(raw);
            assert.ok(result.error);
            assert.match(report(problemsOf(result.error, objectStoreSlice.schema, raw, "objectStore")), fix);
        }
    });
});

describe("S3", () => {
    const made: string[] = [];

    function make(settings: S3Settings, asked = requests, readOnly = false) {
        return new S3("s3", { platform: platformOf("node"), settings, requests: asked, readOnly });
    }

    before(async () => {
        await pulumi.runtime.setMocks({
            newResource: ({ type, name, inputs }) => {
                made.push(type);
                return { id: name, state: inputs as Record<string, unknown> };
            },
            call: ({ inputs }) => inputs as Record<string, unknown>,
        });
    });

    it("hands each store its own key pair as a secret, and its rotation", async () => {
        const store = make(settingsOf({ rotation: { metrics: 1, logs: 3, traces: 1, errors: 1 } }));
        const granted = grantOf(store, "logs", ["chunks"]);
        assert.ok(granted.keys);
        assert.equal(granted.keys.rotation, 3);
        assert.deepEqual(granted.buckets, ["chunks"]);
        assert.deepEqual(Object.keys(store.grants), ["metrics", "logs", "traces"]);
        for (const { keys } of Object.values(store.grants)) {
            assert.equal(keys && (await pulumi.isSecret(keys.accessKeyId)), true);
            assert.equal(keys && (await pulumi.isSecret(keys.secretAccessKey)), true);
        }
        const { secretAccessKey } = granted.keys;
        const key = await new Promise<string>((resolve) => secretAccessKey.apply(resolve));
        assert.equal(key, "logs-key");
    });

    it("tells network policies the address outside, or the pods of an S3 in the cluster", () => {
        assert.deepEqual(make(settingsOf()).peer, { namespace: undefined, podPort: 443 });
        const inside = settingsOf({ endpoint: "rgw.rook-ceph.svc:80", pods: { namespace: "rook-ceph", port: 8080 } });
        assert.deepEqual(make(inside).peer, { namespace: "rook-ceph", podPort: 8080 });
    });

    it("hands out no key to pods that AWS knows by their service account: its role, and the way to the keys", () => {
        const byRole = make(byIdentity({ from: "irsa", roles, readOnlyRoles: readers }), requests, true);
        assert.deepEqual(
            Object.values(byRole.grants).map(({ keys, accountAnnotations }) => [keys, accountAnnotations]),
            Object.values(roles).map((arn) => [undefined, { "eks.amazonaws.com/role-arn": arn }]),
        );
        assert.equal(byRole.readOnlyGrants?.logs?.accountAnnotations["eks.amazonaws.com/role-arn"], readers.logs);
        assert.deepEqual(byRole.identityAgents, [], "the token service answers at S3's own port");
        assert.equal(byRole.tokenService, "https://sts.eu-central-1.amazonaws.com");

        const byAssociation = make(byIdentity({ from: "podIdentity" }), requests, true);
        assert.deepEqual(
            Object.values({ ...byAssociation.grants, ...byAssociation.readOnlyGrants }).map(({ keys }) => keys),
            [undefined, undefined, undefined],
        );
        assert.deepEqual(byAssociation.grants.logs?.accountAnnotations, {});
        assert.deepEqual(byAssociation.identityAgents, ["169.254.170.23", "fd00:ec2::23"]);
        assert.equal(make(settingsOf()).tokenService, undefined);
    });

    it("grants nothing to a role that did not ask, and says whose credentials or request are missing", () => {
        const store = make(settingsOf(), requests.slice(1));
        assert.deepEqual(Object.keys(store.grants), ["logs", "traces"]);
        assert.throws(
            () => grantOf(store, "metrics", ["cortex-blocks"]),
            /not asked for the buckets of metrics: cortex-blocks/,
        );
        const asked: BucketRequest[] = [...requests, { store: "database", buckets: ["archive"] }];
        assert.throws(() => make(settingsOf(), asked), /no credentials of database/);
    });

    it("makes nothing in the cluster", async () => {
        const store = make(settingsOf());
        await new Promise((resolve) => store.urn.apply(resolve));
        assert.deepEqual(store.ready, []);
        assert.deepEqual([...new Set(made)], ["observability:object-store:S3"]);
    });
});

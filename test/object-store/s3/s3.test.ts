import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { mergeValues } from "../../../components/kubernetes/merge-values";
import { grantOf, type BucketRequest } from "../../../components/contracts/object-store";
import { objectStoreSlice } from "../../../components/object-store/settings";
import { S3 } from "../../../components/object-store/s3/s3";
import { s3Settings, type S3Settings } from "../../../components/object-store/s3/settings";
import { s3Rules } from "../../../components/object-store/s3/rules";
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
        assert.deepEqual(found.sort(), ["objectStore.credentials", "objectStore.endpoint", "objectStore.region"]);
    });

    it("refuse a port that does not exist, and a bucket before an IP address", () => {
        assert.throws(() => settingsOf({ endpoint: "s3.example.com:70000" }), /"endpoint"/);
        assert.deepEqual(paths(settingsOf({ endpoint: "10.0.0.7:9000" })), ["objectStore.pathStyle"]);
        assert.deepEqual(paths(settingsOf({ endpoint: "10.0.0.7:9000", pathStyle: true })), []);
    });
});

describe("S3", () => {
    const made: string[] = [];

    function make(settings: S3Settings, asked = requests) {
        return new S3("s3", { platform: platformOf("node"), settings, requests: asked });
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
        const store = make(settingsOf({ rotation: { metrics: 1, logs: 3, traces: 1 } }));
        const granted = grantOf(store, "logs", ["chunks"]);
        assert.equal(granted.rotation, 3);
        assert.deepEqual(granted.buckets, ["chunks"]);
        assert.deepEqual(Object.keys(store.grants), ["metrics", "logs", "traces"]);
        for (const grant of Object.values(store.grants)) {
            assert.equal(await pulumi.isSecret(grant.accessKeyId), true);
            assert.equal(await pulumi.isSecret(grant.secretAccessKey), true);
        }
        const key = await new Promise<string>((resolve) => granted.secretAccessKey.apply(resolve));
        assert.equal(key, "logs-key");
    });

    it("tells network policies the address outside, or the pods of an S3 in the cluster", () => {
        assert.deepEqual(make(settingsOf()).peer, { namespace: undefined, podPort: 443 });
        const inside = settingsOf({ endpoint: "rgw.rook-ceph.svc:80", pods: { namespace: "rook-ceph", port: 8080 } });
        assert.deepEqual(make(inside).peer, { namespace: "rook-ceph", podPort: 8080 });
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

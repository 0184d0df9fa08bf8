import { deepEqual, equal, match, ok } from "node:assert/strict";
import { elasticsearchRules } from "../../../components/logs/elasticsearch/rules";
import {
    elasticsearchDefaults,
    elasticsearchSettings,
    otlpTarget,
} from "../../../components/logs/elasticsearch/settings";
import { elasticsearchLacks } from "../../../components/logs/elasticsearch/system";
import { parseSettings } from "../../../components/platform/settings";

const own = {
    kind: "elasticsearch",
    url: "https://es.example.com:9200",
    keys: { writer: "d3JpdGVyOjEyMzQ1Njc4", reader: "cmVhZGVyOjEyMzQ1Njc4" },
};
const given = { cluster: "c", domain: "a.example.com", survives: "zone" };

function problems(logs: object, more: object = {}) {
    const result = parseSettings({ ...given, ...more, logs: { ...own, ...logs } });
    return "problems" in result ? result.problems : [];
}

describe("elasticsearch settings", () => {
    it("need an address and two keys, all asked for at once", () => {
        const result = parseSettings({ ...given, logs: { kind: "elasticsearch" } });
        ok("problems" in result);
        deepEqual(
            result.problems.map(({ path }) => path),
            ["logs.url", "logs.keys"],
        );
        deepEqual(problems({}), []);
    });

    it("have defaults that break no rule, whatever is survived", () => {
        for (const survives of ["nothing", "node", "zone"] as const) {
            const settings = elasticsearchSettings.parse({ ...elasticsearchDefaults(survives), ...own });
            deepEqual(elasticsearchRules(settings, { survives }), []);
        }
    });

    it("push to Elasticsearch's own OTLP, or to what is named", () => {
        equal(otlpTarget({ url: own.url }), "https://es.example.com:9200/_otlp");
        equal(otlpTarget({ url: own.url, otlpUrl: "https://ingest.example.com" }), "https://ingest.example.com");
    });

    it("refuse addresses that would carry keys in the clear, a slash too many, a login, and no name for a certificate", () => {
        for (const url of [
            "http://es.example.com:9200",
            "https://es.example.com/",
            "https://u:p@es.example.com",
            "https://10.0.0.7:9200",
        ]) {
            deepEqual(
                problems({ url }).map(({ path }) => path),
                ["logs.url"],
                url,
            );
        }
    });

    it("refuse a key that would end its directive, without printing it", () => {
        const [wrong] = problems({ keys: { ...own.keys, writer: 'abcdefghijklmnop"; proxy_pass x' } });
        equal(wrong?.path, "logs.keys.writer");
        ok(!JSON.stringify(wrong).includes("proxy_pass"));
    });

    it("refuse a key as Elasticsearch keeps it, its id before a colon, which it does not take in a request", () => {
        const [wrong] = problems({ keys: { ...own.keys, writer: "VuaCfGcBCdbkQm-e5aOx:ui2lp2axTNmsyakw9tvNnw" } });
        equal(wrong?.path, "logs.keys.writer");
    });

    it("refuse one key for both: what is open to readers is not to write", () => {
        const [wrong] = problems({ keys: { writer: own.keys.writer, reader: own.keys.writer } });
        equal(wrong?.path, "logs.keys.reader");
        ok(!JSON.stringify(wrong).includes(own.keys.writer));
    });

    it("refuse what is said in the store itself, with where", () => {
        const found = problems(
            { retention: "7d", limits: {}, buckets: {} },
            { tenants: { shop: { logs: { retention: "7d" } } } },
        );
        deepEqual(found.map(({ path }) => path).sort(), [
            "logs.buckets",
            "logs.limits",
            "logs.retention",
            "tenants.shop.logs.retention",
        ]);
        for (const { given: was } of found) equal(was, "a key that this kind cannot have");
        match(found.find(({ path }) => path === "logs.retention")?.fix ?? "", /lifecycle/);
    });

    it("take a copy of the other stores' buckets, though this one has none", () => {
        const target = {
            endpoint: "s3.example.com:443",
            region: "eu-1",
            bucket: "copies",
            credentials: { accessKeyId: "a", secretAccessKey: "b" },
        };
        const found = problems({}, { backup: { target } });
        ok(found.every(({ path }) => !path.startsWith("logs")));
    });

    it("say what a stack goes without", () => {
        for (const word of [/rules/, /canary/, /tenants/, /backups/]) {
            ok(
                elasticsearchLacks().some((what) => word.test(what)),
                String(word),
            );
        }
    });
});

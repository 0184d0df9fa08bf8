import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { INGEST_LABEL } from "../../../components/kubernetes/access-labels";
import { gatewayPods } from "../../../components/logs/elasticsearch/elasticsearch";
import { elasticsearchLines } from "../../../components/logs/elasticsearch/lines";
import { podLabels } from "../../../components/logs/elasticsearch/names";
import { elasticsearchNetwork } from "../../../components/logs/elasticsearch/network-policies";
import { elasticsearchDefaults, elasticsearchSettings } from "../../../components/logs/elasticsearch/settings";
import { keyFile } from "../../../components/logs/search-gateway";
import { platformOf } from "../../fixtures/platform";

const keys = { writer: "d3JpdGVyOjEyMzQ1Njc4", reader: "cmVhZGVyOjEyMzQ1Njc4" };
const settings = elasticsearchSettings.parse({
    ...elasticsearchDefaults("zone"),
    url: "https://es.example.com:9200",
    keys,
});
const platform = platformOf("zone");

describe("elasticsearch: the gateway", () => {
    it("has no key in its configuration, which is in a ConfigMap", () => {
        const { config } = gatewayPods(platform, settings);
        for (const key of Object.values(keys)) ok(!config.includes(key));
        match(keyFile(`ApiKey ${keys.writer}`), /proxy_set_header Authorization "ApiKey d3JpdGVy/);
    });

    it("believes the authority that is given, and else those of its image", () => {
        const ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        const file = (given: object) =>
            /proxy_ssl_trusted_certificate (\S+);/.exec(gatewayPods(platform, { ...settings, ...given }).config)?.[1];
        equal(file({ ca }), "/etc/store-keys/ca.crt");
        equal(file({}), "/etc/ssl/certs/ca-certificates.crt");
        match(gatewayPods(platform, settings).config, /proxy_ssl_verify on;/);
    });

    it("starts anew with each rotation of the keys, which nginx reads at its start alone", () => {
        const note = (rotation: number) => gatewayPods(platform, { ...settings, rotation }).annotations;
        ok(JSON.stringify(note(1)) !== JSON.stringify(note(2)));
    });

    it("stands twice at least where something is survived", () => {
        equal(gatewayPods(platform, settings).replicas, 2);
        equal(elasticsearchDefaults("nothing").replicas?.gateway, 1);
    });
});

describe("elasticsearch: network policies", () => {
    const network = elasticsearchNetwork({
        cluster: platform,
        pushFrom: ["collectors"],
        queryFrom: ["monitoring"],
        applications: { namespaceLabels: INGEST_LABEL },
        readers: undefined,
        urls: ["https://es.example.com:9200", "https://ingest.example.com/_otlp"],
    });

    it("let senders push and Grafana query, each by its port", () => {
        const to = (peer: unknown) =>
            network.ingress?.filter((flow) => JSON.stringify(flow.peer) === JSON.stringify(peer)).map((f) => f.ports);
        deepEqual(to({ namespace: "collectors" }), [[8080]]);
        deepEqual(to({ namespaceLabels: INGEST_LABEL }), [[8080]]);
        deepEqual(to({ namespace: "monitoring" }), [[8081]]);
    });

    it("let the gateway alone go out, to the ports of the addresses", () => {
        deepEqual(network.egress, [
            { name: "store-outside", peer: "anywhere", ports: [443, 9200], pods: podLabels("gateway") },
        ]);
    });
});

describe("elasticsearch: queries of lines", () => {
    it("ask in Lucene for the fields that OTLP's lines have there", () => {
        const { query, metrics } = elasticsearchLines.ofPod("loki", "${__field.labels.pod}") as {
            query: string;
            metrics: { type: string }[];
        };
        equal(
            query,
            'resource.attributes.k8s.namespace.name:"loki" AND resource.attributes.k8s.pod.name:"${__field.labels.pod}"',
        );
        deepEqual(
            metrics.map(({ type }) => type),
            ["logs"],
        );
    });

    it("look for complaints by words and severity: a pattern across words finds nothing in a text", () => {
        const { query } = elasticsearchLines.complaints("cortex", "level=(error|warn)") as { query: string };
        match(query, /severity_number:>=13/);
        match(query, /body\.text:\(error OR .*warn/);
        doesNotMatch(query, /level=/);
    });
});

import { deepEqual, doesNotMatch, equal, match, notEqual, ok } from "node:assert/strict";
import { parse } from "yaml";
import type { Survives } from "../../../components/kubernetes/placement";
import { certificateObjects } from "../../../components/logs/opensearch/certificates";
import { nodeConfig, securityConfig } from "../../../components/logs/opensearch/config";
import { buildExporterValues } from "../../../components/logs/opensearch/exporter";
import { FIELDS } from "../../../components/logs/opensearch/lines";
import { DATA_STREAM, podLabels } from "../../../components/logs/opensearch/names";
import { opensearchNetwork } from "../../../components/logs/opensearch/network-policies";
import { gatewayPods } from "../../../components/logs/opensearch/opensearch";
import { buildVectorValues, vectorConfig } from "../../../components/logs/opensearch/otlp";
import { opensearchDefaults, type OpensearchSettings } from "../../../components/logs/opensearch/settings";
import { ROLES, setupBodies, setupFiles, setupJob } from "../../../components/logs/opensearch/setup";
import { buildOpensearchValues, heap } from "../../../components/logs/opensearch/values";
import type { OpensearchValuesArgs } from "../../../components/logs/opensearch/values-args";
import { INGEST_LABEL } from "../../../components/kubernetes/access-labels";
import type { Plan } from "../../../tools/plan/engine";
import { at, record, records, strings } from "../../../tools/records";
import { planned } from "../../fixtures/planned";
import { platformOf } from "../../fixtures/platform";
import { objectStore } from "../../fixtures/stores";

function args(survives: Survives, change: Partial<OpensearchSettings> = {}): OpensearchValuesArgs {
    return {
        platform: platformOf(survives),
        settings: { ...opensearchDefaults(survives), ...change },
        snapshots: undefined,
    };
}

const config = (change: Partial<OpensearchSettings> = {}) =>
    record(parse(nodeConfig({ ...opensearchDefaults("zone"), ...change })));

describe("opensearch nodes", () => {
    it("stand on hosts and in zones apart, one of them away at a time", () => {
        const values = buildOpensearchValues(args("zone"));
        equal(values.antiAffinity, "hard");
        equal(values.maxUnavailable, 1);
        const [spread] = records(values.topologySpreadConstraints);
        deepEqual([spread?.topologyKey, spread?.whenUnsatisfiable], ["topology.kubernetes.io/zone", "DoNotSchedule"]);
        deepEqual(at(spread, "labelSelector.matchLabels"), podLabels("node"));
    });

    it("are told their first managers: by the one word for the role that the chart reads", () => {
        ok(strings(buildOpensearchValues(args("node")).roles).includes("master"));
    });

    it("are one, that looks for no other, where nothing is survived", () => {
        const values = buildOpensearchValues(args("nothing"));
        deepEqual([values.singleNode, values.maxUnavailable], [true, ""]);
    });

    it("have half of their memory as heap, and never so much that pointers take twice the room", () => {
        equal(heap("4Gi"), 2048);
        equal(heap("128Gi"), 31 * 1024);
        match(String(buildOpensearchValues(args("zone")).opensearchJavaOpts), /^-Xms2048m -Xmx2048m$/);
    });

    it("want neither root nor a sysctl of the host", () => {
        const values = buildOpensearchValues(args("zone"));
        deepEqual([at(values, "persistence.enableInitChown"), at(values, "sysctlInit.enabled")], [false, false]);
        equal(config()["node.store.allow_mmap"], false);
        equal(at(values, "podSecurityContext.runAsNonRoot"), true);
    });

    it("are up only when the copies of what they missed are made: the next one would take away the others", () => {
        const [, , probe = ""] = strings(at(buildOpensearchValues(args("zone")), "startupProbe.exec.command"));
        match(probe, /"initializing_shards":0,/);
        match(probe, /discovered_cluster_manager":true/);
        // Beside the chart's own handler the API server refuses it.
        equal(at(buildOpensearchValues(args("zone")), "startupProbe.tcpSocket"), null);
    });

    it("share copies out by zone, and make none anew for a zone that is away, where zones are named", () => {
        const named = config({ zones: ["a", "b", "c"] });
        equal(named["cluster.routing.allocation.awareness.attributes"], "zone");
        equal(named["cluster.routing.allocation.awareness.force.zone.values"], "a,b,c");
        const env = records(buildOpensearchValues(args("zone", { zones: ["a", "b", "c"] })).extraEnvs);
        ok(env.some(({ name }) => name === "ZONE"));
        equal("node.attr.zone" in config(), false);
    });

    it("make no index by a name that no template knows: it would never roll over", () => {
        const allowed = String(config()["action.auto_create_index"]).split(",");
        ok(allowed.includes("+logs-*"));
        equal(allowed.at(-1), "-*");
        ok(DATA_STREAM.startsWith("logs-"));
    });

    it("begin with nobody who may log in, and all files that the security plugin wants", () => {
        const files = securityConfig();
        deepEqual(Object.keys(record(parse(files["internal_users.yml"] ?? ""))), ["_meta"]);
        for (const name of ["config.yml", "roles.yml", "roles_mapping.yml", "action_groups.yml", "tenants.yml"]) {
            ok(files[name], name);
        }
        equal(config()["plugins.security.allow_default_init_securityindex"], true);
    });

    it("have no password and no key among their values", () => {
        const text = JSON.stringify(
            buildOpensearchValues({ ...args("zone"), snapshots: { to: objectStore, keys: { rotation: 3 } } }),
        );
        doesNotMatch(text, /secret_key|hunter2/);
        match(text, /"secretKeyRef":\{"name":"opensearch-monitor"/);
        match(text, /"credentials-rotation":"3"|credentials-rotation":"3"/);
    });
});

describe("opensearch in a stack without an object store", () => {
    const logsOf = (logs: object) => planned("edge", { "observability:logs": JSON.stringify(logs) });
    const namesIn = (plan: Plan, type: string) =>
        plan.resources.filter((each) => each.type.endsWith(`:${type}`)).map(({ name }) => name);

    it("keeps lines all the same, and brings an object store for its snapshots alone", async () => {
        const without = await logsOf({ kind: "opensearch" });
        ok(namesIn(without, "Release").includes("opensearch"));
        ok(!namesIn(without, "Release").includes("minio"));
        ok(!namesIn(without, "Secret").some((name) => name.includes("s3")));
        const image = "registry.example.com/opensearch:3.6.0";
        const snapshots = await logsOf({ kind: "opensearch", image, buckets: { backup: "opensearch-snapshots" } });
        ok(namesIn(snapshots, "Release").includes("minio"));
    });
});

describe("opensearch certificates", () => {
    it("are of an authority of its own, for the hosts that clients call, with keys as the plugin reads them", () => {
        const made = certificateObjects({ certificates: { from: "certManager" } });
        deepEqual(
            made.map(({ kind }) => kind),
            ["Issuer", "Certificate", "Issuer", "Certificate", "Certificate"],
        );
        const [, , , node, admin] = made.map(({ spec }) => record(spec));
        ok(strings(node?.dnsNames).includes("opensearch.opensearch.svc.cluster.local"));
        ok(strings(node?.dnsNames).includes("localhost"));
        for (const leaf of [node, admin]) equal(at(leaf, "privateKey.encoding"), "PKCS8");
        // Who is an administrator is told by this name.
        ok(strings(config()["plugins.security.authcz.admin_dn"]).includes(`CN=${String(admin?.commonName)}`));
        ok(strings(config()["plugins.security.nodes_dn"]).includes(`CN=${String(node?.commonName)}`));
        deepEqual(certificateObjects({ certificates: { from: "secrets", node: "a", admin: "b" } }), []);
    });
});

describe("opensearch: what takes OTLP", () => {
    const sink = record(at(vectorConfig("ipv4"), "sinks.opensearch"));

    it("answers when OpenSearch has the lines, and tries again what was refused for the moment", () => {
        equal(at(vectorConfig("ipv4"), "acknowledgements.enabled"), true);
        equal(sink.request_retry_partial, true);
        equal(at(buildVectorValues(args("zone")), "persistence.enabled"), false);
    });

    it("writes to the data stream that the setup makes", () => {
        const { type, dataset, namespace } = record(sink.data_stream);
        equal([type, dataset, namespace].join("-"), DATA_STREAM);
    });

    it("makes every field that lines are looked for by, and the template has each", () => {
        const shape = String(at(vectorConfig("ipv4"), "transforms.shape.source"));
        const mapped = Object.keys(
            record(at(setupBodies(opensearchDefaults("zone"))["template.json"], "template.mappings.properties")),
        );
        for (const field of Object.values({ ...FIELDS })) ok(mapped.includes(field), field);
        for (const [, field = ""] of shape.matchAll(/^\.(\w+) =/gm)) ok(mapped.includes(field), field);
    });

    it("trusts the authority, and comes as who only writes", () => {
        equal(at(sink, "tls.ca_file"), "/etc/opensearch-ca/ca.crt");
        match(JSON.stringify(buildVectorValues(args("zone")).env), /opensearch-writer/);
        doesNotMatch(JSON.stringify(buildVectorValues(args("zone"))), /tls\.key/);
    });
});

describe("opensearch: the setup", () => {
    it("lets the writer not search, the reader not write, and neither do more", () => {
        const of = (user: keyof typeof ROLES) => JSON.stringify(ROLES[user]);
        doesNotMatch(of("writer"), /read|search|delete/);
        doesNotMatch(of("reader"), /write|put|create|delete/);
        for (const user of ["writer", "reader"] as const) doesNotMatch(of(user), /"\*"/);
        doesNotMatch(of("monitor"), /data\/read|data\/write/);
    });

    it("keeps as many copies as are said, and lines as long", () => {
        const bodies = setupBodies({ ...opensearchDefaults("zone"), copies: 3, retention: "30d" });
        equal(at(bodies["template.json"], "template.settings.number_of_replicas"), 2);
        const text = JSON.stringify(bodies["policy.json"]);
        match(text, /"min_rollover_age":"720h"/);
        match(text, /"delete":\{\}/);
    });

    it("loses no line to a field that two applications mean differently", () => {
        const mappings = record(at(setupBodies(opensearchDefaults("zone"))["template.json"], "template.mappings"));
        equal(mappings.dynamic, false);
        equal(at(mappings, "properties.attributes.type"), "flat_object");
    });

    it("makes snapshots only where a bucket for them is named", () => {
        const settings = opensearchDefaults("zone");
        ok(!("repository.json" in setupBodies(settings)));
        const backed = setupBodies({ ...settings, buckets: { backup: "snapshots" } });
        equal(at(backed["repository.json"], "settings.bucket"), "snapshots");
        ok("snapshots.json" in backed);
    });

    it("runs again for another content and another rotation, and has no digest among its open files", () => {
        const name = (change: Partial<OpensearchSettings>) => {
            const settings = { ...opensearchDefaults("zone"), ...change };
            return setupJob(platformOf("zone"), settings, setupFiles(settings)).metadata.name;
        };
        notEqual(name({}), name({ rotation: 2 }));
        notEqual(name({}), name({ retention: "30d" }));
        equal(name({}), name({}));
        doesNotMatch(JSON.stringify(setupFiles(opensearchDefaults("zone"))), /"hash"/);
    });
});

describe("opensearch: gateway, exporter and policies", () => {
    it("shows the reader's password to nobody, and checks the store's certificate", () => {
        const { config: nginx, secrets = [] } = gatewayPods(platformOf("zone"), opensearchDefaults("zone"));
        match(nginx, /proxy_ssl_verify on;/);
        deepEqual(secrets.find(({ name }) => name === "ca")?.keys, ["ca.crt"]);
    });

    it("asks as who may only look at the nodes, without a client's certificate that is not there", () => {
        const values = buildExporterValues(args("zone"));
        equal(at(values, "es.ssl.client.enabled"), false);
        match(JSON.stringify(values.extraEnvSecrets), /opensearch-monitor/);
    });

    it("lets lines in by OTLP, queries by the gateway alone, and bulk from applications, who show a password", () => {
        const { ingress = [], egress } = opensearchNetwork({
            cluster: platformOf("zone"),
            pushFrom: ["collectors"],
            queryFrom: ["monitoring"],
            applications: { namespaceLabels: INGEST_LABEL },
            readers: undefined,
            objectStore: undefined,
            dashboards: { enabled: false },
        });
        const ports = (peer: object) =>
            ingress
                .filter((flow) => JSON.stringify(flow.peer) === JSON.stringify(peer))
                .flatMap((flow) => flow.ports)
                .sort();
        deepEqual(ports({ namespace: "collectors" }), [4317, 4318]);
        deepEqual(ports({ namespaceLabels: INGEST_LABEL }), [4317, 4318, 9200]);
        deepEqual(ports({ namespace: "monitoring" }), [8081, 9108, 9598]);
        deepEqual(egress, []);
    });
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseManifests, placed } from "../../../tools/render/manifests";
import { TENANT_WORKLOADS, readTenantWorkloads } from "../../../tools/verify/with/manifests";
import { tenantReport } from "../../../tools/verify/with/with";
import { given } from "../../fixtures/verify/given";
import { document } from "../../fixtures/verify/manifests";
import { configMap, deployment, NAMESPACES, service } from "../../fixtures/verify/wiring";

const LABEL = { ingest: "allowed" };
const prometheus = document({
    ...{ apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus", metadata: { name: "p" } },
    spec: { ruleSelector: { matchLabels: { team: "x" } }, ruleNamespaceSelector: {} },
});
const door = document({
    ...{ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "from-applications" } },
    spec: {
        podSelector: {},
        ingress: [{ from: [{ namespaceSelector: { matchLabels: LABEL } }], ports: [{ port: 8080 }] }],
    },
});
/** A store with tenants, of which Grafana reads one. */
const loki =
    configMap({ "loki.yaml": "auth_enabled: true" }, "loki") +
    deployment("loki", [{ containerPort: 8080 }], {
        container: {
            image: "docker.io/grafana/loki:3",
            args: ["-config.file=/etc/loki/loki.yaml"],
            volumeMounts: [{ name: "config", mountPath: "/etc/loki" }],
        },
        pod: { volumes: [{ name: "config", configMap: { name: "loki" } }] },
    }) +
    service("loki", [{ port: 80, targetPort: 8080 }]);
const sources = { datasources: [{ name: "Loki", type: "loki", url: "http://loki.ns.svc", ...tenantIs("prod") }] };
const grafana =
    configMap({ "datasources.yaml": JSON.stringify(sources) }, "grafana") +
    deployment("grafana", [{ containerPort: 3000 }], {
        container: {
            image: "docker.io/grafana/grafana:12",
            volumeMounts: [{ name: "config", mountPath: "/etc/grafana/provisioning/datasources" }],
        },
        pod: { volumes: [{ name: "config", configMap: { name: "grafana" } }] },
    });

function tenantIs(name: string) {
    return { jsonData: { httpHeaderName1: "X-Scope-OrgID" }, secureJsonData: { httpHeaderValue1: name } };
}

const stack = given(NAMESPACES + prometheus + door + loki + grafana);

/** What is found of manifests in the namespace `shop`, and what they name and do not hold. */
function report(manifests: string, labels: Record<string, string> = LABEL) {
    const namespace = document({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels } });
    const objects = placed(TENANT_WORKLOADS, "shop", parseManifests(namespace + manifests));
    const { findings, notGiven } = tenantReport(stack, objects);
    return {
        // Definitions of these kinds, and the policies' namespaces, are no part of this small stack.
        found: findings
            .filter(({ check }) => !["schema", "pod-security"].includes(check))
            .map(({ check, object, found, wanted }) => `${check}: ${object}: ${found} -> ${wanted}`),
        notGiven: notGiven.map(({ name, namedBy }) => `${name} by ${namedBy}`),
    };
}

/** Pods of the namespace `shop` with a shipper's configuration, and the variable TENANT. */
function shipper(config: string, tenant = "prod"): string {
    return (
        configMap({ "shipper.conf": config }, "shipper") +
        deployment("shipper", [], {
            container: {
                env: [{ name: "TENANT", value: tenant }],
                volumeMounts: [{ name: "config", mountPath: "/etc/shipper" }],
            },
            pod: { volumes: [{ name: "config", configMap: { name: "shipper" } }] },
        })
    );
}

const PUSH = "http://loki.ns.svc/loki/api/v1/push";

describe("verify: what uses the platform", () => {
    it("is right where it finds what it names, and the stack's own findings are not told again", () => {
        assert.deepEqual(report(shipper(`url ${PUSH}\ntenant_id prod`)), { found: [], notGiven: [] });
    });

    it("is let in by its namespace's label", () => {
        const { found } = report(shipper(`url ${PUSH}\ntenant_id prod`), {});
        assert.equal(found.length, 1);
        assert.match(found[0] ?? "", /^network-paths: ns\/Deployment\/loki: is closed to shop\/Deployment\/shipper/);
        assert.match(found[0] ?? "", /the label ingest: allowed on namespace shop/);
    });

    for (const [program, form] of Object.entries({
        "Fluent Bit": "tenant_id ${TENANT}",
        "Fluent Bit's YAML": "tenant_id: ${TENANT}",
        Fluentd: "tenant \"#{ENV['TENANT']}\"",
        Logstash: 'tenant_id => "${TENANT}"',
        Alloy: 'headers = { "X-Scope-OrgID" = "${TENANT}" }',
        "a Collector": "X-Scope-OrgID: ${TENANT}",
    })) {
        it(`says a tenant that is read, in the words of ${program}`, () => {
            const text = `url ${PUSH}\n${form}`;
            assert.deepEqual(report(shipper(text)).found, []);
            const { found } = report(shipper(text, "production"));
            assert.equal(found.length, 1, found.join("\n"));
            assert.match(found[0] ?? "", /says tenant production to loki -> a tenant that a data source reads: prod/);
        });
    }

    it("says a tenant at all, and not in a comment", () => {
        for (const none of ["", "# tenant_id prod"]) {
            assert.match(report(shipper(`url ${PUSH}\n${none}`)).found.join(), /says no tenant to loki/);
        }
        assert.match(report(shipper(`url ${PUSH}\ntenant_id \${NOWHERE}`)).found.join(), /NOWHERE, which nothing sets/);
    });

    it("names labels that Loki takes, in both of Fluent Bit's formats", () => {
        const said = `url ${PUSH}\ntenant_id prod\n`;
        const good = "job=a, ns=$kubernetes['namespace_name'], app=$kubernetes['labels']['app.kubernetes.io/name'], $x";
        for (const form of ["    labels   ", "      labels: "]) {
            assert.deepEqual(report(shipper(`${said}${form}${good}`)).found, []);
            const { found } = report(shipper(`${said}${form}job=a, k8s.pod=b, 1st=c`));
            assert.equal(found.length, 2, found.join("\n"));
            assert.match(found[0] ?? "", /^labels-of-senders: shop\/Deployment\/shipper: a label k8s.pod -> letters, /);
            assert.match(found[1] ?? "", /a label 1st/);
        }
        // Of another program, or an option that is a switch.
        assert.deepEqual(report(shipper(`${said}labels: on\nlabels:\n  a.b: c`)).found, []);
    });

    it("has rules that a Prometheus selects", () => {
        const rule = (labels: object) =>
            document({
                ...{ apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata: { name: "r", labels } },
                spec: { groups: [] },
            });
        assert.deepEqual(report(rule({ team: "x" })).found, []);
        assert.match(report(rule({})).found.join(), /^rule-readers: shop\/PrometheusRule\/r: nobody reads it/);
    });

    it("may name Secrets and Services of others, but none that the platform or it itself would have", () => {
        const container = (env: object[]) => deployment("a", [], { container: { env } });
        const password = { secretKeyRef: { name: "db", key: "password" } };
        assert.deepEqual(report(container([{ name: "PASSWORD", valueFrom: password }])), {
            found: [],
            notGiven: ["Secret shop/db by shop/Deployment/a"],
        });
        const key = { configMapKeyRef: { name: "settings", key: "url" } };
        assert.match(
            report(configMap({ uri: "" }, "settings") + container([{ name: "URL", valueFrom: key }])).found.join(),
            /^references: .*no key url in ConfigMap shop\/settings/,
        );
        const url = (value: string) => report(container([{ name: "URL", value }]));
        assert.deepEqual(url("http://db.shop.svc:5432"), {
            found: [],
            notGiven: ["Service shop/db by shop/Deployment/a"],
        });
        assert.match(url("http://cortex.ns.svc").found.join(), /^addresses: .* -> a Service of namespace ns/);
    });
});

describe("verify: manifests of those who use the platform", () => {
    let folder: string;
    const write = (name: string, text: string) => {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
    };

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "with-"));
    });

    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    it("are read from a folder and those within; settings of tools beside them are not", () => {
        write("kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n");
        write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
        write("a/b.yml", service("one", []) + service("two", []));
        write("a/c.json", JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "three" } }));
        write("node_modules/d.yaml", service("not-theirs", []));
        const files = readTenantWorkloads([folder]);
        assert.deepEqual(
            files.map(({ name, objects }) => [
                name.slice(folder.length + 1),
                objects.map((each) => each.object.metadata.name),
            ]),
            [
                ["Pulumi.yaml", []],
                ["a/b.yml", ["one", "two"]],
                ["a/c.json", ["three"]],
                ["kustomization.yaml", []],
            ],
        );
        assert.equal(files[1]?.objects[0]?.namespace, "default", "as kubectl apply would place it");
    });

    it("are refused where a file is no YAML or no object, by its name, and where there is none at all", () => {
        write("a.yaml", "kind: Service\n");
        assert.throws(() => readTenantWorkloads([folder]), /a\.yaml: not a Kubernetes object/);
        write("a.yaml", "{{ .Values.x }}: [\n");
        assert.throws(() => readTenantWorkloads([folder]), /a\.yaml: not YAML/);
        write("b.yaml", `kind: ConfigMap\napiVersion: v1\nmetadata: { name: b }\ndata: &data { of: *data }\n`);
        assert.throws(
            () => readTenantWorkloads([folder]),
            /a\.yaml: not YAML.*\n.*b\.yaml: not YAML: what &data names holds itself at line 4/,
        );
        write("b.yaml", "");
        write("a.yaml", "name: shop\n");
        assert.throws(() => readTenantWorkloads([folder]), /no Kubernetes object was found there/);
        assert.throws(() => readTenantWorkloads([join(folder, "nowhere")]), /nowhere/);
    });
});

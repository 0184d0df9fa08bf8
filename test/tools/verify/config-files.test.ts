import assert from "node:assert/strict";
import { configFiles } from "../../../tools/verify/configs/files";
import { ruleExpressions } from "../../../tools/verify/configs/rules-check";
import { configKeys, configSyntax } from "../../../tools/verify/configs/syntax-checks";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { alertmanager, alloy, cortex, documents, loki, program, tempo } from "../../fixtures/verify/stores";

describe("configurations of a stack", () => {
    it("are found by what containers mount, also by a key's path and from a Secret", () => {
        const model = given(
            documents(
                {
                    apiVersion: "v1",
                    kind: "Secret",
                    metadata: { name: "s" },
                    data: { inner: Buffer.from("auth_enabled: true").toString("base64") },
                },
                {
                    apiVersion: "apps/v1",
                    kind: "StatefulSet",
                    metadata: { name: "w" },
                    spec: {
                        template: {
                            spec: {
                                containers: [
                                    {
                                        name: "c",
                                        image: "mirror.example.com/x/cortex@sha256:00",
                                        args: ["-config.file=/etc/c/conf/cortex.yaml"],
                                        volumeMounts: [
                                            { name: "data", mountPath: "/etc" },
                                            { name: "config", mountPath: "/etc/c" },
                                        ],
                                    },
                                ],
                                volumes: [
                                    { name: "data", emptyDir: {} },
                                    {
                                        name: "config",
                                        projected: {
                                            sources: [
                                                {
                                                    secret: {
                                                        name: "s",
                                                        items: [{ key: "inner", path: "conf/cortex.yaml" }],
                                                    },
                                                },
                                            ],
                                        },
                                    },
                                ],
                            },
                        },
                    },
                },
            ),
        );
        const [file, ...others] = configFiles(model).files;
        assert.deepEqual([file?.program, file?.text, others.length], ["cortex", "auth_enabled: true", 0]);
    });

    it("of single tenants are found where the store's own names their file", () => {
        const manifests = loki({ runtime_config: { file: "/etc/loki/tenants.yaml" } }).replace(
            "\ndata:\n",
            "\ndata:\n  tenants.yaml: 'overrides: {a: {retention_perod: 24h}}'\n",
        );
        assertFound(configKeys, given(manifests), /tenants.yaml: overrides.a.retention_perod .* -> retention_period\?/);
    });

    it("must be there", () => {
        assertClean(configSyntax, given(cortex({})));
        const lost = cortex({}).replace("-config.file=/etc/cortex/", "-config.file=/elsewhere/");
        assertFound(configSyntax, given(lost), /Deployment\/cortex-all: told to read \/elsewhere\/cortex.yaml/);
    });

    it("must be in their program's language", () => {
        assertFound(
            configSyntax,
            given(program("loki:3", "a.yaml", "a: [1")),
            /ConfigMap\/loki: a.yaml: Flow sequence .* -> a configuration that loki can read/,
        );
        const gateway = (text: string) => program("nginx:1", "nginx.conf", text).replace("/etc/nginx/nginx", "/x");
        assertClean(configSyntax, given(gateway("events {}\nhttp { log_format a '${x} } ;'; # }\n }")));
        assertFound(configSyntax, given(gateway("http {\n  listen 80\n}")), /line 2: a directive without ;/);
        assertFound(configSyntax, given(gateway("http {\n  server {\n}")), /line 1: \{ without }/);
    });
});

describe("keys of a configuration", () => {
    it("are those of the program's version", () => {
        assertClean(
            configKeys,
            given(cortex({ limits: { ha_cluster_label: "prometheus" }, memberlist: { bind_port: 7947 } })),
        );
        assertFound(
            configKeys,
            given(cortex({ limits: { ha_cluster_labels: "prometheus" } })),
            /ns\/ConfigMap\/cortex: cortex.yaml: limits.ha_cluster_labels is an unknown key -> ha_cluster_label\?/,
        );
        // Cortex knows a cluster_label from 1.22 on, Loki and Tempo for long.
        assertFound(configKeys, given(cortex({ memberlist: { cluster_label: "a" } })), /memberlist.cluster_label/);
        assertClean(
            configKeys,
            given(loki({ memberlist: { cluster_label: "a" } }) + tempo({ memberlist: { cluster_label: "a" } })),
        );
        assertFound(
            configKeys,
            given(loki({ common: { storage: { s3: { forcePathStyle: true } } } })),
            /common.storage.s3.forcePathStyle .* -> s3forcepathstyle\?/,
        );
    });

    it("are found at any depth, in lists and under keys of the user's choice", () => {
        const config = { schema_config: { configs: [{ from: "2024-04-01", stor: "tsdb" }] } };
        assertFound(configKeys, given(loki(config)), /schema_config.configs\[0\].stor .* -> store\?/);
        const clients = { ruler: { remote_write: { clients: { metrics: { url: "http://a", header: {} } } } } };
        assertFound(configKeys, given(loki(clients)), /ruler.remote_write.clients.metrics.header .* -> headers\?/);
        assertFound(
            configKeys,
            given(alertmanager({ route: { receiver: "a", routes: [{ match_er: [] }] }, receivers: [{ name: "a" }] })),
            /route.routes\[0\].match_er/,
        );
    });

    it("hold values that Go can read there, and may be filled in at the start", () => {
        assertFound(
            configKeys,
            given(
                cortex({
                    querier: { query_store_after: "1d" },
                    limits: { ingestion_rate: "many", accept_ha_samples: "yes!" },
                }),
            ),
            /query_store_after is "1d" -> a duration such as 90s or 12h, without days/,
            /ingestion_rate is "many" -> a number/,
            /accept_ha_samples is "yes!" -> true or false/,
        );
        assertClean(
            configKeys,
            given(
                cortex({
                    limits: { compactor_blocks_retention_period: "30d", ingestion_rate: 1e5 },
                    auth_enabled: "${AUTH}",
                }),
            ),
        );
    });

    it("of a Secret are told without their values", () => {
        const [finding] = configKeys.run(
            given(alertmanager({ receivers: [{ name: "a", slack_configs: "xoxb-token" }] })),
        );
        assert.match(finding?.found ?? "", /receivers\[0\].slack_configs/);
        assert.doesNotMatch(JSON.stringify(finding), /xoxb/);
    });

    it("stand in no empty section of Cortex, which would null its defaults", () => {
        assertFound(configKeys, given(cortex({ ruler: {} })), /ruler is an empty section/);
    });
});

describe("an Alloy configuration", () => {
    const good = `
        declare "feature" {
          argument "to" { }
          loki.process "a" {
            stage.match {
              selector = "{a=\\"b\\"}"
              stage.replace { expression = "x" }
            }
            forward_to = argument.to.value
          }
        }
        feature "one" { to = [loki.write.store.receiver] }
        loki.write "store" {
          endpoint {
            url       = "http://a"   // a comment
            tenant_id = "t"
            headers   = { "A" = "b", c = env("X") + "y" }
          }
        }
        logging { level = "info" }`;

    it("is clean where all names are known", () => {
        assertClean(configSyntax, given(alloy(good)));
        assertClean(configKeys, given(alloy(good)));
    });

    const faults: [string, string, string, RegExp][] = [
        ["a component", "loki.write", "loki.wirte", /loki.wirte is an unknown name -> loki.write\?/],
        ["an argument", "tenant_id", "tenant", /loki.write.endpoint.tenant is an unknown name -> tenant_id\?/],
        ["a block", "endpoint {", "endpoints {", /loki.write.endpoints .* -> endpoint\?/],
        ["a stage in a stage", "stage.replace", "stage.replaced", /stage.match.stage.replaced .* -> stage.replace\?/],
        ["an argument of a declared component", 'feature "one" { to', 'feature "one" { into', /feature.into/],
        ["an address that is empty", '"http://a"', '""', /loki.write.endpoint.url is "" -> an address/],
        ["an address without a host", '"http://a"', '"a/push"', /loki.write.endpoint.url is "a\/push" -> an address/],
        ["an argument that must be there", "selector =", "pipeline_name =", /loki.process.stage.match is no selector/],
    ];
    for (const [what, from, to, pattern] of faults) {
        it(`names ${what} that Alloy does not know, lacks or can do nothing with`, () => {
            const [found] = configKeys.run(given(alloy(good.replaceAll(from, to))));
            assert.match(`${String(found?.found)} -> ${String(found?.wanted)}`, pattern);
        });
    }

    it("reads only components that there are", () => {
        const lost = good.replace("[loki.write.store.receiver]", "[loki.write.stores.receiver]");
        assertFound(configKeys, given(alloy(lost)), /feature.to is loki.write.stores -> loki.write.store\?/);
    });

    it("has its syntax checked by line", () => {
        assertFound(configSyntax, given(alloy('a.b "c" {\n  d = [1, 2\n}')), /line 3: } where , or ] should stand/);
        assertFound(configSyntax, given(alloy('a = "b')), /line 1/);
        assertFound(configSyntax, given(alloy("a = 1 2")), /line 1: 2 where the end of the line should stand/);
    });
});

describe("rules", () => {
    const rule = (expr: string) =>
        documents({
            apiVersion: "monitoring.coreos.com/v1",
            kind: "PrometheusRule",
            metadata: { name: "r" },
            spec: { groups: [{ name: "g", rules: [{ alert: "A", expr }] }] },
        });

    it("are PromQL", () => {
        assertClean(ruleExpressions, given(rule('sum by (a) (rate(b{c="d"}[5m])) > 1')));
        assertFound(ruleExpressions, given(rule("sum(rate(b[5m])")), /PrometheusRule\/r: group g, A: column 16/);
    });
});

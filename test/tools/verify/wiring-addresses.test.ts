import assert from "node:assert/strict";
import { addresses, outsideAddresses } from "../../../tools/verify/checks/addresses";
import { generatedText } from "../../../tools/render/releases";
import { addressesIn, named } from "../../../tools/verify/wiring/addresses";
import { mentionsOf } from "../../../tools/verify/wiring/mentions";
import { filled } from "../../../tools/verify/wiring/variables";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { document } from "../../fixtures/verify/manifests";
import { configMap, deployment, NAMESPACES, secret, service, statefulSet } from "../../fixtures/verify/wiring";

const hasNamespace = (name: string) => ["ns", "store", "minio"].includes(name);

/** `host:port` of each address, or `host/port-name/protocol` of an SRV record. */
function found(text: string, key = ""): string[] {
    return addressesIn(text, { key, hasNamespace }).map(({ host, port, service: srv }) =>
        srv === undefined ? `${host}:${port ?? "?"}` : `${host}/${srv.port}/${srv.protocol}`,
    );
}

describe("verify: addresses in texts", () => {
    it("are URLs, with the scheme's port where none is written", () => {
        assert.deepEqual(found("http://a.store.svc.cluster.local/push"), ["a.store.svc.cluster.local:80"]);
        assert.deepEqual(found("url = https://a.store.svc:8443/x, then http://b"), ["a.store.svc:8443", "b:80"]);
        assert.deepEqual(found("postgresql://me:pw@db.store.svc/app"), ["db.store.svc:5432"]);
        assert.deepEqual(found("http://user:pw@a.store:9000/x"), ["a.store:9000"]);
        assert.deepEqual(found("https://[2001:db8::1]:443/"), ["[2001:db8::1]:443"]);
    });

    it("are no buckets, images or files, and not the pod itself", () => {
        for (const text of ["s3://bucket/path", "docker.io/grafana/loki:3.7.6", "file:///etc/x", "tempo.tempo"]) {
            assert.deepEqual(found(text, "image"), [], text);
        }
        for (const text of ["0.0.0.0:4317", "http://127.0.0.1:3200", "localhost:80", "http://[::1]:80"]) {
            assert.deepEqual(found(text, "endpoint"), [], text);
        }
        assert.deepEqual(found("s3://key:secret@minio.minio.svc:9000/bucket"), ["minio.minio.svc:9000"]);
    });

    it("are names of the cluster's domain anywhere, with a trailing dot too", () => {
        assert.deepEqual(found("resolver kube-dns.kube-system.svc.cluster.local. valid=15s;"), [
            "kube-dns.kube-system.svc.cluster.local:?",
        ]);
        assert.deepEqual(found("-addr=gateway.store.svc.cluster.local.:80"), ["gateway.store.svc.cluster.local:80"]);
    });

    it("keep the lookups' prefixes apart from names", () => {
        assert.deepEqual(found("dns+cache.store.svc:11211"), ["cache.store.svc:11211"]);
        assert.deepEqual(found("dns+ring:7946"), ["ring:7946"]);
        for (const prefix of ["dnssrv+", "dnssrvnoa+", ""]) {
            assert.deepEqual(found(`${prefix}_memcached-client._tcp.cache.store.svc.cluster.local`), [
                "cache.store.svc.cluster.local/memcached-client/TCP",
            ]);
        }
        assert.deepEqual(found("http://_http-web._tcp.alerts.store.svc"), ["alerts.store.svc/http-web/TCP"]);
        assert.deepEqual(found("_dns._udp.dns.store.svc"), ["dns.store.svc/dns/UDP"]);
    });

    it("are lists of host and port where the key says that these are addresses", () => {
        assert.deepEqual(found("a:1,b.ns:2, c.ns.svc:3", "addresses"), ["a:1", "b.ns:2", "c.ns.svc:3"]);
        assert.deepEqual(found("minio:9000", "MINIO_ENDPOINT"), ["minio:9000"]);
        assert.deepEqual(found("smtp.example.com:587", "smarthost"), ["smtp.example.com:587"]);
        assert.deepEqual(found("minio.minio", "static"), ["minio.minio:?"]);
        assert.deepEqual(found("level:3", "message"), []);
        assert.deepEqual(found("loki.store", "cluster_label"), []);
    });

    it("hold variables, their defaults, and what only a running pod knows", () => {
        const lookup = (name: string) => ({ HOST: "a.store.svc", PORT: "9000", POD_IP: null })[name];
        assert.deepEqual(found(filled("http://${HOST}:${PORT}/x", lookup)), ["a.store.svc:9000"]);
        assert.deepEqual(found(filled("http://$(HOST):$(PORT)/x", lookup)), ["a.store.svc:9000"]);
        assert.deepEqual(found(filled("http://${env:HOST}:${env:PORT}/x", lookup)), ["a.store.svc:9000"]);
        assert.deepEqual(found(filled("http://${NO:b.store.svc}:${NO:-81}", lookup)), ["b.store.svc:81"]);
        assert.equal(filled("$${HOST} $$(HOST)", lookup), "$${HOST} $$(HOST)");
        const kinds = ["http://${NO}:80", "http://${POD_IP}:80", "http://a.store.svc:${NO}/"].map((text) => {
            const [address] = addressesIn(filled(text, lookup), { key: "url", hasNamespace });
            assert.ok(address !== undefined, text);
            return named(address, "ns", hasNamespace).kind;
        });
        assert.deepEqual(kinds, ["unset", "runtime", "unset"]);
    });

    it("name Services as a pod's search list does, and else the world outside", () => {
        const name = (host: string) => {
            const [address] = addressesIn(`http://${host}`, { key: "", hasNamespace });
            assert.ok(address !== undefined, host);
            const what = named(address, "ns", hasNamespace);
            return what.kind === "service" ? `${what.namespace}/${what.name}/${what.pod ?? ""}` : what.kind;
        };
        assert.equal(name("a"), "ns/a/");
        assert.equal(name("a.store"), "store/a/");
        assert.equal(name("a.store.svc"), "store/a/");
        assert.equal(name("a.store.svc.cluster.local."), "store/a/");
        assert.equal(name("a-0.a.store.svc"), "store/a/a-0");
        assert.equal(name("example.com"), "outside");
        assert.equal(name("s3.eu-west-1.amazonaws.com"), "outside");
        assert.equal(name("10.0.0.1"), "outside");
    });
});

describe("verify: addresses", () => {
    const callee = deployment("store", [{ name: "http", containerPort: 8080 }], { namespace: "store" });
    const http = service("store", [{ name: "http", port: 80, targetPort: "http" }], { namespace: "store" });
    const model = (config: string, more = "") =>
        given(NAMESPACES + callee + http + configMap({ "a.yaml": config }) + more);

    it("lead to pods that open the named port of a Service", () => {
        assertClean(
            addresses,
            model("url: http://store.store.svc.cluster.local/push\nother: { addr: store.store:80 }"),
        );
    });

    it("are found where the Service, its namespace or its port is another", () => {
        assertFound(addresses, model("url: http://stor.store.svc"), /stor is not/);
        assertFound(addresses, model("url: http://store.ns.svc"), /namespace ns that is rendered: store is not/);
        assertFound(addresses, model("url: http://store.store.svc:8080"), /a port that Service store has: 80 \(http\)/);
        assertFound(addresses, model("addr: dnssrv+_grpc._tcp.store.store.svc"), /a port that Service store has/);
        assertClean(addresses, model("addr: dnssrv+_http._tcp.store.store.svc"));
    });

    it("are found where the Service selects nothing, or pods that keep its port shut", () => {
        const lost = service("lost", [{ port: 80 }], { selector: { app: "nobody" } });
        assertFound(addresses, model("url: http://lost", lost), /pods that Service lost selects: it selects none/);
        const shut = service("shut", [{ port: 80, targetPort: 81 }], {
            namespace: "store",
            selector: { app: "store" },
        });
        assertFound(
            addresses,
            model("url: http://shut.store", shut),
            /leads to port 81 -> a port that store opens: 8080/,
        );
        const renamed = service("renamed", [{ port: 80, targetPort: "web" }], {
            ...{ namespace: "store", selector: { app: "store" } },
        });
        assertFound(addresses, model("url: http://renamed.store", renamed), /leads to port web/);
    });

    it("of a headless Service take the port that the pods listen on", () => {
        const headless = service("pods", [{ name: "http", port: 80, targetPort: 8080 }], {
            ...{ namespace: "store", selector: { app: "store" }, headless: true },
        });
        assertClean(addresses, model("addr: pods.store.svc:8080", headless));
        assertClean(addresses, model("addr: dnssrvnoa+_http._tcp.pods.store.svc", headless));
        assertFound(addresses, model("addr: pods.store.svc:80", headless), /headless -> a port that store opens: 8080/);
    });

    it("of single pods are those that their StatefulSet names", () => {
        const members = statefulSet("db", 3, [{ containerPort: 9000 }], "db-pods");
        const governing = service("db-pods", [{ port: 9000 }], { headless: true, selector: { app: "db" } });
        assertClean(
            addresses,
            given(NAMESPACES + members + governing + configMap({ x: "http://db-{0...2}.db-pods.ns.svc/x" })),
        );
        const beyond = configMap({ x: "http://db-3.db-pods.ns.svc:9000" });
        assertFound(addresses, given(NAMESPACES + members + governing + beyond), /a pod that there is: db has 3/);
    });

    it("in switched-off sections, comments, dashboards and definitions are nobody's", () => {
        assertClean(addresses, model("cache: { enabled: false, host: 'http://gone.ns.svc' }"));
        const comments = configMap({ "nginx.conf": "# http://gone.ns.svc\nx; ## http://gone.ns.svc\n// http://gone" });
        assertClean(addresses, given(NAMESPACES + comments));
        const board = document({
            ...{ apiVersion: "v1", kind: "ConfigMap", data: { "a.json": '{"url":"http://gone.ns.svc"}' } },
            metadata: { name: "board", labels: { grafana_dashboard: "1" } },
        });
        assertClean(addresses, given(NAMESPACES + board));
    });

    it("are put together: nginx' variables, pairs of environment variables, a host and the name of its port", () => {
        const nginx =
            'set $to "store.store.svc";\nproxy_pass http://$to:81/x;\nset $to "http://store.store.svc:82";\nproxy_pass $to$uri;';
        assertFound(addresses, given(NAMESPACES + callee + http + configMap({ "nginx.conf": nginx })), /:81/, /:82/);
        const caller = deployment("caller", [], {
            container: {
                env: [
                    { name: "S_HOST", value: "store.store" },
                    { name: "S_PORT", value: "81" },
                ],
            },
        });
        assertFound(addresses, given(NAMESPACES + callee + http + caller), /store\.store:81/);
        const memcached = "cache: { memcached: { host: store.store.svc, service: memcached-client } }";
        assertFound(addresses, model(memcached), /_memcached-client\._tcp\.store\.store\.svc/);
    });

    it("take variables from the containers that read the file", () => {
        const reader = (env: object[]) =>
            deployment("reader", [], {
                container: { env, args: ["-x=http://$(PLACE)/"] },
                pod: { volumes: [{ name: "c", configMap: { name: "config" } }] },
            });
        const config = "url: http://${PLACE}/push";
        assertClean(addresses, model(config, reader([{ name: "PLACE", value: "store.store.svc" }])));
        const without = reader([]);
        assertFound(addresses, model(config, without), /nothing sets PLACE/, /nothing sets PLACE/);
        assertClean(addresses, model(config, reader([{ name: "PLACE", valueFrom: { fieldRef: { fieldPath: "x" } } }])));
    });

    it("may hold a password that is generated when deployed", () => {
        const keys = secret({ PASSWORD: generatedText("password") }, "keys");
        const reader = deployment("reader", [], {
            container: {
                envFrom: [{ secretRef: { name: "keys" } }],
                args: ["-x=http://me:$(PASSWORD)@store.store:81/"],
            },
        });
        assertFound(addresses, given(NAMESPACES + callee + http + keys + reader), /store\.store:81 -> a port that/);
    });

    it("in Secrets are read as those in ConfigMaps", () => {
        const data = { "c.yaml": Buffer.from("endpoint: gone.ns.svc:9000").toString("base64") };
        const encoded = document({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, data });
        assertFound(addresses, given(NAMESPACES + encoded), /gone\.ns\.svc:9000/);
    });

    it("outside of the cluster are listed and not judged", () => {
        const outside = model("url: https://hooks.example.com/x\nendpoint: s3.example.com:443");
        assertClean(addresses, outside);
        const namedBy = ["ns/ConfigMap/config"];
        assert.deepEqual(outsideAddresses(outside), [
            { address: "https://hooks.example.com", namedBy },
            { address: "s3.example.com:443", namedBy },
        ]);
    });

    it("in a namespace of others are judged by nothing, where the settings send to them", () => {
        const url = "http://taker.others.svc.cluster.local:4318";
        const text = configMap({ "c.yaml": `endpoint: ${url}` });
        const destinations = [{ name: "taker", kind: "otlp", url }];
        const told = given(NAMESPACES + text, { k8sMonitoring: { destinations } });
        assertClean(addresses, told);
        assert.deepEqual(
            outsideAddresses(told).map(({ address }) => address),
            [url],
        );
        assertFound(addresses, given(NAMESPACES + text), /taker\.others/);
    });

    it("of one module are called by the pods that run it", () => {
        const modules = ["ruler", "distributor"].map((target) =>
            deployment(target, [], {
                container: { args: [`-target=${target}`] },
                pod: { volumes: [{ name: "c", configMap: { name: "config" } }] },
            }),
        );
        const config =
            "ruler: { alertmanager_url: 'http://store.store.svc' }\ncommon: { endpoint: 'store.store.svc:80' }";
        const callers = mentionsOf(model(config, modules.join(""))).map(({ path, callers: all }) => [
            path.at(-1),
            all.map(({ name }) => name).join(" "),
        ]);
        assert.deepEqual(callers, [
            ["alertmanager_url", "ruler"],
            ["endpoint", "ruler distributor"],
        ]);
    });
});

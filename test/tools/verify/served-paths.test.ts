import { servedPaths } from "../../../tools/verify/configs/agree/served-paths";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import {
    alertmanager,
    alloy,
    cortex,
    loki,
    program,
    prometheus,
    tempo,
    type Config,
} from "../../fixtures/verify/stores";
import { service } from "../../fixtures/verify/wiring";

const AT = "http://cortex.ns.svc.cluster.local";

/** A store with its Service; the pods of `program` open what it asks for. */
const metrics = (config: Config = {}) => opened(cortex(config)) + service("cortex", [{ port: 80, targetPort: 8080 }]);
const logs = (config: Config = {}) => opened(loki(config)) + service("loki", [{ port: 80, targetPort: 8080 }]);

function opened(manifests: string): string {
    return manifests.replaceAll("ports: []", "ports: [{ containerPort: 8080 }]");
}

const writes = (url: string) => prometheus({ remoteWrite: [{ url }] });

describe("verify: served-paths", () => {
    it("pass each path that the store has for a push", () => {
        for (const path of ["/api/v1/push", "/api/prom/push"]) {
            assertClean(servedPaths, given(metrics() + writes(`${AT}${path}`)));
        }
        assertClean(servedPaths, given(metrics() + writes("https://elsewhere.example.com/anything")));
    });

    it("find a push without its path, and by that of another program or purpose", () => {
        for (const path of ["", "/", "/api/v1/push/", "/api/v1/write", "/prometheus/api/v1/query"]) {
            assertFound(
                servedPaths,
                given(metrics() + writes(`${AT}${path}`)),
                /^ns\/Prometheus\/p: remoteWrite calls \/.* -> \/api\/v1\/push or \/api\/prom\/push$/,
            );
        }
    });

    it("follow the store's own prefixes", () => {
        const moved = metrics({ server: { http_path_prefix: "/m" }, http_prefix: "/old" });
        assertClean(servedPaths, given(moved + writes(`${AT}/m/api/v1/push`)));
        assertFound(
            servedPaths,
            given(moved + writes(`${AT}/api/v1/push`)),
            /-> \/m\/api\/v1\/push or \/m\/old\/push$/,
        );
    });

    it("hold a gateway to what its ports take", () => {
        const map = `map "$server_port $request_method $uri" $call {
            default refused;
            "~^8080 POST /api/v1/push$" push;
            "~^8081 [A-Z]+ /prometheus/" query;
        }`;
        const gateway =
            program("docker.io/nginxinc/nginx-unprivileged:1", "nginx.conf", map, undefined, [8080, 8081]) +
            service("nginx-unprivileged", [
                { port: 80, targetPort: 8080 },
                { port: 81, targetPort: 8081 },
            ]);
        const nginx = gateway.replaceAll("/etc/nginx-unprivileged", "/etc/nginx");
        const at = (port: number, path: string) =>
            given(cortex({}) + nginx + writes(`http://nginx-unprivileged.ns.svc:${port}${path}`));
        assertClean(servedPaths, at(80, "/api/v1/push"));
        assertFound(servedPaths, at(81, "/api/v1/push"), /the gateway's port 8081 does not take it/);
        assertFound(servedPaths, at(80, "/api/prom/push"), /the gateway's port 8080 does not take it/);
        assertFound(servedPaths, at(80, "/"), /Cortex has no such path/);
    });

    it("know what a collector puts behind the address of OTLP, and what it does not", () => {
        const push = (url: string) => given(logs() + alloy(`loki.write "a" {\n endpoint {\n url = "${url}"\n }\n}\n`));
        const otlp = (url: string) =>
            given(logs() + alloy(`otelcol.exporter.otlphttp "a" {\n client {\n endpoint = "${url}"\n }\n}\n`));
        assertClean(servedPaths, push("http://loki.ns.svc/loki/api/v1/push"));
        assertFound(servedPaths, push("http://loki.ns.svc"), /loki.write.a calls \/ at/);
        assertClean(servedPaths, otlp("http://loki.ns.svc/otlp"));
        assertClean(servedPaths, otlp("http://loki.ns.svc/otlp/"));
        assertFound(servedPaths, otlp("http://loki.ns.svc/otlp/v1/logs"), /calls \/otlp\/v1\/logs\/v1\/metrics or /);
        assertFound(servedPaths, otlp("http://loki.ns.svc"), /-> \/otlp\/v1\/logs$/);
    });

    it("take a path of the gateway's own from nobody else", () => {
        const spans = (path: string) =>
            given(
                tempo({}) +
                    service("tempo", [{ port: 4318 }]) +
                    alloy(
                        `otelcol.exporter.otlphttp "a" {\n client {\n endpoint = "http://tempo.ns.svc:4318${path}"\n }\n}\n`,
                    ),
            );
        assertClean(servedPaths, spans(""));
        assertFound(servedPaths, spans("/otlp"), /-> \/v1\/traces$/);
    });

    it("find alerts that are told beside Alertmanager's prefix", () => {
        const url = "http://_web._tcp.alertmanager-operated.ns.svc";
        const ruler = (path: string, spec: Config) =>
            given(cortex({ ruler: { alertmanager_url: `${url}${path}` } }) + alertmanager({}, spec));
        assertClean(servedPaths, ruler("", {}));
        assertClean(servedPaths, ruler("/am/", { routePrefix: "/am" }));
        assertFound(servedPaths, ruler("", { routePrefix: "/am" }), /-> \/am\/api\/v2\/alerts$/);
        assertFound(servedPaths, ruler("/am", { routePrefix: "/" }), /Cortex's ruler calls \/am\/api\/v2\/alerts/);
    });
});

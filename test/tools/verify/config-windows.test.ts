import { alertReceivers } from "../../../tools/verify/configs/agree/alerts";
import { messageSizes } from "../../../tools/verify/configs/agree/messages";
import { retention, windows } from "../../../tools/verify/configs/agree/windows";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { alertmanager, alloy, cortex, loki, program, tempo, type Config } from "../../fixtures/verify/stores";
import { service } from "../../fixtures/verify/wiring";

describe("query windows", () => {
    const cortexWith = (querier: Config, held = "24h") =>
        cortex({ querier, blocks_storage: { tsdb: { retention_period: held } } });

    it("leave no gap between ingesters and bucket", () => {
        assertClean(windows, given(cortexWith({ query_store_after: "12h", query_ingesters_within: "13h" })));
        assertFound(
            windows,
            given(cortexWith({ query_store_after: "12h", query_ingesters_within: "12h" })),
            /query_ingesters_within is 12h, querier.query_store_after is 12h: samples between/,
        );
        assertFound(
            windows,
            given(cortexWith({ query_store_after: "1h", query_ingesters_within: "25h" })),
            /retention_period is 24h, .* asked for what they have deleted/,
        );
        // Not limited at all: ingesters are always asked.
        assertClean(windows, given(cortexWith({ query_store_after: "12h" })));
    });

    it("reach back as far as anything is kept", () => {
        const loki30 = (limits: Config) => loki({ limits_config: { retention_period: "744h", ...limits } });
        assertFound(windows, given(loki30({})), /max_query_length is 721h, what is kept reaches 744h back/);
        assertClean(windows, given(loki30({ max_query_length: "745h" })));
        assertFound(
            windows,
            given(loki30({ max_query_length: 0, max_query_lookback: "48h" })),
            /max_query_lookback is 48h/,
        );
        const short = { limits: { compactor_blocks_retention_period: "30d", max_query_lookback: "7d" } };
        assertFound(windows, given(cortex(short)), /max_query_lookback is 7d, what is kept reaches 30d back/);
        assertFound(windows, given(tempo({})), /max_search_duration is 168h/, /max_metrics_duration is 3h/);
        const frontend = { search: { max_duration: "336h" }, metrics: { max_duration: "336h" } };
        assertClean(windows, given(tempo({ query_frontend: frontend })));
        const read = { max_search_duration: "337h", max_metrics_duration: "337h" };
        assertClean(windows, given(tempo({ overrides: { defaults: { read } } })));
    });

    it("reach as far for a tenant that has a retention of its own", () => {
        const main = loki({
            limits_config: { retention_period: "24h", max_query_length: "25h" },
            runtime_config: { file: "/etc/loki/tenants.yaml" },
        });
        const withTenant = (limits: string) =>
            main.replace("\ndata:\n", `\ndata:\n  tenants.yaml: 'overrides: {a: {${limits}}}'\n`);
        assertFound(
            windows,
            given(withTenant("retention_period: 720h")),
            /loki \(a\): max_query_length is 25h.* 720h back/,
        );
        assertClean(windows, given(withTenant("retention_period: 720h, max_query_length: 721h")));
    });

    it("of Loki and Tempo neither", () => {
        assertFound(
            windows,
            given(loki({ ingester: { max_chunk_age: "4h" }, limits_config: { max_query_length: 0 } })),
            /max_chunk_age is 4h/,
        );
        const search = { query_backend_after: "45m" };
        const read = { overrides: { defaults: { read: { max_search_duration: 0, max_metrics_duration: 0 } } } };
        assertFound(windows, given(tempo({ ...read, query_frontend: { search } })), /query_ingesters_until is 30m/);
        assertClean(windows, given(tempo(read) + loki({ limits_config: { retention_period: "24h" } })));
    });
});

describe("retention", () => {
    const kept = (period: string, more: Config = {}) =>
        loki({ compactor: { retention_enabled: true }, limits_config: { retention_period: period }, ...more });

    it("is on", () => {
        assertClean(retention, given(kept("744h")));
        assertFound(
            retention,
            given(loki({ limits_config: { retention_period: "744h" } })),
            /compactor.retention_enabled is off/,
        );
        assertFound(retention, given(cortex({})), /compactor_blocks_retention_period is off/);
        assertClean(retention, given(cortex({ limits: { compactor_blocks_retention_period: "30d" } })));
    });

    it("of Loki is no shorter than its index period, for single tenants neither", () => {
        assertFound(retention, given(kept("12h")), /retention_period is 12h, shorter than the index period of 24h/);
        const weekly = { schema_config: { configs: [{ index: { period: "168h" } }] } };
        assertFound(retention, given(kept("72h", weekly)), /shorter than the index period of 168h/);
        const tenant = kept("744h", { runtime_config: { file: "/etc/loki/tenants.yaml" } }).replace(
            "\ndata:\n",
            "\ndata:\n  tenants.yaml: 'overrides: {a: {retention_period: 6h}}'\n",
        );
        assertFound(retention, given(tenant), /overrides.a.retention_period is 6h/);
    });
});

/** Receivers of Tempo that take the largest push. */
const SPACIOUS = {
    receivers: {
        otlp: { protocols: { grpc: { max_recv_msg_size_mib: 16 }, http: { max_request_body_size: 16 * 2 ** 20 } } },
    },
};

describe("message sizes", () => {
    const sizes = (received: number, sent: number) => ({
        server: { grpc_server_max_recv_msg_size: received },
        ingester_client: { grpc_client_config: { max_send_msg_size: sent } },
        frontend_worker: { grpc_client_config: { max_send_msg_size: sent } },
    });

    it("fit each other", () => {
        assertClean(messageSizes, given(cortex(sizes(1000, 1000))));
        assertFound(
            messageSizes,
            given(cortex(sizes(1000, 1001))),
            /a distributor's write may have 1001 bytes .*, 1000 are received/,
            /a querier's answer may have 1001/,
        );
        const traces = {
            overrides: { defaults: { global: { max_bytes_per_trace: 200_000_000 } } },
            ...{ server: { grpc_server_max_recv_msg_size: 100 * 2 ** 20 }, distributor: SPACIOUS },
        };
        assertFound(messageSizes, given(tempo(traces)), /a whole trace may have 200000000 bytes/);
    });

    const spacious = (distributor: Config, burst = 30_000_000) =>
        tempo({
            distributor,
            server: { grpc_server_max_recv_msg_size: 100 * 2 ** 20 },
            overrides: { defaults: { ingestion: { burst_size_bytes: burst } } },
        });

    it("let the largest push in", () => {
        assertClean(messageSizes, given(spacious(SPACIOUS)));
        assertFound(messageSizes, given(spacious({})), /OTLP over gRPC takes 4194304 bytes at once/);
        assertFound(messageSizes, given(spacious(SPACIOUS, 10_000_000)), /burst .* takes 10000000 bytes at once/);
        const gateway = (limit: string) => program("nginx:1", "nginx.conf", `http { ${limit} }`);
        assertClean(messageSizes, given(gateway("client_max_body_size 16m;")));
        assertFound(messageSizes, given(gateway("")), /client_max_body_size takes 1048576 bytes/);
    });

    it("of a collector's batches fit the next hop, however large the single spans are", () => {
        const sending = (queue: string) =>
            given(
                spacious(SPACIOUS) +
                    service("tempo", [{ port: 4317 }]) +
                    alloy(`otelcol.exporter.otlp "traces" {
  client {
    endpoint = "tempo.ns.svc.cluster.local:4317"
  }
  sending_queue {
    ${queue}
  }
}
`),
            );
        const batch = (sizer: string, size: number) => `batch {
      sizer = "${sizer}"
      max_size = ${size}
    }`;
        assertFound(messageSizes, sending(""), /otlp.traces may send batches of any size .*gRPC of .* takes 16777216/);
        assertFound(messageSizes, sending(batch("items", 8192)), /batches of any size/);
        assertFound(messageSizes, sending(batch("bytes", 16 * 2 ** 20 + 1)), /may send 16777217 bytes/);
        assertClean(messageSizes, sending(batch("bytes", 16 * 2 ** 20)));
    });
});

describe("alert receivers", () => {
    const routes = { route: { receiver: "people" }, receivers: [{ name: "people" }] };
    const three = alertmanager(routes, { replicas: 3, portName: "http-web" });
    const ruler = (url: string, discovers: boolean) =>
        cortex({ ruler: { alertmanager_url: url, enable_alertmanager_discovery: discovers } });
    const srv = "http://_http-web._tcp.alertmanager-operated.ns.svc.cluster.local";

    it("are all told", () => {
        assertClean(alertReceivers, given(three + ruler(srv, true)));
        assertFound(
            alertReceivers,
            given(three + ruler("http://alertmanager.ns.svc:9093", false)),
            /ruler tells 1 address of 3 Alertmanagers/,
        );
        assertFound(alertReceivers, given(three + ruler(srv, false)), /is an SRV name, and discovery is off/);
        assertFound(alertReceivers, given(three + ruler(srv.replace("http-web", "web"), true)), /looks for port web/);
        assertFound(
            alertReceivers,
            given(three + ruler("http://a.ns.svc:9093", true)),
            /by an address that is no SRV name/,
        );
    });

    it("are there for every route", () => {
        const lost = { ...routes, route: { receiver: "people", routes: [{ receiver: "pager" }] } };
        assertFound(alertReceivers, given(alertmanager(lost)), /a route to receiver pager/);
    });

    it("are reached by matchers that can match", () => {
        const by = (...matchers: string[]) =>
            given(
                alertmanager({ ...routes, route: { receiver: "people", routes: [{ receiver: "people", matchers }] } }),
            );
        assertClean(alertReceivers, by('severity="critical"', "team=shop", "a!=b", "a=~b|c", "a!~b", 'sign="=1"'));
        for (const matcher of ["severity==critical", "severity = =critical", "a!==b", "a=!b"]) {
            assertFound(alertReceivers, by(matcher), /begins with a sign/);
        }
        const inhibits = { inhibit_rules: [{ source_matchers: ["a==b"], target_matchers: ['c="d"'] }] };
        assertFound(alertReceivers, given(alertmanager({ ...routes, ...inhibits })), /the matcher a==b /);
    });
});

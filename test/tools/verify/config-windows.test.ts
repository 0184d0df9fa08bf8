import { alertReceivers } from "../../../tools/verify/configs/agree/alerts";
import { messageSizes } from "../../../tools/verify/configs/agree/messages";
import { retention, windows } from "../../../tools/verify/configs/agree/windows";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { alertmanager, cortex, loki, tempo, type Config } from "../../fixtures/verify/stores";

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

    it("of Loki and Tempo neither", () => {
        assertFound(windows, given(loki({ ingester: { max_chunk_age: "4h" } })), /max_chunk_age is 4h/);
        const search = { query_backend_after: "45m" };
        assertFound(windows, given(tempo({ query_frontend: { search } })), /query_ingesters_until is 30m/);
        assertClean(windows, given(tempo({}) + loki({})));
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
        const traces = { overrides: { defaults: { global: { max_bytes_per_trace: 20_000_000 } } } };
        assertFound(messageSizes, given(tempo(traces)), /a whole trace may have 20000000 bytes/);
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
});

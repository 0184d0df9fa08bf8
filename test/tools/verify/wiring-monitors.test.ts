import { histograms } from "../../../tools/verify/checks/histograms";
import { monitors } from "../../../tools/verify/checks/monitors";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { document } from "../../fixtures/verify/manifests";
import { deployment, NAMESPACES, service } from "../../fixtures/verify/wiring";

const PORTS = [{ name: "http-metrics", containerPort: 8080 }];
const target = deployment("a", PORTS) + service("a", [{ name: "metrics", port: 80, targetPort: "http-metrics" }]);

const resource = (kind: string, name: string, spec: Record<string, unknown>, labels = {}) =>
    document({ apiVersion: "monitoring.coreos.com/v1", kind, metadata: { name, labels }, spec });
/** Reads every monitor of every namespace. */
const prometheus = (spec: Record<string, unknown> = {}) =>
    resource("Prometheus", "p", {
        ...{
            serviceMonitorSelector: {},
            serviceMonitorNamespaceSelector: {},
            podMonitorSelector: {},
            probeSelector: {},
            scrapeClasses: [{ name: "default", default: true, fallbackScrapeProtocol: "PrometheusText0.0.4" }],
        },
        ...spec,
    });
const monitor = (selector: object, endpoint: object = { port: "metrics" }, name = "m", more = {}) =>
    resource("ServiceMonitor", name, { selector, endpoints: [endpoint], ...more });
const podMonitor = (selector: object, endpoint: object) =>
    resource("PodMonitor", "pm", { selector, podMetricsEndpoints: [endpoint] });
const A = { matchLabels: { app: "a" } };

describe("verify: monitors", () => {
    it("match Services by the labels of these, and a port by its name there", () => {
        assertClean(monitors, given(NAMESPACES + target + prometheus() + monitor(A)));
        assertClean(monitors, given(NAMESPACES + target + prometheus() + monitor(A, { targetPort: "http-metrics" })));
        const wrong = monitor(A, { port: "http-metrics" });
        assertFound(monitors, given(NAMESPACES + target + prometheus() + wrong), /none of a has port http-metrics/);
    });

    it("are taken from exporters that name no format too", () => {
        for (const scrapeClasses of [[], [{ name: "a", fallbackScrapeProtocol: "PrometheusText0.0.4" }]]) {
            assertFound(monitors, given(prometheus({ scrapeClasses })), /no default scrape class has a fallback/);
        }
    });

    it("match by expressions", () => {
        const model = (expression: object) =>
            given(NAMESPACES + target + prometheus() + monitor({ matchExpressions: [expression] }));
        for (const expression of [
            { key: "app", operator: "In", values: ["a", "b"] },
            { key: "app", operator: "NotIn", values: ["p", "b"] },
            { key: "app", operator: "Exists" },
            { key: "headless", operator: "DoesNotExist" },
            { key: "headless", operator: "NotIn", values: ["true"] },
        ]) {
            assertClean(monitors, model(expression));
        }
        for (const expression of [
            { key: "app", operator: "In", values: ["b"] },
            { key: "app", operator: "NotIn", values: ["a"] },
            { key: "team", operator: "Exists" },
        ]) {
            assertFound(monitors, model(expression), /matches no Service|none of prometheus-operated has/);
        }
    });

    it("look into their own namespace, or into those that they name", () => {
        const there =
            deployment("a", PORTS, { namespace: "store" }) +
            service("a", [{ name: "metrics", port: 80, targetPort: 8080 }], { namespace: "store" });
        const model = (namespaceSelector: object | undefined) =>
            given(NAMESPACES + there + prometheus() + monitor(A, undefined, "m", { namespaceSelector }));
        assertFound(monitors, model(undefined), /matches no Service/);
        assertFound(monitors, model({ matchNames: ["ns"] }), /matches no Service/);
        assertClean(monitors, model({ matchNames: ["store"] }));
        assertClean(monitors, model({ any: true }));
    });

    it("lead to pods that run and open the port", () => {
        const shut = deployment("a", []) + service("a", [{ name: "metrics", port: 80, targetPort: 8080 }]);
        assertFound(monitors, given(NAMESPACES + shut + prometheus() + monitor(A)), /leads to 8080 of a -> .*: none/);
        const empty = service("a", [{ name: "metrics", port: 80 }]);
        assertFound(
            monitors,
            given(NAMESPACES + empty + prometheus() + monitor(A)),
            /no pod is behind port metrics of a/,
        );
    });

    it("of pods match the pods' own labels and the containers' ports", () => {
        assertClean(monitors, given(target + prometheus() + podMonitor(A, { port: "http-metrics" })));
        assertClean(monitors, given(target + prometheus() + podMonitor(A, { portNumber: 8080 })));
        assertFound(
            monitors,
            given(target + prometheus() + podMonitor(A, { port: "metrics" })),
            /opens: 8080 \(http-metrics\)/,
        );
        assertFound(
            monitors,
            given(target + prometheus() + podMonitor({ matchLabels: { app: "b" } }, { port: "x" })),
            /matches no pods/,
        );
    });

    it("that are probes have a prober that answers", () => {
        const probe = (url: string) =>
            resource("Probe", "probe", {
                prober: { url },
                targets: { staticConfig: { static: ["https://a.example.com"] } },
            });
        assertClean(monitors, given(NAMESPACES + target + prometheus() + probe("a.ns:80")));
        assertFound(
            monitors,
            given(NAMESPACES + target + prometheus() + probe("a.ns:9115")),
            /a port that Service a has/,
        );
    });

    it("are read by a Prometheus: by their labels, and their namespace's", () => {
        const model = (spec: Record<string, unknown>) => given(NAMESPACES + target + prometheus(spec) + monitor(A));
        assertFound(monitors, model({ serviceMonitorSelector: { matchLabels: { release: "kps" } } }), /no Prometheus/);
        assertFound(monitors, model({ serviceMonitorSelector: null }), /no Prometheus/);
        const team = (name: string) => ({ serviceMonitorNamespaceSelector: { matchLabels: { team: name } } });
        assertClean(monitors, model(team("ns")));
        assertFound(monitors, model(team("store")), /no Prometheus/);
        // Absent: the Prometheus' own namespace, where the monitor is too.
        assertClean(monitors, model({ serviceMonitorNamespaceSelector: null }));
    });

    it("scrape no port twice, unless by other paths", () => {
        const base = NAMESPACES + target + prometheus() + monitor(A);
        assertFound(
            monitors,
            given(base + monitor(A, undefined, "again")),
            /is scraped for ns\/ServiceMonitor\/m already/,
        );
        assertFound(monitors, given(base + podMonitor(A, { port: "http-metrics" })), /scraped for/);
        assertClean(monitors, given(base + monitor(A, { port: "metrics", path: "/other" }, "other")));
        const drop = { port: "metrics", relabelings: [{ action: "drop", sourceLabels: ["x"], regex: "y" }] };
        assertClean(monitors, given(base + monitor(A, drop, "filtered")));
        // A headless twin with the same labels doubles every target.
        const twin = service("a-headless", [{ name: "metrics", port: 80, targetPort: 8080 }], {
            ...{ labels: { app: "a" }, selector: { app: "a" }, headless: true },
        });
        assertFound(monitors, given(base + twin), /scraped for ns\/ServiceMonitor\/m already/);
    });
});

describe("verify: histograms", () => {
    const writer = { remoteWrite: [{ url: "http://a.ns/api/v1/push" }], scrapeConfigSelector: {} };
    const converting = { convertClassicHistogramsToNHCB: true };
    const scrapeConfig = (spec: object) => resource("ScrapeConfig", "sc", { ...spec });

    it("are not converted where the samples go on by remote write 1.0, whoever asks for it", () => {
        const lost = /convertClassicHistogramsToNHCB: true/;
        assertFound(histograms, given(NAMESPACES + prometheus({ ...writer, ...converting })), lost);
        assertFound(histograms, given(NAMESPACES + prometheus(writer) + monitor(A, undefined, "m", converting)), lost);
        assertFound(histograms, given(NAMESPACES + prometheus(writer) + scrapeConfig(converting)), lost);
    });

    it("may be where nothing is sent on, where nobody reads the monitor, and by remote write 2.0", () => {
        const second = { ...writer, remoteWrite: [{ url: "http://a.ns/api/v1/push", messageVersion: "V2.0" }] };
        assertClean(histograms, given(NAMESPACES + prometheus(converting)));
        assertClean(histograms, given(NAMESPACES + prometheus({ ...second, ...converting })));
        assertClean(histograms, given(NAMESPACES + prometheus(writer) + monitor(A)));
        const unread = prometheus({ ...writer, serviceMonitorSelector: { matchLabels: { team: "b" } } });
        assertClean(histograms, given(NAMESPACES + unread + monitor(A, undefined, "m", converting)));
    });
});

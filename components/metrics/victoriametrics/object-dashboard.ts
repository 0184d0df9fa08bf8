import { logsOfPod } from "../../dashboards/links";
import { perSecond, within } from "../../dashboards/selectors";
import { graph, levels, metrics, type Dashboard } from "../../dashboards/spec";
import { NAMESPACE } from "./names";
import { of } from "./panels";

const links = [logsOfPod(NAMESPACE)];

/** What scrapes and evaluates VictoriaMetrics' own objects has a page beside the store's. */
export const objectsDashboard: Dashboard = {
    uid: "victoriametrics-objects",
    title: "VictoriaMetrics' objects",
    description:
        "VMServiceScrape, VMRule and the like: are they in use, is what they name scraped, evaluated and kept.",
    from: "now-6h",
    rows: [
        {
            title: "Objects",
            panels: [
                graph({
                    title: "Targets of objects",
                    description:
                        "As each vmagent finds them: every one of them scrapes all. Down: the target does not answer, or a network policy of its namespace does not let this one in.",
                    unit: "short",
                    width: 6,
                    links,
                    queries: [
                        metrics("{{status}}: {{pod}}", `sum by (pod, status) (vm_promscrape_targets{${of()}})`),
                        metrics(
                            "failed scrapes/s: {{pod}}",
                            perSecond(`vm_promscrape_scrapes_failed_total{${of()}}`, "pod"),
                        ),
                    ],
                }),
                graph({
                    title: "Waiting in vmagent",
                    description:
                        "Bytes that the store has not taken yet. Normal: nearly 0. Rising: the store is away, or too slow; at 80 % of the volume the oldest is dropped.",
                    unit: "bytes",
                    width: 6,
                    links,
                    queries: [metrics("{{pod}}", `sum by (pod) (vmagent_remotewrite_pending_data_bytes{${of()}})`)],
                }),
                graph({
                    title: "Rules of objects that failed, last hour",
                    description:
                        "Evaluations in vmalert, by group of a VMRule, and alerts that an Alertmanager did not take. Normal: 0.",
                    unit: "short",
                    width: 6,
                    links,
                    thresholds: levels(1, 10),
                    queries: [
                        metrics(
                            "alerts: {{group}}",
                            within("1h", `vmalert_alerting_rules_errors_total{${of()}}`, "group"),
                        ),
                        metrics(
                            "records: {{group}}",
                            within("1h", `vmalert_recording_rules_errors_total{${of()}}`, "group"),
                        ),
                        metrics(
                            "not sent: {{addr}}",
                            within("1h", `vmalert_alerts_send_errors_total{${of()}}`, "addr"),
                        ),
                    ],
                }),
                graph({
                    title: "Objects that are not in use, last hour",
                    description:
                        "How often the operator passed over one that is wrong, by kind and namespace, or failed at one. Normal: 0. The status of the object says why.",
                    unit: "short",
                    width: 6,
                    links,
                    queries: [
                        metrics(
                            "wrong: {{crd}} in {{object_namespace}}",
                            within("1h", `operator_bad_objects_total{${of()}}`, "crd, object_namespace"),
                        ),
                        metrics(
                            "failed: {{controller}}",
                            within("1h", `controller_runtime_reconcile_errors_total{${of()}}`, "controller"),
                        ),
                    ],
                }),
            ],
        },
    ],
};

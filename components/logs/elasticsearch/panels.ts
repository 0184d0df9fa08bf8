import type { CrossPanels } from "../../contracts/system";
import { hopByHop } from "../../dashboards/links";
import { inNamespace, perSecond } from "../../dashboards/selectors";
import { graph, metrics } from "../../dashboards/spec";
import { COLLECTORS } from "../../kubernetes/namespaces";

const of = inNamespace(COLLECTORS);

export const elasticsearchPanels: CrossPanels = {
    flow: graph({
        title: "Logs: lines handed on",
        description:
            "Lines that Elasticsearch has acknowledged, and those that it refused for good, which are lost. Where both are 0 it is away, or refuses its key: nodes keep their files meanwhile.",
        unit: "cps",
        links: [hopByHop],
        queries: [
            metrics("taken", perSecond(`otelcol_exporter_sent_log_records_total{${of}}`)),
            metrics("refused", perSecond(`otelcol_exporter_send_failed_log_records_total{${of}}`)),
        ],
    }),
};

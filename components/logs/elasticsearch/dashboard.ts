import { podRows } from "../../dashboards/pods";
import type { Dashboard } from "../../dashboards/spec";
import { NAMESPACE } from "./names";
import { answers, taken } from "./panels";

/** What is seen from this cluster of a store elsewhere. */
export function elasticsearchDashboard(): Dashboard {
    return {
        uid: "elasticsearch",
        title: "Elasticsearch",
        description:
            "What the collectors hand on to it, what it answers, and the gateway between. Its own health is watched where it runs.",
        from: "now-6h",
        rows: [
            { title: "Seen from here", panels: [taken, answers] },
            ...podRows(NAMESPACE, "\\[(error|crit|emerg)\\]"),
        ],
    };
}

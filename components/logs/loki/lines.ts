import type { LineQueries } from "../../contracts/system";
import { inNamespace } from "../../dashboards/selectors";
import { PLUGIN } from "./names";

/** LogQL, for pages that show lines of any system. */
export const lokiLines: LineQueries = {
    plugin: PLUGIN,
    ofPod: (namespace, pod) => ({ expr: `{namespace="${namespace}"} | pod="${pod}"`, queryType: "range" }),
    complaints: (namespace, complaint) => ({
        expr: `{${inNamespace(namespace)}} |~ \`${complaint}\``,
        legendFormat: "",
        queryType: "range",
    }),
};

import { INGEST_LABEL, QUERY_LABEL } from "../../../components/kubernetes/access-labels";
import type { Check } from "../check";
import type { Found } from "../finding";
import { nameOf, type ClusterModel } from "../cluster-model";
import { resolve, type Endpoint } from "../wiring/endpoints";
import { mentionsOf } from "../wiring/mentions";
import { openedTo } from "../wiring/policies";
import { wiringOf } from "../wiring/wiring";

/** A namespace that may push and do nothing else. */
const PUSHER = { ...INGEST_LABEL, "kubernetes.io/metadata.name": "any-namespace-that-pushes" };

export const readers: Check = {
    name: "readers",
    promise: "A namespace that may push reaches no port at which Grafana reads a store",
    run: (model) => readPorts(model).flatMap((end) => open(model, end)),
};

/** Where data sources lead, each port once. */
function readPorts(model: ClusterModel): Endpoint[] {
    const wiring = wiringOf(model);
    const ends = mentionsOf(model)
        .filter(({ path }) => path.some((key) => /datasource/i.test(key)))
        .flatMap(({ address, namespace }) => {
            const resolved = resolve(wiring, address, namespace);
            return resolved.kind === "endpoints" ? resolved.endpoints : [];
        });
    return [...new Map(ends.map((end) => [`${nameOf(end.pods.owner)} ${end.port}`, end])).values()];
}

function open(model: ClusterModel, { pods, port, protocol }: Endpoint): Found[] {
    return openedTo(wiringOf(model), PUSHER, { pods, port, protocol }).map((policy) => ({
        object: nameOf(policy),
        found: `opens port ${port} of ${nameOf(pods.owner)}, where Grafana reads, to whoever may push`,
        wanted: "a port of its own for pushes",
        hint: `who is to read as well has the label ${Object.keys(QUERY_LABEL).join("")}, with queryFrom: labelled`,
    }));
}

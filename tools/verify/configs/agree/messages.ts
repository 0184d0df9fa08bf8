import type { ClusterModel } from "../../cluster-model";
import type { Found } from "../../finding";
import type { Check } from "../../check";
import { hops } from "./hops";
import { configured, storesOf } from "./stores";

export const messageSizes: Check = {
    name: "message-sizes",
    promise: "What one hop may send at once, the next one takes: collectors, gateways, stores and the parts of these",
    run: (model) => [...parts(model), ...hops(model)],
};

function parts(model: ClusterModel): Found[] {
    return storesOf(model).flatMap((store) =>
        store.messages
            .map((each) => ({
                ...each,
                received: Number(configured(store, ...each.receives)),
                sent: Number(configured(store, ...each.sends)),
            }))
            .filter(({ received, sent }) => received < sent)
            .map(({ what, receives, sends, received, sent }) => ({
                object: store.object,
                found: `${what} may have ${sent} bytes (${sends[0]}), ${received} are received (${receives[0]})`,
                wanted: `${receives[0]} of at least ${sent}`,
                hint: `the two belong together under ${store.settings}.values`,
            })),
    );
}

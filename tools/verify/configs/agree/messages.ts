import type { Check } from "../../check";
import { configured, storesOf } from "./stores";

export const messageSizes: Check = {
    name: "message-sizes",
    promise: "What one part of a store may send, the other may receive",
    run: (model) =>
        storesOf(model).flatMap((store) =>
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
        ),
};

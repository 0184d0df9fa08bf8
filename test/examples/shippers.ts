import { resolve } from "node:path";
import { record } from "../../tools/records";

export const PUSHERS = resolve(__dirname, "../../examples/pushers");

/** What the commands in the examples' README make of the stack's outputs. */
export function lokiVariables({ push, tenant }: Record<string, unknown>): Record<string, string> {
    const url = String(record(push).logs);
    const { host, pathname } = new URL(url);
    return {
        LOKI_URL: url,
        LOKI_BASE: `http://${host}`,
        LOKI_HOST: host,
        LOKI_PORT: "80",
        LOKI_PATH: pathname,
        LOKI_TENANT: String(tenant),
    };
}

/** What a sidecar is told beside them, by its own pod. */
export const POD_VARIABLES = { NAMESPACE: "shop", POD_NAME: "shop-0", SERVICE_NAME: "shop" };

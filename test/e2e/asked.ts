import { TENANT_HEADER } from "../../components/contracts/tenancy";
import { at, record, records } from "../../tools/records";
import { local } from "./store-configs";
import { until } from "./until";

/** What is there once it is as much as is waited for. */
export async function arrived(count: () => Promise<number>, enough: number): Promise<number> {
    let found = 0;
    await until(`${enough} are there`, async () => (found = await count()) >= enough || `${found} are`);
    return found;
}

/** Questions of one tenant to stores on this machine, by their ports. */
export interface Asked {
    /** How many series there are at a time, in seconds. */
    readonly samples: (port: number | undefined, selector: string, time?: number) => Promise<number>;
    /** How many lines there are of the last hour. */
    readonly lines: (port: number | undefined, selector: string) => Promise<number>;
    /** How many traces a service has, a thousand at most. */
    readonly traces: (port: number | undefined, service: string) => Promise<number>;
    /** The value of a PromQL query's only sample; zero where there is none. */
    readonly value: (port: number | undefined, query: string, time?: number) => Promise<number>;
    /** Values of a label in Cortex, and in Loki. */
    readonly values: (port: number | undefined, label: string, store: "cortex" | "loki") => Promise<string[]>;
}

export function askedAs(tenant: string): Asked {
    const ask = async (port: number | undefined, path: string, query: Record<string, string>) => {
        const headers = { [TENANT_HEADER]: tenant };
        const answer = await fetch(`${local(port ?? 0)}${path}?${new URLSearchParams(query)}`, { headers });
        return record(await answer.json());
    };
    const value = async (port: number | undefined, query: string, time = Date.now() / 1000) =>
        onlyValue(await ask(port, "/prometheus/api/v1/query", { query, time: String(time) }));
    return {
        value,
        samples: (port, selector, time) => value(port, `count(${selector})`, time),
        lines: async (port, selector) =>
            onlyValue(await ask(port, "/loki/api/v1/query", { query: `sum(count_over_time(${selector}[1h]))` })),
        traces: async (port, service) => {
            const query = { q: `{resource.service.name="${service}"}`, limit: "1000" };
            return records((await ask(port, "/api/search", query)).traces).length;
        },
        values: async (port, label, store) => {
            const path = store === "cortex" ? "/prometheus/api/v1" : "/loki/api/v1";
            const { data } = await ask(port, `${path}/label/${label}/values`, {});
            return Array.isArray(data) ? data.map(String) : [];
        },
    };
}

function onlyValue(answer: Record<string, unknown>): number {
    const value: unknown = records(at(answer, "data.result"))[0]?.value;
    return Array.isArray(value) ? Number(value[1]) : 0;
}

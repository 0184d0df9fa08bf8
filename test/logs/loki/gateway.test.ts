import { equal, ok } from "node:assert/strict";
import { CALLS_MAP } from "../../../components/logs/loki/gateway-calls";

const entries = [...CALLS_MAP.matchAll(/^ {4}"~(.+)" ([01]);$/gm)].map(
    ([, expression = "", refused]) => [new RegExp(expression), refused === "1"] as const,
);

/** As nginx reads its map: the first expression that fits, else the default. */
function isRefused(call: string): boolean {
    return entries.find(([expression]) => expression.test(call))?.[1] ?? true;
}

const TAKEN = [
    ["POST /loki/api/v1/push", "POST /otlp/v1/logs", "POST /api/prom/push"],
    ["GET /loki/api/v1/query_range", "POST /loki/api/v1/query", "GET /loki/api/v1/tail", "GET /loki/api/v1/labels"],
    ["GET /loki/api/v1/rules", "GET /loki/api/v1/rules/a/b", "GET /prometheus/api/v1/rules"],
    ["GET /", "HEAD /", "GET /stub_status"],
].flat();

const REFUSED = [
    ["POST /loki/api/v1/rules/a", "DELETE /loki/api/v1/rules/a/b", "PUT /loki/api/v1/rules", "POST /api/prom/rules/a"],
    ["POST /loki/api/v1/delete", "GET /loki/api/v1/delete", "GET /loki/api/v1/cache/generation_numbers"],
    ["POST /flush", "GET /flush", "GET /ingester/shutdown", "DELETE /ingester/prepare_shutdown"],
    ["POST /ring", "GET /memberlist", "POST /distributor/ring", "GET /config", "POST /log_level", "POST /whatever"],
].flat();

describe("Loki's gateway", () => {
    it("takes pushes and queries, and shows the rules", () => {
        ok(CALLS_MAP.includes("default 1;"));
        for (const call of TAKEN) equal(isRefused(call), false, call);
    });

    it("refuses to write rules, to delete lines and to operate Loki, whoever asks", () => {
        for (const call of REFUSED) equal(isRefused(call), true, call);
    });
});

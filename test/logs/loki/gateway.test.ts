import { equal } from "node:assert/strict";
import { CALLS_MAP } from "../../../components/logs/loki/gateway-calls";
import { PORTS } from "../../../components/logs/loki/names";

const entries = [...CALLS_MAP.matchAll(/^ {4}"~(.+)" (status|push|query|refused);$/gm)].map(
    ([, expression = "", what]) => [new RegExp(expression), what] as const,
);

/** As nginx reads its map: the first expression that fits, else the default, which is to refuse. */
function takes(port: number, call: string): boolean {
    const [, what = "refused"] = entries.find(([expression]) => expression.test(`${port} ${call}`)) ?? [];
    return what !== "refused";
}

const PUSHES = ["POST /loki/api/v1/push", "POST /otlp/v1/logs", "POST /api/prom/push"];
const QUERIES = [
    ["GET /loki/api/v1/query_range", "POST /loki/api/v1/query", "GET /loki/api/v1/tail", "GET /loki/api/v1/labels"],
    ["GET /loki/api/v1/rules", "GET /loki/api/v1/rules/a/b", "GET /prometheus/api/v1/rules"],
].flat();
const STATUS = ["GET /", "HEAD /", "GET /stub_status"];
const NOBODYS = [
    ["POST /loki/api/v1/rules/a", "DELETE /loki/api/v1/rules/a/b", "PUT /loki/api/v1/rules", "POST /api/prom/rules/a"],
    ["POST /loki/api/v1/delete", "GET /loki/api/v1/delete", "GET /loki/api/v1/cache/generation_numbers"],
    ["POST /flush", "GET /flush", "GET /ingester/shutdown", "DELETE /ingester/prepare_shutdown"],
    ["POST /ring", "GET /memberlist", "POST /distributor/ring", "GET /config", "POST /log_level", "POST /whatever"],
].flat();

describe("Loki's gateway", () => {
    const { push, query, throughGateway } = PORTS;

    it("takes pushes by one port and queries by another, and says on both that it is there", () => {
        for (const call of PUSHES) {
            equal(takes(push, call), true, call);
            equal(takes(query, call), false, call);
        }
        for (const call of QUERIES) {
            equal(takes(query, call), true, call);
            equal(takes(push, call), false, call);
        }
        for (const call of STATUS) {
            for (const port of [push, query, throughGateway]) equal(takes(port, call), true, `${port} ${call}`);
        }
        for (const call of [...PUSHES, ...QUERIES]) equal(takes(throughGateway, call), true, call);
    });

    it("refuses to write rules, to delete lines and to operate Loki, whoever asks", () => {
        for (const call of NOBODYS) {
            for (const port of [push, query, throughGateway]) equal(takes(port, call), false, `${port} ${call}`);
        }
    });
});

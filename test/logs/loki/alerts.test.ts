import { equal, ok } from "node:assert/strict";
import { lokiRules } from "../../../components/logs/loki/alerts";
import { CANARY_TENANT } from "../../../components/logs/loki/names";

const rule = (name: string) => lokiRules({ replicationFactor: 2 }).find(({ alert }) => alert === name);

describe("loki: alerts", () => {
    it("look for as many ingesters as keep each line", () => {
        ok(rule("ReplicationBelowFactor")?.expr.endsWith("< 2"));
    });

    it("do not take the canary's lines for what people send: it would hide that nothing else arrives", () => {
        ok(rule("LogsIngestionStopped")?.expr.includes(`tenant!="${CANARY_TENANT}"`));
    });

    it("read the routes of queries without those of pushes and of tails, which stay open", () => {
        const [, routes = ""] = /route!~"([^"]+)"/.exec(rule("ReadsFailing")?.expr ?? "") ?? [];
        const left = (route: string) => !new RegExp(`^(${routes})$`).test(route);
        equal(left("loki_api_v1_push"), false);
        equal(left("loki_api_v1_tail"), false);
        equal(left("loki_api_v1_query_range"), true);
    });
});

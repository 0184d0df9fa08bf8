import { callsMap, type Calls } from "../../kubernetes/gateway-calls";
import { PORTS } from "./names";

/** Readiness, and the counts of the exporter beside nginx. */
const STATUS: Calls = [["(GET|HEAD) /(stub_status)?$", "status"]];

const PUSHES: Calls = [["POST /(loki/api/v1/push|api/prom/push|otlp/v1/logs)$", "push"]];

/**
 * Queries, and reading what the rules are. Writing rules and deleting lines is refused, and so are the calls that flush or
 * stop ingesters and forget ring members: whoever operates Loki calls its pods, by `kubectl port-forward`.
 */
const QUERIES: Calls = [
    ["(GET|HEAD) /(loki/api/v1|api/prom)/rules(/|$)", "query"],
    ["[A-Z]+ /(loki/api/v1|api/prom)/(rules|delete|cache|push)(/|$)", "refused"],
    ["[A-Z]+ /(loki/api/v1|api/prom|prometheus/api/v1)/", "query"],
];

/** The canary knows one address for both. */
export const CALLS_MAP = callsMap([
    [PORTS.push, [...STATUS, ...PUSHES]],
    [PORTS.query, [...STATUS, ...QUERIES]],
    [PORTS.throughGateway, [...STATUS, ...PUSHES, ...QUERIES]],
]);

/**
 * Which calls the gateway passes on: pushes, queries, and reading what the rules are. All else is refused, since who may
 * push reaches the same port: writing rules, deleting lines, flushing or stopping ingesters, forgetting ring members.
 * Whoever operates Loki calls its pods, by `kubectl port-forward`.
 *
 * nginx tries the expressions in this order, on the path after it has decoded and normalised it, as its locations do.
 */
const CALLS: readonly (readonly [call: string, refused: 0 | 1])[] = [
    ["^(GET|HEAD) /(loki/api/v1|api/prom)/rules(/|$)", 0],
    ["^[A-Z]+ /(loki/api/v1|api/prom)/(rules|delete|cache)(/|$)", 1],
    ["^[A-Z]+ /(loki/api/v1|api/prom|otlp/v1|prometheus/api/v1)/", 0],
    // Readiness, and the counts of the exporter beside nginx.
    ["^[A-Z]+ /(stub_status)?$", 0],
];

/** For the section `http`. */
export const CALLS_MAP = `map "$request_method $uri" $refused {
    default 1;
${CALLS.map(([call, refused]) => `    "~${call}" ${refused};`).join("\n")}
}
`;

/** For the section `server`: comes before any location is chosen. */
export const REFUSE = `if ($refused) {
    return 403 "this gateway takes pushes and queries\\n";
}
`;

import { TENANT_HEADER } from "../contracts/tenancy";

/**
 * What a call is: of the gateway itself, without a tenant; of a tenant that writes, or that reads; of the platform's own
 * tenant, whom the gateway names; nobody's.
 */
export type Call = "status" | "push" | "query" | "own" | "refused";

/** Calls as `METHOD path`, each a regular expression from its start on, and what they are. The first that fits holds. */
export type Calls = readonly (readonly [call: string, what: Call])[];

/**
 * Letters of a tenant's name in Cortex, Loki and Tempo, and its length. Asked for a name of others Cortex answers remote
 * write with 500 and OTLP with 200, Tempo answers a push without a name with 503: none of it is ever stored, and senders
 * try again without end.
 */
const TENANT = "(?!\\.\\.?$)[a-zA-Z0-9!_.*'()-]{1,150}";

/** Header of the tenant, as nginx names its variable. */
const GIVEN = `$http_${TENANT_HEADER.toLowerCase().replaceAll("-", "_")}`;

/**
 * What a gateway's nginx passes on by the port that a call came in by; all else is refused. Network policies tell ports
 * apart and no calls, so pushes and queries have ports of their own: who may push does not read. `$server_port` is the
 * socket's, whatever a request says. A query may name several tenants, a push one.
 *
 * nginx tries the expressions in this order, on the path after it has decoded and normalised it, as its locations do.
 * @param multitenancy whether the store tells tenants apart, and needs a name.
 * @param together whether it answers a query of several tenants; another would find nothing, without a word.
 * @returns lines for the section `http`.
 */
export function callsMap(
    ports: readonly (readonly [port: number, calls: Calls])[],
    multitenancy = true,
    together = true,
): string {
    const lines = ports.flatMap(([port, calls]) => calls.map(([call, what]) => `    "~^${port} ${call}" ${what};`));
    return `map "$server_port $request_method $uri" $call {
    default refused;
${lines.join("\n")}
}
map "$call ${GIVEN}" $refusal {
    default 400;
    "~^refused " 403;
    "~^${multitenancy ? "(status|own)" : "(status|own|push|query)"} " 0;
    "~^(push|query) $" 401;
    "~^push ${TENANT}$" 0;
    "~^query ${TENANT}${together ? `(\\|${TENANT})*` : ""}$" 0;
}
`;
}

/** For the section `server`: comes before any location is chosen. A client gives up at these codes, as it should. */
export const REFUSE = `if ($refusal = 403) {
    return 403 "this port of the gateway does not take this call\\n";
}
if ($refusal = 401) {
    return 401 "no tenant: the header ${TENANT_HEADER} names one\\n";
}
if ($refusal = 400) {
    return 400 "no tenant's name: letters, digits and !_.*'()- , 150 at most\\n";
}
`;

/** What a ruler asks: it sends no header, so that a path stands for the tenant whose rules it has. */
export function ruleCalls(base: string): Calls {
    return [[`(GET|POST) ${base}/api/v1/(query|query_range)$`, "own"]];
}

/**
 * Those calls, on their way to the store as calls of the tenant. Whoever comes to the port may name any tenant, so that no
 * call is answered here that was not before.
 * @param more headers to set: a location that sets one inherits none.
 */
export function ruleLocation(base: string, tenant: string, target: string, more: readonly string[] = []): string {
    const headers = [`${TENANT_HEADER} "${tenant}"`, ...more].map((each) => `  proxy_set_header ${each};\n`);
    return `location ~ ^${base}/api/v1/(query|query_range)$ {
${headers.join("")}  proxy_pass ${target}/api/v1/$1$is_args$args;
}
`;
}

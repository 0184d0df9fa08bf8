import { accounts } from "./accounts";
import { LOCAL, VMINSERT, VMSELECT, type Use } from "./names";

/** A way that vmauth knows: whole paths, each a regular expression, and what stands before them at the target. */
interface Route {
    readonly src_paths: readonly string[];
    readonly url_prefix: string;
}

export interface RoutesArgs {
    /** One process instead of services: it knows no tenants. */
    readonly single: boolean;
    /** Tenant of the platform itself. */
    readonly tenant: string;
    /** Tenants beside it. */
    readonly tenants: readonly string[];
}

/**
 * What may be asked. Not what tells of other tenants (`status/active_queries`, `status/top_queries`), takes all of a
 * tenant's data at once (`export`), or changes anything.
 */
const QUERIES = ["query", "query_range", "series", "labels", "label/[^/]+/values", "metadata", "format_query"];
/** Grafana asks for these and does without an answer of weight. */
const STUBS = ["query_exemplars", "rules", "alerts", "status/buildinfo"];

function routes(use: Use, account: number | undefined): Route[] {
    const insert = account === undefined ? LOCAL : `${VMINSERT}/insert/${account}`;
    const select = account === undefined ? LOCAL : `${VMSELECT}/select/${account}`;
    if (use === "query") {
        const src_paths = [...QUERIES, ...STUBS].map((path) => `/prometheus/api/v1/${path}`);
        return [{ src_paths, url_prefix: select }];
    }
    return [
        { src_paths: ["/api/v1/write"], url_prefix: account === undefined ? insert : `${insert}/prometheus` },
        { src_paths: ["/opentelemetry/v1/metrics"], url_prefix: insert },
    ];
}

/**
 * What vmauth reads. It takes the tenant's header for the one that shows who somebody is, so that a tenant is a user
 * without a password: a request without a tenant, of one that is not known, or for another path, is answered with 401.
 */
export function vmauthRoutes(use: Use, { single, tenant, tenants }: RoutesArgs): object {
    if (single) return { unauthorized_user: { url_map: routes(use, undefined) } };
    return {
        users: Object.entries(accounts(tenant, tenants)).map(([name, account]) => ({
            name,
            auth_token: name,
            url_map: routes(use, account),
        })),
    };
}

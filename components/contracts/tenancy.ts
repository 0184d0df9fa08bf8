/** HTTP headers by name; none of them is a secret. */
export type Headers = Readonly<Record<string, string>>;

/** How a store tells tenants apart. */
export interface Tenancy {
    /** Tenant of the platform itself. */
    readonly tenant: string;
    /** Whether what tenants send is kept apart; else all of it is one tenant's, whatever a request says. */
    readonly multitenancy: boolean;
    /**
     * What a request of a tenant carries, on pushes and on queries; the same names for every tenant. The tenant's name
     * stands in the values as it is given: a proxy gives a variable in its place.
     */
    readonly headers: (tenant: string) => Headers;
    /** What a query of several tenants at once carries; absent of a store that answers for one at a time. */
    readonly several?: (tenants: readonly string[]) => Headers;
}

/** The header by which stores that began as Cortex, or were made after it, are told the tenant of a request. */
export const TENANT_HEADER = "X-Scope-OrgID";

/** Tenancy by that header. */
export function headerTenancy(tenant: string, multitenancy = true): Tenancy {
    return { tenant, multitenancy, headers: (of) => ({ [TENANT_HEADER]: of }) };
}

/** The same, of a store that answers for several tenants: their names stand in the header with `|` between them. */
export function severalByHeader(tenancy: Tenancy): Tenancy {
    return { ...tenancy, several: (tenants) => tenancy.headers(tenants.join("|")) };
}

/** Of what tells nobody apart: requests carry nothing. */
export function noTenancy(tenant: string): Tenancy {
    return { tenant, multitenancy: false, headers: () => ({}) };
}

/** What a request of a tenant carries to whichever of several stores takes it. */
export function headersOfAll(stores: readonly { readonly tenancy: Tenancy }[], tenant: string): Headers {
    return Object.assign({}, ...stores.map(({ tenancy }) => tenancy.headers(tenant))) as Headers;
}

/** Namespaces of a cluster, whose pods' signals are a tenant's. */
export interface NamespaceTenant {
    readonly tenant: string;
    readonly namespaces: readonly string[];
}

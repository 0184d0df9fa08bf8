/** HTTP headers by name; none of them is a secret. */
export type Headers = Readonly<Record<string, string>>;

/** How a store tells tenants apart. */
export interface Tenancy {
    /** Tenant of the platform itself. */
    readonly tenant: string;
    /** Whether what tenants send is kept apart; else all of it is one tenant's, whatever a request says. */
    readonly multitenancy: boolean;
    /** What a request of a tenant carries, on pushes and on queries. */
    readonly headers: (tenant: string) => Headers;
}

/** Header by which Cortex, Loki and Tempo name the tenant of a request. */
export const TENANT_HEADER = "X-Scope-OrgID";

/** Tenancy by that header. */
export function headerTenancy(tenant: string, multitenancy = true): Tenancy {
    return { tenant, multitenancy, headers: (of) => ({ [TENANT_HEADER]: of }) };
}

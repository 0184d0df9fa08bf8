import { z } from "zod";
import type { LogsTenant } from "../logs/settings";
import type { MetricsTenant } from "../metrics/settings";
import type { NamespaceTenant } from "../contracts/tenancy";
import type { Raw } from "../settings/slice";
import { describe, dnsLabel, text } from "../settings/types";
import type { TracesTenant } from "../traces/settings";
import { storeKindOf, type Store } from "./roles";

/** What a tenant has of its own in each store; the rest is as for all. */
export interface Tenant {
    /** Namespaces of this cluster whose pods' signals are its. */
    readonly namespaces?: readonly string[] | undefined;
    readonly metrics?: MetricsTenant | undefined;
    readonly logs?: LogsTenant | undefined;
    readonly traces?: TracesTenant | undefined;
}

export type TenantsSettings = Readonly<Record<string, Tenant>>;

/** A name is part of a data source's uid, which Grafana takes up to 40 characters of. */
const tenantName = text(/^[A-Za-z0-9_-]{1,30}$/, "a name of at most 30 letters, digits, - and _", "shop");

const namespace = describe(dnsLabel, { example: "shop" });

/**
 * Tenants beside the platform's own, by name: what each may send and how long it is kept, in the words of the stores that
 * are chosen.
 * @param given the settings as they were written.
 */
export function tenantsSchema(given: Raw = {}): z.ZodType<TenantsSettings> {
    const tenant = z.strictObject({
        namespaces: describe(z.array(namespace), {
            description:
                "Namespaces whose pods' lines, scrapes by annotation and pushes to the collectors are this tenant's, whatever they say themselves.",
            allowed: "a list of names of namespaces",
            example: "[shop, shop-staging]",
        }).optional(),
        metrics: storeKindOf("metrics", given).tenant.schema.optional(),
        logs: storeKindOf("logs", given).tenant.schema.optional(),
        traces: storeKindOf("traces", given).tenant.schema.optional(),
    });
    return describe(z.record(tenantName, tenant), {
        allowed: "a map of tenants by name, {} for one with the stores' own limits",
        example: "{ shop: { metrics: { maxSeries: 500000 } } }",
    }) as z.ZodType<TenantsSettings>;
}

/** What each tenant has of its own in one store; empty where that is nothing. */
export type TenantsOf<R extends Store> = Readonly<Record<string, NonNullable<Tenant[R]>>>;

export function tenantsOf<R extends Store>(tenants: TenantsSettings, role: R): TenantsOf<R> {
    return Object.fromEntries(Object.entries(tenants).map(([name, own]) => [name, own[role] ?? {}]));
}

/** Tenants that have namespaces of their own in this cluster, in the order of their names. */
export function namespaceTenants(tenants: TenantsSettings): NamespaceTenant[] {
    return Object.entries(tenants)
        .map(([tenant, { namespaces = [] }]) => ({ tenant, namespaces }))
        .filter(({ namespaces }) => namespaces.length > 0)
        .sort((one, other) => (one.tenant < other.tenant ? -1 : 1));
}

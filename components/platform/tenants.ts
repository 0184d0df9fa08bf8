import { z } from "zod";
import type { LogsTenant } from "../logs/settings";
import type { MetricsTenant } from "../metrics/settings";
import { problem, type SettingsProblem } from "../settings/problem";
import type { Raw } from "../settings/slice";
import { describe } from "../settings/types";
import type { TracesTenant } from "../traces/settings";
import { STORES, storeKindOf, type Store } from "./roles";
import type { Settings } from "./settings";

const EACH = Object.keys(STORES) as Store[];

/** What a tenant has of its own in each store; the rest is as for all. */
export interface Tenant {
    readonly metrics?: MetricsTenant | undefined;
    readonly logs?: LogsTenant | undefined;
    readonly traces?: TracesTenant | undefined;
}

export type TenantsSettings = Readonly<Record<string, Tenant>>;

/**
 * Tenants beside the platform's own, by name: what each may send and how long it is kept, in the words of the stores that
 * are chosen.
 * @param given the settings as they were written.
 */
export function tenantsSchema(given: Raw = {}): z.ZodType<TenantsSettings> {
    const tenant = z.strictObject({
        metrics: storeKindOf("metrics", given).tenant.schema.optional(),
        logs: storeKindOf("logs", given).tenant.schema.optional(),
        traces: storeKindOf("traces", given).tenant.schema.optional(),
    });
    return describe(z.record(z.string(), tenant), {
        allowed: "a map of tenants by name, {} for one with the stores' own limits",
        example: "{ shop: { metrics: { maxSeries: 500000 } } }",
    }) as z.ZodType<TenantsSettings>;
}

/** What each tenant has of its own in one store; empty where that is nothing. */
export type TenantsOf<R extends Store> = Readonly<Record<string, NonNullable<Tenant[R]>>>;

export function tenantsOf<R extends Store>(tenants: TenantsSettings, role: R): TenantsOf<R> {
    return Object.fromEntries(Object.entries(tenants).map(([name, own]) => [name, own[role] ?? {}]));
}

/** A name is part of a data source's uid, which Grafana takes up to 40 characters of. */
const NAME = /^[A-Za-z0-9_-]{1,30}$/;

export function tenantRules(settings: Settings): SettingsProblem[] {
    const known = Object.entries(settings.tenants).flatMap(([name, own]) => [
        ...nameRules(name, settings),
        ...EACH.flatMap((role) => limitRules(name, role, own, settings)),
    ]);
    return [...known, ...clientRules(settings)];
}

function limitRules(name: string, role: Store, own: Tenant, settings: Settings): SettingsProblem[] {
    const limits = own[role];
    if (limits === undefined) return [];
    return storeKindOf(role, settings).tenant.rules(limits, settings[role], `tenants.${name}.${role}`);
}

function nameRules(name: string, settings: Settings): SettingsProblem[] {
    const wrong = (allowed: string, fix: string) => [problem(`tenants.${name}`, name, allowed, fix)];
    if (!NAME.test(name)) return wrong("a name of at most 30 letters, digits, - and _", "write a shorter, plain name");
    if (name === settings.platform.tenant) {
        return wrong(
            "another than the platform's own tenant",
            "set its limits as the stores' own: metrics.limits, logs.limits, traces.limits",
        );
    }
    const use = EACH.map((role) => storeKindOf(role, settings).tenant.reserved?.[name]).find((of) => of !== undefined);
    return use === undefined ? [] : wrong(`another than that of ${use}`, "write another name");
}

/** A client's tenant that is in no list would have neither limits nor a data source: most likely it is misspelt. */
function clientRules({ ingestGateway, tenants, platform }: Settings): SettingsProblem[] {
    const known = [platform.tenant, ...Object.keys(tenants)];
    return ingestGateway.clients.flatMap(({ tenant }, i) =>
        tenant === undefined || known.includes(tenant)
            ? []
            : [
                  problem(
                      `ingestGateway.clients.${i}.tenant`,
                      tenant,
                      `one of ${known.join(", ")}`,
                      `write one of these, or tenants: { ${tenant}: {} }`,
                  ),
              ],
    );
}

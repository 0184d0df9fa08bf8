import { z } from "zod";
import { cortexTenant } from "../metrics/cortex/settings";
import { cortexTenantRules } from "../metrics/cortex/rules";
import { CANARY_TENANT } from "../logs/loki/names";
import { lokiTenantRules } from "../logs/loki/rules";
import { lokiTenant } from "../logs/loki/settings";
import { describe } from "../settings/types";
import { problem, type SettingsProblem } from "../settings/problem";
import type { Settings } from "./settings";
import { tempoTenant, tempoTenantRules } from "../traces/tempo/settings";

const tenant = z.strictObject({
    metrics: cortexTenant.optional(),
    logs: lokiTenant.optional(),
    traces: tempoTenant.optional(),
});

/** Tenants beside the platform's own, by name: what each may send and how long it is kept. */
export const tenantsSettings = describe(z.record(z.string(), tenant), {
    allowed: "a map of tenants by name, {} for one with the stores' own limits",
    example: "{ shop: { metrics: { maxSeries: 500000 } } }",
});

export type TenantsSettings = z.infer<typeof tenantsSettings>;

/** What each tenant has of its own in one kind of store; empty where that is nothing. */
export type TenantsOf<S extends keyof z.infer<typeof tenant>> = Readonly<
    Record<string, NonNullable<z.infer<typeof tenant>[S]>>
>;

export function tenantsOf<S extends keyof z.infer<typeof tenant>>(tenants: TenantsSettings, signal: S): TenantsOf<S> {
    return Object.fromEntries(Object.entries(tenants).map(([name, own]) => [name, own[signal] ?? {}]));
}

/** A name is part of a data source's uid, which Grafana takes up to 40 characters of. */
const NAME = /^[A-Za-z0-9_-]{1,30}$/;

export function tenantRules(settings: Settings): SettingsProblem[] {
    const known = Object.entries(settings.tenants).flatMap(([name, own]) => {
        const path = `tenants.${name}`;
        return [
            ...nameRules(name, settings),
            ...(own.metrics ? cortexTenantRules(own.metrics, settings.cortex, `${path}.metrics`) : []),
            ...(own.logs ? lokiTenantRules(own.logs, settings.loki, `${path}.logs`) : []),
            ...(own.traces ? tempoTenantRules(own.traces, settings.tempo, `${path}.traces`) : []),
        ];
    });
    return [...known, ...clientRules(settings)];
}

function nameRules(name: string, { platform }: Settings): SettingsProblem[] {
    const wrong = (allowed: string, fix: string) => [problem(`tenants.${name}`, name, allowed, fix)];
    if (!NAME.test(name)) return wrong("a name of at most 30 letters, digits, - and _", "write a shorter, plain name");
    if (name === platform.tenant) {
        return wrong(
            "another than the platform's own tenant",
            "set its limits as the stores' own: cortex.limits, loki.limits, tempo.limits",
        );
    }
    if (name === CANARY_TENANT) return wrong("another than that of Loki's canary", "write another name");
    return [];
}

/** A client's tenant that is in no list would have neither limits nor a data source: most likely it is misspelt. */
function clientRules({ outsidePush, tenants, platform }: Settings): SettingsProblem[] {
    const known = [platform.tenant, ...Object.keys(tenants)];
    return outsidePush.clients.flatMap(({ tenant }, i) =>
        tenant === undefined || known.includes(tenant)
            ? []
            : [
                  problem(
                      `outsidePush.clients.${i}.tenant`,
                      tenant,
                      `one of ${known.join(", ")}`,
                      `write one of these, or tenants: { ${tenant}: {} }`,
                  ),
              ],
    );
}

import { clientPlaces } from "../ingest-gateway/settings";
import { problem, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { STORES, storeKindOf, type Store } from "./roles";
import type { Settings } from "./slices";
import type { Tenant } from "./tenants";

const EACH = Object.keys(STORES) as Store[];

export function tenantRules(settings: Settings): SettingsProblem[] {
    return ask(
        () => ownRules(settings),
        () => alikeRules(settings),
        () =>
            Object.keys(settings.tenants).flatMap((name) =>
                ask(
                    () => nameRules(name, settings),
                    ...EACH.map((role) => () => limitRules(name, role, settings.tenants[name] ?? {}, settings)),
                ),
            ),
        () => clientRules(settings),
    );
}

function ownRules(settings: Settings): SettingsProblem[] {
    const { tenant } = settings.platform;
    const use = reservedFor(tenant, settings);
    return use === undefined
        ? []
        : [problem("tenant", tenant, `another than that of ${use}`, "write tenant: <another name>")];
}

/** Tenants that would have each other's data. */
function alikeRules(settings: Settings): SettingsProblem[] {
    const names = Object.keys(settings.tenants);
    return EACH.flatMap((role) =>
        (storeKindOf(role, settings).tenant.alike?.(settings.platform.tenant, names) ?? []).map(([one, other]) =>
            problem(`tenants.${other}`, other, `a name that ${role} tells from ${one}`, "write another name"),
        ),
    );
}

function limitRules(name: string, role: Store, own: Tenant, settings: Settings): SettingsProblem[] {
    const limits = own[role];
    if (limits === undefined) return [];
    return storeKindOf(role, settings).tenant.rules(limits, settings[role], `tenants.${name}.${role}`);
}

function nameRules(name: string, settings: Settings): SettingsProblem[] {
    const wrong = (allowed: string, fix: string) => [problem(`tenants.${name}`, name, allowed, fix)];
    if (name === settings.platform.tenant) {
        return wrong(
            "another than the platform's own tenant",
            "set its limits as the stores' own: metrics.limits, logs.limits, traces.limits",
        );
    }
    const use = reservedFor(name, settings);
    return use === undefined ? [] : wrong(`another than that of ${use}`, "write another name");
}

/** What a store itself uses a tenant of this name for. */
function reservedFor(name: string, settings: Settings): string | undefined {
    return EACH.flatMap((role) => Object.entries(storeKindOf(role, settings).tenant.reserved ?? {})).find(
        ([tenant]) => tenant === name,
    )?.[1];
}

/** A client's tenant that is in no list would have neither limits nor a data source: most likely it is misspelt. */
function clientRules({ ingestGateway, tenants, platform }: Settings): SettingsProblem[] {
    const known = [...new Set([platform.tenant, ...Object.keys(tenants)])];
    return clientPlaces(ingestGateway).flatMap(({ path, client: { tenant } }) =>
        tenant === undefined || known.includes(tenant)
            ? []
            : [
                  problem(
                      `${path}.tenant`,
                      tenant,
                      `one of ${known.join(", ")}`,
                      `write one of these, or tenants: { ${tenant}: {} }`,
                  ),
              ],
    );
}

import { clientPlaces } from "../ingest-gateway/settings";
import { problem, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { ownNamespaces, STORES, storeKindOf, type Store } from "./roles";
import type { Settings } from "./slices";
import { namespaceTenants, type Tenant } from "./tenants";

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
        () => namespaceRules(settings),
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

/** Each tenant with namespaces has queues of its own in every receiver, which share a volume. */
const MOST_WITH_NAMESPACES = 20;

/** Whose a namespace's signals are, in words that destinations can be called by. */
function namespaceRules(settings: Settings): SettingsProblem[] {
    const { tenants, k8sMonitoring } = settings;
    const routed = namespaceTenants(tenants);
    const [first] = routed;
    if (first === undefined) return [];
    const problems: SettingsProblem[] = [];
    const wrong = (path: string, given: unknown, allowed: string, fix: string) => {
        problems.push(problem(path, given, allowed, fix));
    };
    if (routed.length > MOST_WITH_NAMESPACES) {
        const allowed = `at most ${MOST_WITH_NAMESPACES} tenants with namespaces: each has queues of its own`;
        wrong(
            "tenants",
            `${routed.length} tenants with namespaces`,
            allowed,
            "let some push as a tenant by themselves",
        );
    }
    if (k8sMonitoring.tailSampling.enabled) {
        const allowed = "nothing with k8sMonitoring.tailSampling: samplers are one tenant's";
        wrong(
            `tenants.${first.tenant}.namespaces`,
            first.namespaces,
            allowed,
            "remove it, or switch tail sampling off",
        );
    }
    const own = ownNamespaces(settings);
    const owners = new Map<string, string>();
    for (const { tenant, namespaces } of routed) {
        if (!/^[a-z0-9-]+$/.test(tenant)) {
            const allowed = "lower-case letters, digits and dashes, where it has namespaces";
            wrong(`tenants.${tenant}`, tenant, allowed, "write another name");
        }
        namespaces.forEach((namespace, i) => {
            const [path, owner] = [`tenants.${tenant}.namespaces[${i}]`, owners.get(namespace)];
            owners.set(namespace, tenant);
            if (owner !== undefined) wrong(path, namespace, `a namespace that is not ${owner}'s`, "remove one of both");
            if (own.includes(namespace)) {
                wrong(path, namespace, "a namespace that is not the platform's own", "remove it");
            }
        });
    }
    return problems;
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

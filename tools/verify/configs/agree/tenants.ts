import type { ClusterModel } from "../../cluster-model";
import type { Check } from "../../check";
import type { Found } from "../../finding";
import { HEADER, accessesOf, type Access } from "./accesses";
import { configured, storesOf, tenantLimits, type Store } from "./stores";

export const tenants: Check = {
    name: "tenants",
    promise: "Whoever writes to or reads from a store with tenants says whose it is, and what is read has a writer",
    run: (model) => {
        return storesOf(model).flatMap((store) => {
            const own = accessesTo(model, store);
            if (!hasTenants(store)) return unheard(store, own);
            return [
                ...own.filter(({ tenant }) => tenant === undefined).map(nobodys(store)),
                ...unwritten(store, own, tenantLimits(model, store)),
            ];
        });
    },
};

/** Tenants of a store that Grafana's data sources read. */
export function readTenants(model: ClusterModel, store: Store): string[] {
    const read = accessesTo(model, store).flatMap(({ writes, tenant }) => (writes ? [] : (tenant?.split("|") ?? [])));
    return [...new Set(read)].sort();
}

function accessesTo(model: ClusterModel, { namespace }: Store): Access[] {
    return accessesOf(model).filter(({ url }) => isIn(url, namespace));
}

export function hasTenants(store: Store): boolean {
    return configured(store, ...store.tenants) === true;
}

function isIn(url: string, namespace: string | undefined): boolean {
    return (
        namespace !== undefined &&
        new RegExp(`^(?:\\w+://)?[\\w.-]+\\.${namespace}(?:\\.svc[\\w.]*)?(?:[:/]|$)`).test(url)
    );
}

/** A store whose version has tenants unless told otherwise keeps what is written without them as another's, apart from all before. */
function unheard({ object, program, tenants: [key, fallback] }: Store, accesses: readonly Access[]): Found[] {
    const named = [...new Set(accesses.flatMap(({ tenant }) => tenant ?? []))].sort();
    if (!fallback || named.length === 0) return [];
    return [
        {
            object,
            found: `${key} is false; ${accesses.length} users of ${program} name tenants: ${named.join(", ")}`,
            wanted: `${key}: true: without it ${program} hears no tenant, and reads nothing that it kept for one`,
            hint: "the program sets it: something under `values` changes it",
        },
    ];
}

function nobodys(store: Store) {
    return ({ object, part, url }: Access): Found => ({
        object,
        found: `${part}: no ${HEADER} for ${url}`,
        wanted: `the tenant: ${store.program} answers 401 without`,
        hint: `the program hands each user of ${store.program} its tenant: something under \`values\` takes it away`,
    });
}

/** Who sends as a tenant with limits of its own need not be part of the platform. */
function unwritten(store: Store, accesses: readonly Access[], limited: ReturnType<typeof tenantLimits>): Found[] {
    const writers = accesses.flatMap(({ writes, tenant }) => (writes && tenant !== undefined ? [tenant] : []));
    if (writers.length === 0) return [];
    const written = new Set([...writers, ...limited.map(({ tenant }) => tenant)]);
    return accesses.flatMap(({ object, part, writes, tenant }) => {
        // Several tenants are read at once as a|b.
        const lacking = writes ? [] : (tenant?.split("|") ?? []).filter((each) => !written.has(each));
        return lacking.map((each) => ({
            object,
            found: `${part} reads tenant ${each} of ${store.program}`,
            wanted: `a tenant that something writes, or that has limits: ${[...written].sort().join(", ")}`,
            hint: "one setting gives writers and readers their tenant: something under `values` changes it",
        }));
    });
}

import type { Check } from "../check";
import type { Found } from "../finding";
import { hasTenants, readTenants } from "../configs/agree/tenants";
import { storesOf } from "../configs/agree/stores";
import type { Pods } from "../pods";
import { RUNTIME, UNSET } from "../wiring/variables";
import { nameOf, type ClusterModel } from "../cluster-model";
import { callersOf, textsRead } from "./senders";

/**
 * Log shippers and other senders name a tenant each in a form of its own, most of them under such a key. Where there are
 * several, each has to be one that is read.
 */
const TENANT = new RegExp(
    `(?:\\btenant(?:_?id)?|\\bX-Scope-OrgID)["']?\\s*(?:=>|[:=]|\\s)\\s*["']?([\\w.|-]+|[${UNSET.open}${RUNTIME.open}]\\w+)`,
    "gi",
);

export const workloadTenants: Check = {
    name: "tenants-of-senders",
    promise: "Whoever speaks to a store with tenants says one that Grafana reads",
    run: (model) =>
        storesOf(model)
            .filter(hasTenants)
            .flatMap((store) => {
                const known = readTenants(model, store);
                return callersOf(model, store.namespace).flatMap((pods) => judge(model, pods, store.program, known));
            }),
};

function judge(model: ClusterModel, pods: Pods, program: string, known: readonly string[]): Found[] {
    const said = new Set(textsRead(model, pods).flatMap((text) => [...text.matchAll(TENANT)].map(([, name]) => name)));
    const object = nameOf(pods.owner);
    const wanted = `a tenant that a data source reads: ${known.join(", ")}`;
    const hint = `the stack's output tenant; the header is X-Scope-OrgID`;
    if (said.size === 0) return [{ object, found: `says no tenant to ${program}`, wanted, hint }];
    return [...said]
        .filter((name = "") => !name.startsWith(RUNTIME.open) && !known.includes(name))
        .map((name = "") => ({
            object,
            found: name.startsWith(UNSET.open)
                ? `its tenant is in ${name.slice(1)}, which nothing sets`
                : `says tenant ${name} to ${program}`,
            ...{ wanted, hint },
        }));
}

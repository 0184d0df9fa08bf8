import { records, strings } from "../../records";
import type { Check } from "../check";
import type { Found } from "../finding";
import { hasTenants, readTenants } from "../configs/agree/tenants";
import { storesOf } from "../configs/agree/stores";
import type { Pods } from "../pods";
import { resolve } from "../wiring/endpoints";
import { ofContainer } from "../wiring/environment";
import { mentionsOf } from "../wiring/mentions";
import { referencesOfPod } from "../wiring/references";
import { filesOf } from "../wiring/texts";
import { filled, RUNTIME, UNSET } from "../wiring/variables";
import { wiringOf } from "../wiring/wiring";
import { nameOf, type ClusterModel } from "../cluster-model";
import { TENANT_WORKLOADS } from "./manifests";

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

/** Pods of tenant workloads that are told an address in a namespace. */
function callersOf(model: ClusterModel, namespace: string | undefined): Pods[] {
    const callers = mentionsOf(model).flatMap((mention) => {
        const resolved = resolve(wiringOf(model), mention.address, mention.namespace);
        const isCalled =
            resolved.kind === "endpoints" && resolved.endpoints.some(({ pods }) => pods.namespace === namespace);
        return isCalled ? mention.callers.filter(({ owner }) => owner.release === TENANT_WORKLOADS) : [];
    });
    return [...new Set(callers)];
}

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

/** Everything that the pods' containers are told, variables filled in. */
function textsRead(model: ClusterModel, { namespace, spec }: Pods): string[] {
    const files = referencesOfPod(spec)
        .filter(({ path }) => path.startsWith("volume "))
        .flatMap(({ kind, name }) => {
            const object = model.find(kind, namespace, name);
            return [...((object && filesOf(object)) ?? new Map<string, string>()).values()];
        });
    const containers = [...records(spec.initContainers), ...records(spec.containers)];
    return containers.flatMap((container) => {
        const variables = ofContainer(model, namespace, container);
        const values = [...variables.values()].filter((value) => value !== null);
        return [...files, ...strings(container.command), ...strings(container.args), ...values].map((text) =>
            filled(withoutComments(text), (name) => variables.get(name)),
        );
    });
}

function withoutComments(text: string): string {
    return text.replace(/^\s*(#|\/\/).*$/gm, "");
}

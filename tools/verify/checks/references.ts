import type { Check } from "../check";
import { at, record } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Found } from "../finding";
import { FROM_OUTSIDE } from "../program";
import { referencesOf, referencesOfPod, type Reference } from "../wiring/references";
import { filesOf } from "../wiring/texts";
import { nameOf, type ClusterModel } from "../cluster-model";

/** Something that is there although nothing renders it. */
interface Given {
    readonly kind: string;
    /** `NAMESPACE/NAME`; `*` for every namespace. */
    readonly name: string;
    /** Keys that it has, of a Secret or ConfigMap. */
    readonly keys?: readonly string[];
    readonly why: string;
}

const GIVEN: readonly Given[] = [
    { kind: "ServiceAccount", name: "*/default", why: "Kubernetes makes one in each namespace" },
    {
        kind: "ConfigMap",
        name: "*/kube-root-ca.crt",
        keys: ["ca.crt"],
        why: "Kubernetes keeps one in each namespace",
    },
    { kind: "PriorityClass", name: "system-cluster-critical", why: "part of Kubernetes" },
    { kind: "PriorityClass", name: "system-node-critical", why: "part of Kubernetes" },
    { kind: "ClusterRole", name: "cluster-admin", why: "part of Kubernetes" },
    { kind: "ClusterRole", name: "system:auth-delegator", why: "part of Kubernetes" },
    {
        kind: "Secret",
        name: "monitoring/kps-admission",
        keys: ["ca", "cert", "key"],
        why: "the Job kps-admission-create makes it before the release's first install",
    },
    {
        kind: "Secret",
        name: "cnpg-system/cnpg-webhook-cert",
        keys: ["tls.crt", "tls.key"],
        why: "CloudNativePG's operator makes it when it starts",
    },
];

/** Kinds of what others may give a pod. */
const OF_OTHERS = ["Secret", "ConfigMap"];

/** What pods say somebody else gives them: a certificate's issuer, or who runs the platform. */
function fromOutside({ object }: RenderedObject): string[] {
    const names = record(at(object, "spec.template.metadata.annotations"))[FROM_OUTSIDE];
    return typeof names === "string" ? names.split(",") : [];
}

export const references: Check = {
    name: "references",
    promise: "Every Secret, ConfigMap, key, service account, claim, class and Service that something names is there",
    run: (model) => [
        ...model.objects.flatMap((object) => missing(model, nameOf(object), referencesOf(object))),
        ...model.pods.flatMap(({ owner, namespace, spec }) =>
            missing(
                model,
                nameOf(owner),
                referencesOfPod(spec)
                    .filter(({ kind, name }) => !OF_OTHERS.includes(kind) || !fromOutside(owner).includes(name))
                    .map((each) => ({
                        ...each,
                        namespace: each.kind === "PriorityClass" ? undefined : namespace,
                    })),
            ),
        ),
    ],
};

function missing(model: ClusterModel, object: string, all: readonly Reference[]): Found[] {
    return all
        .filter(({ optional }) => !optional)
        .flatMap(({ kind, namespace, name, keys, path }) => {
            const there = keysOf(model, kind, namespace, name);
            const full = namespace === undefined ? name : `${namespace}/${name}`;
            const hint = `${path} of ${object.split("/").at(-1) ?? object} names it`;
            if (there === undefined)
                return [{ object, found: `no ${kind} ${full}`, wanted: "one that is rendered", hint }];
            return keys
                .filter((key) => there !== "any" && !there.includes(key))
                .map((key) => ({
                    object,
                    found: `no key ${key} in ${kind} ${full}`,
                    wanted: there === "any" || there.length === 0 ? "that key" : `one of ${there.join(", ")}`,
                    hint,
                }));
        });
}

/** Keys of what is named, `any` where it has none to ask for; undefined where it is not there. */
function keysOf(
    model: ClusterModel,
    kind: string,
    namespace: string | undefined,
    name: string,
): readonly string[] | "any" | undefined {
    const object = model.find(kind, namespace, name);
    if (object !== undefined) {
        const files = filesOf(object);
        return files === undefined ? "any" : [...files.keys(), ...Object.keys(record(object.binaryData))];
    }
    if (kind === "Secret" && (broughtTo(model).has(`${namespace ?? ""}/${name}`) || isEverywhere(model, name)))
        return "any";
    const names = [name, `*/${name}`, `${namespace ?? ""}/${name}`];
    const given = GIVEN.find((each) => each.kind === kind && names.includes(each.name));
    return given === undefined ? undefined : (given.keys ?? "any");
}

/** Secrets that the settings name since whoever wrote them makes them. */
function broughtTo({ settings }: ClusterModel): Set<string> {
    const { access } = settings.platform;
    const names = [
        ...settings.kubePrometheusStack.prometheus.remoteWrite.flatMap(({ auth }) =>
            auth.kind === "none" ? [] : [auth.secret],
        ),
        ...(access.kind === "ingress" && access.tls.from === "secret" ? [access.tls.secretName] : []),
    ];
    return new Set(names.map((name) => `monitoring/${name}`));
}

/** Whether something else puts this Secret into every namespace. */
function isEverywhere({ settings }: ClusterModel, name: string): boolean {
    const { imagePullSecret: login } = settings.platform;
    return login?.from === "secret" && login.secretName === name;
}

import { record, records, strings } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Check } from "../check";
import type { Found } from "../finding";
import { pullSecretNames } from "../program";
import type { Pods } from "../pods";
import { nameOf, type ClusterModel } from "../cluster-model";

/** Service accounts whose token stands in pods without use, since a chart leaves no choice. */
const UNUSED: Readonly<Record<string, string>> = {
    "minio/minio-sa": "its chart has no value for it; no role is bound to the account",
};

export const accountTokens: Check = {
    name: "account-tokens",
    promise: "A pod holds a token of its service account only where a role is bound to that account",
    run: (model) => model.pods.flatMap((pods) => tokenOf(model, pods)),
};

function tokenOf(model: ClusterModel, pods: Pods): Found[] {
    const { spec, namespace } = pods;
    const account = typeof spec.serviceAccountName === "string" ? spec.serviceAccountName : "default";
    const own = model.find("ServiceAccount", namespace, account)?.automountServiceAccountToken;
    const mounted = (spec.automountServiceAccountToken ?? own ?? true) !== false;
    if (!mounted || `${namespace}/${account}` in UNUSED || isBound(model, namespace, account)) return [];
    return [
        {
            object: nameOf(pods.owner),
            found: `${pods.name} holds a token of ${account}, to which no role is bound`,
            wanted: "automountServiceAccountToken: false",
            hint: "set it on the pod or the service account; whoever takes the pod over takes the token",
        },
    ];
}

function isBound({ ofKind }: ClusterModel, namespace: string, account: string): boolean {
    return [...ofKind("RoleBinding"), ...ofKind("ClusterRoleBinding")].some((binding) =>
        records(binding.object.subjects).some(
            ({ kind, name, namespace: place = binding.namespace }) =>
                kind === "ServiceAccount" && name === account && place === namespace,
        ),
    );
}

/** Roles of charts that may do everything with something, and why that stays. */
const WILDCARDS: Readonly<Record<string, string>> = {
    "ClusterRole/kps-operator": "makes StatefulSets, Secrets and ConfigMaps of names that only the resources tell",
    "ClusterRole/vm-operator": "makes workloads, Secrets and roles of names that only the resources tell",
};

export const roles: Check = {
    name: "roles",
    promise: "No role may do everything, or anything to everything, but those that are named with a reason",
    run: ({ ofKind }) => [...ofKind("Role"), ...ofKind("ClusterRole")].flatMap(wildcards),
};

function wildcards(role: RenderedObject): Found[] {
    const { kind, metadata, rules } = role.object;
    if (`${kind}/${metadata.name}` in WILDCARDS) return [];
    return records(rules).flatMap((rule) => {
        const wide = ["apiGroups", "resources", "verbs", "nonResourceURLs"].filter((key) =>
            strings(rule[key]).includes("*"),
        );
        if (wide.length === 0) return [];
        const what = [rule.apiGroups, rule.resources ?? rule.nonResourceURLs]
            .map((each) => strings(each).join(","))
            .join("/");
        return [
            {
                object: nameOf(role),
                found: `any of ${wide.join(" and of ")} (${what})`,
                wanted: "what it needs, by name",
                hint: "narrow it in the chart's values, or name it with its reason in tools/verify/checks/access.ts",
            },
        ];
    });
}

/** Roles of charts that read Secrets of every namespace, and why that stays. */
const READ_SECRETS: Readonly<Record<string, string>> = {
    "ClusterRole/kps-operator": "mounts what the resources of any namespace refer to",
    "ClusterRole/vm-operator": "copies what the objects of any namespace refer to into vmagent's configuration",
    "ClusterRole/k8s-monitoring-alloy-operator":
        "makes the collectors' releases with their ClusterRoles, which no Role of a namespace could let it",
    "ClusterRole/plugin-barman-cloud":
        "reads the keys of archives in any namespace, and makes no difference between them",
    "ClusterRole/cnpg-cloudnative-pg": "makes and reads the credentials of clusters in any namespace",
};

export const secretReaders: Check = {
    name: "secret-readers",
    promise: "No role reads the Secrets of every namespace, but those that are named with a reason",
    run: ({ ofKind }) =>
        ofKind("ClusterRole")
            .filter(({ object }) => !(`${object.kind}/${object.metadata.name}` in READ_SECRETS))
            .filter(({ object }) =>
                ofKind("ClusterRoleBinding").some((binding) => binds(binding, object.metadata.name)),
            )
            .filter(({ object }) => records(object.rules).some(readsSecrets))
            .map((role) => ({
                object: nameOf(role),
                found: "reads every Secret of the cluster",
                wanted: "what it needs, without Secrets",
                hint: "narrow it in the chart's values, or name it with its reason in tools/verify/checks/access.ts",
            })),
};

function binds({ object }: RenderedObject, role: string): boolean {
    return record(object.roleRef).name === role;
}

function readsSecrets({ apiGroups, resources, verbs, resourceNames }: Record<string, unknown>): boolean {
    const of = (list: unknown, ...any: string[]) => strings(list).some((each) => each === "*" || any.includes(each));
    return (
        of(apiGroups, "") &&
        of(resources, "secrets") &&
        of(verbs, "get", "list", "watch") &&
        strings(resourceNames).length === 0
    );
}

export const images: Check = {
    name: "images",
    promise: "Every image is pinned, and comes from a registry that the stack knows",
    run: (model) =>
        model.pods.flatMap((pods) =>
            [...records(pods.spec.initContainers), ...records(pods.spec.containers)].flatMap(({ image }) =>
                imageProblems(image, model.settings.platform.imageRegistry).map(([found, wanted]) => ({
                    object: nameOf(pods.owner),
                    found,
                    wanted,
                    hint: "set the image in the chart's values",
                })),
            ),
        ),
};

export const imagePulls: Check = {
    name: "image-pulls",
    promise: "Every pod pulls its images with the login that the settings give",
    run: (model) => {
        const [login] = pullSecretNames(model.settings.platform);
        if (login === undefined) return [];
        return model.pods
            .filter((pods) => !loginsOf(model, pods).includes(login))
            .map((pods) => ({
                object: nameOf(pods.owner),
                found: `${pods.name} pulls without ${login}`,
                wanted: `imagePullSecrets: [{ name: ${login} }]`,
                hint: "set it in the chart's values, by the key that the chart has for it",
            }));
    },
};

/** Names of the logins that a pod has, or gets from its service account. */
function loginsOf(model: ClusterModel, { spec, namespace }: Pods): string[] {
    const account = typeof spec.serviceAccountName === "string" ? spec.serviceAccountName : "default";
    const own = records(spec.imagePullSecrets);
    // The account's are given to pods that have none.
    const all = own.length > 0 ? own : records(model.find("ServiceAccount", namespace, account)?.imagePullSecrets);
    return all.map(({ name }) => String(name));
}

const REGISTRIES = ["docker.io", "ghcr.io", "quay.io", "registry.k8s.io"];

function imageProblems(image: unknown, override: string | undefined): [string, string][] {
    if (typeof image !== "string" || image === "") return [["no image", "an image"]];
    const [name = "", digest] = image.split("@");
    const [first = "", ...rest] = name.split("/");
    const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
    const registry = isHost ? first : "docker.io";
    const tag = /:([^/:]+)$/.exec(name)?.[1];
    const allowed = override === undefined ? REGISTRIES : [override.split("/")[0] ?? ""];
    return [
        ...(digest === undefined && (tag === undefined || tag === "latest")
            ? [[image, "a tag that stays, or a digest"] as [string, string]]
            : []),
        ...(allowed.includes(registry) ? [] : [[image, `a registry of ${allowed.join(", ")}`] as [string, string]]),
    ];
}

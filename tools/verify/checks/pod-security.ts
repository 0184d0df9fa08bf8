import { record, records, strings } from "../../records";
import type { Check } from "../check";
import type { Found } from "../finding";
import type { Pods } from "../pods";
import { nameOf, type ClusterModel } from "../cluster-model";
import { containersOf } from "../workloads";

// https://kubernetes.io/docs/concepts/security/pod-security-standards/

const LEVELS = ["privileged", "baseline", "restricted"] as const;
type Level = (typeof LEVELS)[number];
const LABEL = "pod-security.kubernetes.io/enforce";

/** Pods that may do what `baseline` forbids, in a privileged namespace only, and why. */
const PRIVILEGED: Readonly<Record<string, string>> = {
    "node-exporter": "it reads the host's own /proc, /sys and network",
    "k8s-monitoring-alloy-logs": "it reads the logs of all pods from the host, and keeps its place there",
};

export const podSecurity: Check = {
    name: "pod-security",
    promise: "Every namespace enforces a Pod Security level that its pods keep to; privileged are only the named ones",
    run: (model) => [
        ...model.ofKind("Namespace").flatMap(labelled),
        ...model.pods.flatMap((pods) => kept(model, pods)),
    ],
};

function labelled({ object, ...more }: ClusterModel["objects"][number]): Found[] {
    const level = object.metadata.labels?.[LABEL];
    if (LEVELS.some((each) => each === level)) return [];
    const hint = "make it by components/kubernetes/namespace.ts";
    return [
        { object: nameOf({ object, ...more }), found: `${LABEL}: ${String(level)}`, wanted: LEVELS.join(", "), hint },
    ];
}

function kept({ find }: ClusterModel, pods: Pods): Found[] {
    const level = find("Namespace", undefined, pods.namespace)?.metadata.labels?.[LABEL] as Level | undefined;
    const named = pods.name in PRIVILEGED;
    // A namespace that is open for a few is still no place for the others to take more than they need.
    const held = level === "restricted" ? "restricted" : "baseline";
    const broken = [
        ...(level === "privileged" && named ? [] : baseline(pods)),
        ...(held === "restricted" ? restricted(pods) : []),
    ];
    return broken.map((found) => ({
        object: nameOf(pods.owner),
        found: `${pods.name}: ${found}`,
        wanted: `what Pod Security ${held} allows in namespace ${pods.namespace}`,
        hint: "set its security context, see components/kubernetes/pod-security.ts",
    }));
}

const ADDABLE = new Set([
    ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"],
    ...["NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
]);

function baseline(pods: Pods): string[] {
    const { spec } = pods;
    const context = record(spec.securityContext);
    const host = ["hostNetwork", "hostPID", "hostIPC"].filter((key) => spec[key] === true);
    const paths = records(spec.volumes).flatMap(({ hostPath }) =>
        hostPath === undefined ? [] : [record(hostPath).path],
    );
    return [
        ...host,
        ...paths.map((path) => `hostPath ${String(path)}`),
        ...records(context.sysctls).map(({ name }) => `sysctl ${String(name)}`),
        ...unconfined(context, "pod"),
        ...containersOf(pods).flatMap(({ container }) => {
            const own = record(container.securityContext);
            const name = String(container.name);
            const added = strings(record(own.capabilities).add).filter((each) => !ADDABLE.has(each));
            return [
                ...(own.privileged === true ? [`container ${name} privileged`] : []),
                ...added.map((each) => `container ${name} adds ${each}`),
                ...records(container.ports).flatMap(({ hostPort }) =>
                    typeof hostPort === "number" && hostPort > 0 ? [`container ${name} hostPort ${hostPort}`] : [],
                ),
                ...(own.procMount === "Unmasked" ? [`container ${name} procMount Unmasked`] : []),
                ...unconfined(own, `container ${name}`),
            ];
        }),
    ];
}

function unconfined(context: Record<string, unknown>, what: string): string[] {
    return ["seccompProfile", "appArmorProfile"].flatMap((key) =>
        record(context[key]).type === "Unconfined" ? [`${what} ${key} Unconfined`] : [],
    );
}

const VOLUMES = new Set([
    ...[
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ],
]);

function restricted(pods: Pods): string[] {
    const pod = record(pods.spec.securityContext);
    const volumes = records(pods.spec.volumes).flatMap(({ name, ...source }) =>
        Object.keys(source)
            .filter((kind) => !VOLUMES.has(kind) && kind !== "hostPath")
            .map((kind) => `volume ${String(name)} of kind ${kind}`),
    );
    return [
        ...volumes,
        ...(pod.runAsUser === 0 ? ["runAsUser 0"] : []),
        ...containersOf(pods).flatMap(({ container }) => {
            const own = record(container.securityContext);
            const { add, drop } = record(own.capabilities);
            const seccomp = String(record(own.seccompProfile ?? pod.seccompProfile).type);
            const wrong: [boolean, string][] = [
                [own.allowPrivilegeEscalation !== false, "may gain privileges"],
                [(own.runAsNonRoot ?? pod.runAsNonRoot) !== true, "may run as root"],
                [own.runAsUser === 0, "runs as root"],
                [!["RuntimeDefault", "Localhost"].includes(seccomp), "has no seccomp profile"],
                [!strings(drop).includes("ALL"), "does not drop all capabilities"],
                [strings(add).some((each) => each !== "NET_BIND_SERVICE"), "adds capabilities"],
            ];
            return wrong.flatMap(([is, text]) => (is ? [`container ${String(container.name)} ${text}`] : []));
        }),
    ];
}

import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { at, record, records, strings } from "../../../tools/records";
import type { KubernetesObject, RenderedObject } from "../../../tools/render/manifests";
import { madeByOperators } from "../../../tools/verify/operators/operators";
import type { Pods } from "../../../tools/verify/pods";
import { missing } from "../control-plane";

/** What operators make, and which of them are only modelled. */
export interface OperatorsWork {
    /** Sets of pods that they make. */
    readonly pods: readonly Pods[];
    /** Objects in place of what operators would make that do not run here. */
    readonly standIns: readonly RenderedObject[];
    /** For people: which operator runs, and which are modelled. */
    readonly says: string;
}

const PROMETHEUS_OPERATOR = "prometheus-operator";
/** Resources that it acts on. */
const ITS_KINDS = ["Prometheus", "Alertmanager", "ThanosRuler"];
/** Of what operators make beside pods, what decides where pods stand and whether they may be evicted. */
const TELLING = ["PodDisruptionBudget", "ServiceAccount"];

export function operatorsWork(objects: readonly RenderedObject[]): OperatorsWork {
    const real = missing([PROMETHEUS_OPERATOR]).length === 0;
    const modelled = objects.filter(({ object }) => !(real && ITS_KINDS.includes(object.kind)));
    const all = madeByOperators(objects);
    const { pods, objects: beside } = madeByOperators(modelled);
    return {
        pods: instancesAsOne(all.pods),
        standIns: [
            ...beside.filter(({ object }) => TELLING.includes(object.kind)),
            ...instancesAsOne(pods).map(controllerOf),
        ],
        says: real
            ? "the Prometheus operator runs; what Alloy's and PostgreSQL's operators make is modelled"
            : "what the Prometheus, Alloy and PostgreSQL operators make is modelled",
    };
}

/** A PostgreSQL cluster's primary and standbys change roles: where they stand, they are one set. */
function instancesAsOne(pods: readonly Pods[]): Pods[] {
    const instances = pods.filter(({ kind }) => kind === "Instances");
    const owners = [...new Set(instances.map(({ owner }) => owner))];
    const sets = owners.flatMap((owner): Pods[] => {
        const own = instances.filter((each) => each.owner === owner);
        const [first] = own;
        if (first === undefined) return [];
        const labels = Object.fromEntries(
            Object.entries(first.labels).filter(([key, value]) => own.every((each) => each.labels[key] === value)),
        );
        const replicas = own.reduce((sum, each) => sum + (each.replicas ?? 0), 0);
        return [{ ...first, name: owner.object.metadata.name, replicas, labels }];
    });
    return [...pods.filter(({ kind }) => kind !== "Instances"), ...sets];
}

/** A controller that keeps a set of pods there, as its operator would. */
function controllerOf(pods: Pods): RenderedObject {
    const { owner, name, namespace, replicas, labels, annotations, spec, claims } = pods;
    const kind = pods.kind === "Instances" ? "StatefulSet" : pods.kind;
    const object: KubernetesObject = {
        apiVersion: "apps/v1",
        kind,
        metadata: { name },
        spec: {
            selector: { matchLabels: labels },
            template: { metadata: { labels, annotations }, spec: { ...spec, volumes: withoutClaims(pods) } },
            ...(kind !== "DaemonSet" && { replicas }),
            ...(kind === "StatefulSet" && {
                serviceName: name,
                podManagementPolicy: "Parallel",
                volumeClaimTemplates: claims,
            }),
        },
    };
    return { release: owner.release, namespace, hook: undefined, object };
}

/** The controller adds the volumes of claims itself. */
function withoutClaims({ spec, claims }: Pods): Record<string, unknown>[] {
    const names = claims.map((claim) => at(claim, "metadata.name"));
    return records(spec.volumes).filter(({ name }) => !names.includes(name));
}

/**
 * Runs the Prometheus operator beside the cluster, with the arguments and the rights that the chart gives it.
 * @returns a function that ends it; where it is not on PATH nothing is started.
 */
export function startPrometheusOperator(
    objects: readonly RenderedObject[],
    kubeconfig: string,
    folder: string,
): () => void {
    if (missing([PROMETHEUS_OPERATOR]).length > 0) return () => undefined;
    const deployment = objects.find(({ object }) => {
        const [container] = containersOf(object);
        return object.kind === "Deployment" && strings(container?.args).some((arg) => arg.includes("config-reloader="));
    });
    if (deployment === undefined) throw new Error("the stack has no Prometheus operator");
    const { serviceAccountName } = record(at(deployment.object, "spec.template.spec"));
    const given = containersOf(deployment.object).flatMap(({ args }) => strings(args));
    const log = openSync(join(folder, `${PROMETHEUS_OPERATOR}.log`), "a");
    const own = [
        `--as=system:serviceaccount:${deployment.namespace ?? ""}:${String(serviceAccountName)}`,
        "--web.enable-tls=false",
        "--web.listen-address=127.0.0.1:0",
    ];
    const args = [...given.filter((arg) => !arg.startsWith("--web.")), ...own];
    const child = spawn(PROMETHEUS_OPERATOR, args, {
        env: { ...process.env, KUBECONFIG: kubeconfig },
        stdio: ["ignore", log, log],
    });
    closeSync(log);
    return () => {
        child.kill("SIGKILL");
    };
}

function containersOf(object: KubernetesObject): Record<string, unknown>[] {
    return records(at(object, "spec.template.spec.containers"));
}

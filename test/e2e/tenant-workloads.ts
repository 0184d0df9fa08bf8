import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { placed, type KubernetesObject, type RenderedObject } from "../../tools/render/manifests";
import { TENANT_WORKLOADS } from "../../tools/verify/with/manifests";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { INGEST_LABEL } from "../../components/kubernetes/access-labels";
import { madeByProgram } from "../fixtures/example-program";
import { lokiVariables, POD_VARIABLES, LOG_SHIPPERS } from "../fixtures/shippers";

/** What uses the platform: an example as a team would install it beside a stack. */
export interface Example {
    readonly name: string;
    readonly objects: (stack: ClusterModel) => Promise<KubernetesObject[]>;
}

/** An example's objects beside a stack, after a change. */
export async function tenantWorkloadsOf(
    { objects }: Example,
    stack: ClusterModel,
    change: (objects: KubernetesObject[]) => void = () => undefined,
): Promise<RenderedObject[]> {
    const all = structuredClone(await objects(stack));
    change(all);
    return placed(TENANT_WORKLOADS, "default", all);
}

export const APPLICATION: Example = {
    name: "the application",
    objects: ({ plan }) => madeByProgram(plan.outputs),
};

export const SHIPPERS: readonly Example[] = [
    ...["daemon.yaml", "sidecar.conf"].map((file) =>
        shipper("docker.io/fluent/fluent-bit:4.1.1", `fluent-bit/${file}`),
    ),
    ...["daemon.conf", "sidecar.conf"].map((file) => shipper("docker.io/fluent/fluentd:v1.19.1", `fluentd/${file}`)),
    ...["daemon.yaml", "sidecar.yaml"].map((file) => shipper("docker.io/grafana/promtail:3.5.8", `promtail/${file}`)),
    ...["daemon.conf", "sidecar.conf"].map((file) => shipper("docker.io/library/logstash:9.2.1", `logstash/${file}`)),
];

/** The pods that the examples' README describes around a shipper's configuration. */
function shipper(image: string, file: string): Example {
    const [name = ""] = file.split("/");
    const labels = { app: name };
    const env = Object.entries(POD_VARIABLES).map(([variable, value]) => ({ name: variable, value }));
    const container = {
        ...{ name, image, env },
        envFrom: [{ configMapRef: { name: "loki" } }],
        volumeMounts: [{ name: "config", mountPath: "/etc/shipper" }],
    };
    return {
        name: file,
        objects: ({ plan }) =>
            Promise.resolve([
                { apiVersion: "v1", kind: "Namespace", metadata: { name: "shippers", labels: PRIVILEGED } },
                given("ConfigMap", "loki", { data: lokiVariables(plan.outputs) }),
                given("ConfigMap", name, { data: { [file]: readFileSync(resolve(LOG_SHIPPERS, file), "utf8") } }),
                {
                    ...given("DaemonSet", name, {
                        spec: {
                            selector: { matchLabels: labels },
                            template: {
                                metadata: { labels },
                                spec: {
                                    automountServiceAccountToken: false,
                                    containers: [container],
                                    volumes: [{ name: "config", configMap: { name } }],
                                },
                            },
                        },
                    }),
                    apiVersion: "apps/v1",
                },
            ]),
    };
}

const PRIVILEGED = { ...INGEST_LABEL, "pod-security.kubernetes.io/enforce": "baseline" };

function given(kind: string, name: string, more: Record<string, unknown>): KubernetesObject {
    return { apiVersion: "v1", kind, metadata: { name, namespace: "shippers" }, ...more };
}

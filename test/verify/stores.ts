import { stringify } from "yaml";

export type Config = Record<string, unknown>;

/** A ConfigMap with one file, and a workload for each target that mounts and reads it. */
export function program(
    image: string,
    file: string,
    text: string,
    targets: Record<string, number> = { all: 1 },
): string {
    const name = image.replace(/^.*\/|:.*$/g, "");
    const holder = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { [file]: text } };
    const workloads = Object.entries(targets).map(([target, replicas]) => ({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: `${name}-${target}` },
        spec: {
            replicas,
            template: {
                spec: {
                    containers: [
                        {
                            name,
                            image,
                            args: [`-target=${target}`, `-config.file=/etc/${name}/${file}`],
                            volumeMounts: [{ name: "config", mountPath: `/etc/${name}` }],
                        },
                    ],
                    volumes: [{ name: "config", configMap: { name } }],
                },
            },
        },
    }));
    return documents(holder, ...workloads);
}

export function cortex(config: Config, targets?: Record<string, number>): string {
    return program("quay.io/cortexproject/cortex:v1.21.1", "cortex.yaml", stringify(config), targets);
}

export function loki(config: Config, targets?: Record<string, number>): string {
    return program("docker.io/grafana/loki:3.7.6", "config.yaml", stringify(config), targets);
}

export function tempo(config: Config, targets?: Record<string, number>): string {
    return program("docker.io/grafana/tempo:2.10.8", "tempo.yaml", stringify(config), targets);
}

/** An Alloy with its configuration, as the collectors' chart leaves both to the operator. */
export function alloy(config: string): string {
    return documents(
        { apiVersion: "collectors.grafana.com/v1alpha1", kind: "Alloy", metadata: { name: "collector" }, spec: {} },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "collector" }, data: { "config.alloy": config } },
    );
}

export function alertmanager(config: Config, spec: Config = {}): string {
    return documents(
        {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "Alertmanager",
            metadata: { name: "a" },
            spec: { configSecret: "routes", ...spec },
        },
        {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "routes" },
            stringData: { "alertmanager.yaml": stringify(config) },
        },
    );
}

export function prometheus(spec: Config): string {
    return documents({ apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus", metadata: { name: "p" }, spec });
}

export function documents(...objects: Config[]): string {
    return objects.map((each) => `---\n${stringify(each)}`).join("");
}

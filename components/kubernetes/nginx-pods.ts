import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformSettings } from "../settings/platform";
import { pullSecrets } from "./image-pull";
import { hostAntiAffinity, zoneSpread, type Alike } from "./placement";
import { restrictedContainer, restrictedPod } from "./pod-security";
import { PATIENT } from "./probes";
import type { Resources } from "./resources";

/** The image that Loki's gateway runs too. */
const IMAGE = "nginxinc/nginx-unprivileged:1.31-alpine";
/** User of the image. */
const NGINX_USER = 101;
const CONFIGURATION_DIRECTORY = "/etc/nginx";
const CONFIGURATION_VOLUME = "configuration";

/** Where the image's start script writes what it made of templates. */
export const RESOLVER_DIRECTORY = "/tmp";

/** Annotation of pods: Secrets and ConfigMaps that they wait for and that the platform does not make, as `verify` is to know. */
export const FROM_OUTSIDE = "observability-platform/secrets-from-outside";

/** The folder whose scripts the image runs, or sources where they end in `.envsh`, before it starts. */
const START_DIRECTORY = "/docker-entrypoint.d";

/** A gateway of the program's own, beside those that charts make. */
export interface NginxPods {
    /** Of the ConfigMap that holds `nginxFiles`. */
    readonly name: string;
    readonly alike: Alike;
    readonly replicas: number;
    /** The configuration. A changed one rolls the pods. */
    readonly config: string;
    /** Ports by name, the one that answers `/healthz` first. */
    readonly ports: Readonly<Record<string, number>>;
    readonly resources: Resources;
    readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Files beside the configuration, which hold for as long; a changed one rolls the pods too. */
    readonly files?: Readonly<Record<string, string>>;
    /** Containers beside nginx, by the name of the volume with its configuration and those files. */
    readonly beside?: (configuration: string) => readonly k8s.types.input.core.v1.Container[];
    /** Secrets that it reads, and where. */
    readonly secrets?: readonly MountedSecret[];
    /** ConfigMaps that it reads, and where. */
    readonly configMaps?: readonly {
        readonly name: string;
        readonly configMapName: string;
        readonly mountPath: string;
    }[];
    /** Of these, what the platform does not make. */
    readonly fromOutside?: readonly string[];
    /** One of the files, which the image sources before it fills templates (`*.template`), for them to have what it exports. */
    readonly startScript?: string;
}

interface MountedSecret {
    readonly name: string;
    readonly secretName: string;
    readonly mountPath: string;
    /** Keys that are mounted; all where none are named. */
    readonly keys?: readonly string[];
}

/** What the pods find among their configuration: itself, and a template that the image's start script fills with the cluster's DNS servers. */
function nginxFiles({ config, files }: Pick<NginxPods, "config" | "files">): Record<string, string> {
    return {
        ...files,
        "nginx.conf": config,
        "resolver.conf.template": "resolver ${NGINX_LOCAL_RESOLVERS} valid=15s;\n",
    };
}

/** A configuration around what its section `http` has of its own: every path that nginx writes is below /tmp. */
export function nginxConfig(http: string): string {
    return `pid /tmp/nginx.pid;
error_log /dev/stderr;

events {
    worker_connections 4096;
}

http {
    client_body_temp_path /tmp/client;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;

    # An address anew within seconds: a Service may have been made again.
    include ${RESOLVER_DIRECTORY}/resolver.conf;

${http}}
`;
}

/** Where its objects stand, and what its pods wait for beside what `opts` says. */
export interface NginxPlace {
    readonly namespace: string;
    readonly after?: readonly pulumi.Resource[];
}

/** The gateway's ConfigMap, its Deployment, and a budget where it has several pods. Services are whose it is. */
export function nginxDeployment(
    platform: PlatformSettings,
    pods: NginxPods,
    { namespace, after = [] }: NginxPlace,
    opts: Omit<pulumi.CustomResourceOptions, "dependsOn"> & { readonly dependsOn: pulumi.Resource[] },
): k8s.apps.v1.Deployment {
    const { name, replicas } = pods;
    const labels = { ...pods.alike.labels };
    const metadata = { name, namespace, labels };
    const files = new k8s.core.v1.ConfigMap(name, { metadata, data: nginxFiles(pods) }, opts);
    if (replicas > 1) {
        new k8s.policy.v1.PodDisruptionBudget(
            name,
            { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
            opts,
        );
    }
    return new k8s.apps.v1.Deployment(
        name,
        { metadata, spec: nginxSpec(platform, pods) },
        { ...opts, dependsOn: [...opts.dependsOn, files, ...after] },
    );
}

/** The Deployment's spec. Pure. */
export function nginxSpec(platform: PlatformSettings, pods: NginxPods): k8s.types.input.apps.v1.DeploymentSpec {
    const { alike, replicas, annotations, secrets = [], configMaps = [], fromOutside = [] } = pods;
    const labels = { ...alike.labels };
    const spread = zoneSpread(alike, platform.survives);
    const affinity = hostAntiAffinity(labels, platform.survives);
    return {
        replicas,
        selector: { matchLabels: labels },
        // Hosts apart and no host to spare: a pod more would wait for ever.
        strategy: {
            rollingUpdate: replicas > 1 ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 },
        },
        template: {
            metadata: {
                labels,
                annotations: {
                    "observability-platform/configuration": digest(pods),
                    ...(fromOutside.length > 0 && { [FROM_OUTSIDE]: fromOutside.join(",") }),
                    ...annotations,
                },
            },
            spec: {
                ...platform.scheduling,
                ...pullSecrets(platform),
                ...(affinity && { affinity }),
                ...(spread && { topologySpreadConstraints: spread }),
                automountServiceAccountToken: false,
                // Services of the namespace are no business of nginx' environment, which its template is filled from.
                enableServiceLinks: false,
                securityContext: restrictedPod(NGINX_USER),
                containers: [
                    container(platform.imageRegistry ?? "docker.io", pods),
                    ...(pods.beside?.(CONFIGURATION_VOLUME) ?? []),
                ],
                volumes: [
                    {
                        name: CONFIGURATION_VOLUME,
                        // The image passes over a script that may not be run.
                        configMap: { name: pods.name, ...(pods.startScript && { defaultMode: 0o555 }) },
                    },
                    ...secrets.map(({ name, secretName, keys }) => ({
                        name,
                        secret: { secretName, ...(keys && { items: keys.map((key) => ({ key, path: key })) }) },
                    })),
                    ...configMaps.map(({ name, configMapName }) => ({ name, configMap: { name: configMapName } })),
                    { name: "tmp", emptyDir: {} },
                ],
            },
        },
    };
}

/** Of all that the pods have read when they are there. */
function digest({ config, files = {} }: NginxPods): string {
    const hash = createHash("sha256").update(config);
    for (const text of Object.values(files)) hash.update(text);
    return hash.digest("hex");
}

function container(
    registry: string,
    { ports, resources, secrets = [], configMaps = [], startScript }: NginxPods,
): k8s.types.input.core.v1.Container {
    const [health] = Object.values(ports);
    if (health === undefined) throw new Error("A gateway without a port.");
    const probe = { httpGet: { path: "/healthz", port: health }, periodSeconds: 5 };
    return {
        name: "nginx",
        image: `${registry}/${IMAGE}`,
        env: [
            { name: "NGINX_ENTRYPOINT_LOCAL_RESOLVERS", value: "1" },
            { name: "NGINX_ENVSUBST_TEMPLATE_DIR", value: CONFIGURATION_DIRECTORY },
            { name: "NGINX_ENVSUBST_OUTPUT_DIR", value: RESOLVER_DIRECTORY },
        ],
        ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
        readinessProbe: probe,
        livenessProbe: { ...probe, ...PATIENT, periodSeconds: 10 },
        // Endpoints forget it before nginx stops.
        lifecycle: { preStop: { sleep: { seconds: 10 } } },
        resources,
        securityContext: restrictedContainer(),
        volumeMounts: [
            { name: CONFIGURATION_VOLUME, mountPath: CONFIGURATION_DIRECTORY, readOnly: true },
            ...[...secrets, ...configMaps].map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
            ...(startScript
                ? [
                      {
                          name: CONFIGURATION_VOLUME,
                          mountPath: `${START_DIRECTORY}/${startScript}`,
                          subPath: startScript,
                          readOnly: true,
                      },
                  ]
                : []),
            // Bodies that do not fit into memory, the process id, and what the start script writes.
            { name: "tmp", mountPath: "/tmp" },
        ],
    };
}

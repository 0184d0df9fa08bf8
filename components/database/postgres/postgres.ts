import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { Database } from "../../contracts/database";
import { grantOf, type ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { password, secret } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { networkPolicies } from "../../kubernetes/network-policies";
import { completed, type Given } from "../../settings/complete";
import type { PlatformSettings } from "../../settings/platform";
import { archiving, baseBackups } from "./archiving";
import { cloudnativePgChart } from "./chart";
import { buildCluster, buildOperatorPodMonitor, buildPodMonitor } from "./cluster";
import { databaseNetwork, operatorNetwork } from "./network-policies";
import {
    CLUSTER,
    DATABASE,
    DATABASE_NAMESPACE,
    OPERATOR_LABELS,
    OPERATOR_NAMESPACE,
    OPERATOR_RELEASE,
    OWNER_SECRET,
    PORTS,
} from "./names";
import { postgresKind } from "./kind";
import type { PostgresSettings } from "./settings";
import { buildOperatorValues } from "./values";

export interface PostgresArgs {
    readonly platform: PlatformSettings;
    readonly settings: PostgresSettings;
    /** The definition of PodMonitor. The operator does not wait for it, since much waits for the operator. */
    readonly monitoringCrds: pulumi.Resource[];
    /** Keeps the archive, where there is one. */
    readonly objectStore: ObjectStore;
}

/** Grafana's database: a PostgreSQL cluster and the operator that runs it. */
export class Postgres extends pulumi.ComponentResource implements Database {
    readonly host = `${CLUSTER}-rw.${DATABASE_NAMESPACE}.svc.cluster.local`;
    readonly port = PORTS.postgres;
    readonly name = DATABASE;
    readonly user = DATABASE;
    readonly password: pulumi.Output<string>;
    readonly rotation: number;
    readonly peer: Endpoint = { namespace: DATABASE_NAMESPACE, podPort: PORTS.postgres };
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<PostgresArgs, "monitoringCrds">, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<PostgresArgs, "monitoringCrds">("database", postgresKind, given, { monitoringCrds: [] });
        super("observability:database:Postgres", name, {}, opts);
        const operator = this.operator(args);

        const { platform, settings, objectStore } = args;
        const { backup } = settings;
        const namespace = systemNamespace(
            {
                name: DATABASE_NAMESPACE,
                podSecurity: { level: "restricted" },
                holdsData: platform.protectData,
                platform,
            },
            { parent: this },
        );
        const inNamespace = { parent: this, dependsOn: [namespace] };
        const policies = networkPolicies(databaseNetwork(platform, backup && objectStore), inNamespace);

        this.rotation = settings.rotation;
        this.password = password("postgres-owner", settings.rotation, { parent: this });
        const owner = secret(
            OWNER_SECRET,
            {
                name: OWNER_SECRET,
                namespace: DATABASE_NAMESPACE,
                type: "kubernetes.io/basic-auth",
                // The operator watches Secrets with this label, and gives the role its new password.
                labels: { "cnpg.io/reload": "true" },
                data: { username: DATABASE, password: this.password },
            },
            inNamespace,
        );
        const monitors = [
            this.podMonitor(`${CLUSTER}-monitor`, buildPodMonitor(), [namespace, ...args.monitoringCrds]),
            this.podMonitor(`${OPERATOR_RELEASE}-monitor`, buildOperatorPodMonitor(), [
                ...operator,
                ...args.monitoringCrds,
            ]),
        ];
        const after = [...operator, namespace];
        const grant = backup && grantOf(objectStore, "database", [backup.bucket]);
        const archive =
            backup && grant ? archiving({ platform, settings, backup, grant, objectStore, after }, this) : [];
        const cluster = new k8s.apiextensions.CustomResource(
            CLUSTER,
            { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", ...buildCluster({ platform, settings, grant }) },
            {
                parent: this,
                // An operator that has just become ready may not yet be reached by the API server, which then refuses the
                // cluster; the object store, which takes minutes anyway, covers the gap.
                dependsOn: [namespace, ...policies, owner, ...operator, ...archive, ...objectStore.ready],
                // The volumes belong to the cluster and go with it.
                protect: platform.protectData,
                // Instances join one after another, each with a copy of the primary.
                customTimeouts: { create: "15m", update: "15m" },
            },
        );
        this.ready = [cluster, ...monitors, ...(backup ? [baseBackups(backup, cluster, this)] : [])];
        // The password is in the Secret alone.
        const { host, port, name: database, user } = this;
        this.registerOutputs({ host, port, name: database, user });
    }

    private podMonitor(name: string, monitor: object, dependsOn: pulumi.Resource[]): pulumi.Resource {
        const kind = { apiVersion: "monitoring.coreos.com/v1", kind: "PodMonitor" };
        return new k8s.apiextensions.CustomResource(name, { ...kind, ...monitor }, { parent: this, dependsOn });
    }

    private operator({ platform, settings }: PostgresArgs): pulumi.Resource[] {
        const namespace = systemNamespace(
            { name: OPERATOR_NAMESPACE, podSecurity: { level: "restricted" }, holdsData: false, platform },
            { parent: this },
        );
        const inNamespace = { parent: this, dependsOn: [namespace] };
        const policies = networkPolicies(operatorNetwork(platform), inNamespace);
        const release = chartRelease(
            OPERATOR_RELEASE,
            {
                release: OPERATOR_RELEASE,
                namespace: OPERATOR_NAMESPACE,
                pin: cloudnativePgChart,
                values: buildOperatorValues({ platform, settings }),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                timeout: 900,
                protectData: platform.protectData,
            },
            { parent: this, dependsOn: [namespace, ...policies] },
        );
        if (settings.replicas.operator === 1) return [release];
        // The chart has no budget of its own.
        const budget = new k8s.policy.v1.PodDisruptionBudget(
            OPERATOR_RELEASE,
            {
                metadata: { name: OPERATOR_RELEASE, namespace: OPERATOR_NAMESPACE },
                spec: { maxUnavailable: 1, selector: { matchLabels: OPERATOR_LABELS } },
            },
            inNamespace,
        );
        return [release, budget];
    }
}

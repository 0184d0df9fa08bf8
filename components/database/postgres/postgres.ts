import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { Database } from "../../contracts/database";
import { grantOf, type BucketGrant, type ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { password, secret } from "../../kubernetes/credentials";
import { systemNamespace } from "../../kubernetes/namespace";
import { addedPolicies, networkPolicies } from "../../kubernetes/network-policies";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";
import type { PlatformSettings } from "../../settings/platform";
import { archiving, archivingPlugin, baseBackups } from "./archiving";
import { cloudnativePgChart } from "./chart";
import { buildCluster, buildOperatorPodMonitor, buildPodMonitor } from "./cluster";
import { databaseNetwork, fromErrors, operatorNetwork } from "./network-policies";
import {
    CLUSTERS,
    DATABASE_NAMESPACE,
    OPERATOR_LABELS,
    OPERATOR_NAMESPACE,
    OPERATOR_RELEASE,
    PORTS,
    type Use,
} from "./names";
import { postgresKind } from "./kind";
import { clusterSettings, type PostgresSettings } from "./settings";
import { buildOperatorValues } from "./values";

export interface PostgresArgs {
    readonly platform: PlatformSettings;
    readonly settings: PostgresSettings;
    /** The definition of PodMonitor. The operator does not wait for it, since much waits for the operator. */
    readonly monitoringCrds: pulumi.Resource[];
    /** Keeps the archive, where there is one; undefined where a stack has none, and so no archive. */
    readonly objectStore: ObjectStore;
    /** What the cluster is for. */
    readonly use: Use;
    /** The cluster beside it, which has brought the operator and all that is there once; undefined for the first. */
    readonly beside: Database | undefined;
    /** Namespace of who keeps errors in it. */
    readonly usedFrom: string | undefined;
}

type Optional = "monitoringCrds" | "use" | "beside" | "usedFrom";

/** A PostgreSQL cluster, Grafana's or that of errors; the first of them brings the operator that runs both. */
export class Postgres extends pulumi.ComponentResource implements Database {
    readonly host: string;
    readonly port = PORTS.postgres;
    readonly name: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    readonly rotation: number;
    readonly peer: Endpoint = { namespace: DATABASE_NAMESPACE, podPort: PORTS.postgres };
    readonly base: pulumi.Resource[];
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<PostgresArgs, Optional>, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<PostgresArgs, Optional>(
            "database",
            postgresKind,
            given,
            { monitoringCrds: [], use: "grafana", beside: undefined, usedFrom: undefined },
            { objectStore: NEEDED.objectStore },
        );
        super("observability:database:Postgres", name, {}, opts);
        const { platform, objectStore, use, usedFrom } = args;
        const names = CLUSTERS[use];
        this.host = `${names.cluster}-rw.${DATABASE_NAMESPACE}.svc.cluster.local`;
        this.name = names.database;
        this.user = names.database;
        const settings = clusterSettings(args.settings, use);
        const { backup } = settings;
        const grant = backup && grantOf(objectStore, "database", [backup.bucket]);
        this.base = args.beside?.base ?? this.once(args, grant);
        const inNamespace = { parent: this, dependsOn: this.base };
        const policies =
            usedFrom === undefined
                ? []
                : addedPolicies(
                      { namespace: DATABASE_NAMESPACE, cluster: platform, ingress: [fromErrors(usedFrom)] },
                      inNamespace,
                  );

        this.rotation = settings.rotation;
        this.password = password(names.password, settings.rotation, { parent: this });
        const owner = secret(
            names.ownerSecret,
            {
                name: names.ownerSecret,
                namespace: DATABASE_NAMESPACE,
                type: "kubernetes.io/basic-auth",
                // The operator watches Secrets with this label, and gives the role its new password.
                labels: { "cnpg.io/reload": "true" },
                data: { username: this.user, password: this.password },
            },
            inNamespace,
        );
        const monitor = this.podMonitor(`${names.cluster}-monitor`, buildPodMonitor(use), [
            ...this.base,
            ...args.monitoringCrds,
        ]);
        const archive =
            backup && grant ? [archiving({ backup, grant, objectStore, after: this.base }, names, this)] : [];
        const cluster = new k8s.apiextensions.CustomResource(
            names.cluster,
            {
                apiVersion: "postgresql.cnpg.io/v1",
                kind: "Cluster",
                ...buildCluster({ platform, settings, use, grant }),
            },
            {
                parent: this,
                // An operator that has just become ready may not yet be reached by the API server, which then refuses the
                // cluster; the object store, which takes minutes anyway, covers the gap.
                dependsOn: [...this.base, ...policies, owner, ...archive, ...objectStore.ready],
                // The volumes belong to the cluster and go with it.
                protect: platform.protectData,
                // Instances join one after another, each with a copy of the primary.
                customTimeouts: { create: "15m", update: "15m" },
            },
        );
        this.ready = [cluster, monitor, ...(backup ? [baseBackups(backup, names, cluster, this)] : [])];
        // The password is in the Secret alone.
        const { host, port, name: database, user } = this;
        this.registerOutputs({ host, port, name: database, user });
    }

    /** What is there once: the operator, the namespace of the instances, and what archives them. */
    private once(args: PostgresArgs, grant: BucketGrant | undefined): pulumi.Resource[] {
        const { platform, settings, objectStore, monitoringCrds } = args;
        const operator = this.operator(args);
        const namespace = systemNamespace(
            {
                name: DATABASE_NAMESPACE,
                podSecurity: { level: "restricted" },
                holdsData: platform.protectData,
                platform,
            },
            { parent: this },
        );
        const policies = networkPolicies(databaseNetwork(platform, grant && objectStore), {
            parent: this,
            dependsOn: [namespace],
        });
        this.podMonitor(`${OPERATOR_RELEASE}-monitor`, buildOperatorPodMonitor(), [...operator, ...monitoringCrds]);
        const after = [...operator, namespace];
        const { backup } = settings;
        const plugin =
            backup && grant ? archivingPlugin({ platform, settings, backup, grant, objectStore, after }, this) : [];
        return [namespace, ...policies, ...operator, ...plugin];
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

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DASHBOARDS_FROM } from "../contracts/datasources";
import type { System } from "../contracts/system";
import { MONITORING } from "../kubernetes/namespaces";
import { builtDashboards } from "./catalogue";

/** Folder in Grafana. The charts' own dashboards are in others. */
const FOLDER = "Platform";

export interface DashboardsArgs {
    readonly systems: readonly System[];
    /** The namespace of Grafana, whose sidecar reads those of every namespace. */
    readonly namespace: pulumi.Resource;
    /** What goes first: pages are half of a stack's state, and the engine writes all of it down at each step after them. */
    readonly after: pulumi.Resource[];
}

/** The platform's own dashboards: a ConfigMap for each, which Grafana's sidecar finds by its label. */
export class Dashboards extends pulumi.ComponentResource {
    /** By which Grafana knows the dashboards, and links name them. */
    readonly uids: readonly string[];

    constructor(name: string, args: DashboardsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("observability:dashboards:Dashboards", name, {}, opts);
        const dashboards = builtDashboards(args.systems);
        for (const { uid, json } of dashboards) {
            new k8s.core.v1.ConfigMap(
                `dashboard-${uid}`,
                {
                    metadata: {
                        name: `dashboard-${uid}`,
                        namespace: MONITORING,
                        labels: {
                            [DASHBOARDS_FROM.label]: DASHBOARDS_FROM.labelValue,
                            "app.kubernetes.io/part-of": "observability-platform",
                        },
                        annotations: { [DASHBOARDS_FROM.folderAnnotation]: FOLDER },
                    },
                    data: { [`${uid}.json`]: JSON.stringify(json) },
                },
                { parent: this, dependsOn: [args.namespace, ...args.after] },
            );
        }
        this.uids = dashboards.map(({ uid }) => uid);
        this.registerOutputs({ uids: this.uids });
    }
}

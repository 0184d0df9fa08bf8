import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DASHBOARDS_FROM } from "../contracts/datasources";
import { MONITORING } from "../kubernetes/namespaces";
import type { DashboardsArgs } from "./args";
import { buildDashboard } from "./build";
import { catalogue } from "./catalogue";

/** Folder in Grafana. The charts' own dashboards are in others. */
const FOLDER = "Platform";

/** The platform's own dashboards: a ConfigMap for each, which Grafana's sidecar finds by its label. */
export class Dashboards extends pulumi.ComponentResource {
    /** By which Grafana knows the dashboards, and links name them. */
    readonly uids: readonly string[];

    constructor(
        name: string,
        args: DashboardsArgs & { readonly namespace: pulumi.Resource },
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("observability:dashboards:Dashboards", name, {}, opts);
        for (const dashboard of catalogue(args)) {
            const { uid } = dashboard;
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
                    data: { [`${uid}.json`]: JSON.stringify(buildDashboard(dashboard)) },
                },
                { parent: this, dependsOn: args.namespace },
            );
        }
        this.uids = catalogue(args).map(({ uid }) => uid);
        this.registerOutputs({ uids: this.uids });
    }
}

import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { Ready } from "../../contracts/ready";
import { addedPolicies } from "../../kubernetes/network-policies";
import type { PlatformSettings } from "../../settings/platform";
import { pushgatewayChart } from "./chart";
import { pushgatewayFlows } from "./network-policies";
import { NAMESPACE, PORT, RELEASE } from "./names";
import { pushgatewaySlice, type PushgatewaySettings } from "./settings";
import { buildPushgatewayValues } from "./values";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";

export interface PushgatewayArgs {
    readonly platform: PlatformSettings;
    readonly settings: PushgatewaySettings;
    /** The namespace `monitoring`, which is restricted and denies what is not named. */
    readonly namespace: k8s.core.v1.Namespace;
    /** The definition of ServiceMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** Keeps what batch jobs push until Prometheus comes for it. */
export class Pushgateway extends pulumi.ComponentResource implements Ready {
    /** Base URL, to which `/metrics/job/<job>` is appended. */
    readonly pushUrl = `http://${RELEASE}.${NAMESPACE}.svc.cluster.local:${PORT}`;
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<PushgatewayArgs, "monitoringCrds">, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<PushgatewayArgs, "monitoringCrds">(
            "pushgateway",
            pushgatewaySlice,
            given,
            {
                monitoringCrds: [],
            },
            { namespace: NEEDED.monitoring },
        );
        super("observability:pushgateway:Pushgateway", name, {}, opts);
        const { platform, settings, namespace } = args;
        const policies = addedPolicies(pushgatewayFlows(platform), { parent: this, dependsOn: [namespace] });
        const release = chartRelease(
            RELEASE,
            {
                release: RELEASE,
                namespace: NAMESPACE,
                pin: pushgatewayChart,
                values: buildPushgatewayValues({ platform, settings }),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                timeout: 600,
                protectData: platform.protectData,
            },
            { parent: this, dependsOn: [namespace, ...policies, ...args.monitoringCrds] },
        );
        this.ready = [release];
        this.registerOutputs({ pushUrl: this.pushUrl });
    }
}

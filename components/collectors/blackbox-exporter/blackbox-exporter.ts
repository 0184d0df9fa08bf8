import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { Ready } from "../../contracts/ready";
import { headersOfAll } from "../../contracts/tenancy";
import { addedPolicies } from "../../kubernetes/network-policies";
import type { PlatformSettings } from "../../settings/platform";
import { blackboxExporterChart } from "./chart";
import { blackboxExporterFlows } from "./network-policies";
import { NAMESPACE, RELEASE } from "./names";
import { platformProbes, probeObject, type PlatformAddresses } from "./probes";
import { blackboxExporterSlice, type BlackboxExporterSettings } from "./settings";
import { buildBlackboxExporterValues } from "./values";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";

export interface BlackboxExporterArgs {
    readonly platform: PlatformSettings;
    readonly settings: BlackboxExporterSettings;
    /** The namespace `monitoring`, which is restricted and denies what is not named. */
    readonly namespace: k8s.core.v1.Namespace;
    /** The platform's own addresses. */
    readonly addresses: PlatformAddresses;
    /** The definitions of Probe and ServiceMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** Probes addresses from the cluster, as their users see them: the platform's own, and those of the settings. */
export class BlackboxExporter extends pulumi.ComponentResource implements Ready {
    readonly ready: pulumi.Resource[];
    /** Names of the probes, the platform's own first. */
    readonly probes: readonly string[];

    constructor(
        name: string,
        given: Given<BlackboxExporterArgs, "monitoringCrds">,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        const args = completed<BlackboxExporterArgs, "monitoringCrds">(
            "blackboxExporter",
            blackboxExporterSlice,
            given,
            { monitoringCrds: [] },
            {
                namespace: NEEDED.monitoring,
                addresses:
                    "objectStore, metricsStore, logStore, traceStore as far as there are, and services, {} for none",
            },
        );
        super("observability:blackbox-exporter:BlackboxExporter", name, {}, opts);
        const { platform, settings, namespace, monitoringCrds } = args;
        const { metricsStore, logStore, traceStore } = args.addresses;
        const storeHeaders = headersOfAll(
            [metricsStore, logStore, traceStore].filter((store) => store !== undefined),
            platform.tenant,
        );
        const policies = addedPolicies(blackboxExporterFlows(platform), {
            parent: this,
            dependsOn: [namespace],
        });
        const release = chartRelease(
            RELEASE,
            {
                release: RELEASE,
                namespace: NAMESPACE,
                pin: blackboxExporterChart,
                values: buildBlackboxExporterValues({ platform, settings, storeHeaders }),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                timeout: 600,
                protectData: platform.protectData,
            },
            { parent: this, dependsOn: [namespace, ...policies, ...monitoringCrds] },
        );
        const targets = [...platformProbes(args.addresses), ...settings.probes];
        const probes = targets.map(
            (target) =>
                new k8s.apiextensions.CustomResource(`probe-${target.name}`, probeObject(target, settings.interval), {
                    parent: this,
                    // Nobody else asks: before it is there each would be a target that is down.
                    dependsOn: [namespace, release, ...monitoringCrds],
                }),
        );
        this.ready = [release, ...probes];
        this.probes = targets.map(({ name: probe }) => probe);
        this.registerOutputs({ probes: this.probes });
    }
}

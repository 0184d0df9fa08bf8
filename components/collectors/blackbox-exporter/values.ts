import type { Headers } from "../../contracts/tenancy";
import { pullSecretNames } from "../../kubernetes/image-pull";
import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources } from "../../kubernetes/resources";
import { allModules } from "./modules";
import { PORT, RELEASE } from "./names";
import type { BlackboxExporterSettings } from "./settings";
import type { ChartValues } from "./values.gen";
import { blackboxExporterReplicated } from "./workloads";

export interface BlackboxExporterValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: BlackboxExporterSettings;
    /** What the stores ask of a query. */
    readonly storeHeaders: Headers;
}

/** User that the chart runs the exporter as. */
const USER = 1000;

/** Values of the chart. Targets are Probe objects and not values: the chart would scrape each once per replica. */
export function buildBlackboxExporterValues({
    platform,
    settings,
    storeHeaders,
}: BlackboxExporterValuesArgs): ChartValues {
    const { survives, scheduling, imageRegistry } = platform;
    const { exporter } = blackboxExporterReplicated;
    const alone = survives === "nothing";
    return {
        fullnameOverride: RELEASE,
        ...(imageRegistry !== undefined && { global: { imageRegistry } }),
        image: { pullSecrets: pullSecretNames(platform) },
        replicas: settings.replicas,
        ...(settings.replicas > 1 && { podDisruptionBudget: { maxUnavailable: 1 } }),
        affinity: hostAntiAffinity(exporter.labels, survives) ?? {},
        topologySpreadConstraints: zoneSpread(exporter, survives) ?? [],
        // Replicas are on hosts of their own, so a rollout must not count on a free host for a pod more.
        ...(!alone && { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } }),
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
        podSecurityContext: restrictedPod(USER),
        securityContext: restrictedContainer(),
        resources: alone ? resources("10m", "16Mi", "64Mi") : resources("20m", "32Mi", "128Mi"),
        containerPort: PORT,
        config: { modules: allModules(storeHeaders, settings.modules) },
        // The exporter's own metrics.
        serviceMonitor: { selfMonitor: { enabled: true, port: "http", scrapeTimeout: "10s" } },
    };
}

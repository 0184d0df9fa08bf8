import { z } from "zod";
import { backupSlice } from "../backup/settings";
import { blackboxExporterSlice } from "../collectors/blackbox-exporter/settings";
import { k8sMonitoringSlice } from "../collectors/k8s-monitoring/settings";
import { pushgatewaySlice } from "../collectors/pushgateway/settings";
import { databaseSlice } from "../database/settings";
import { hubSlice } from "../egress-gateway/settings";
import { errorsSlice } from "../errors/settings";
import { grafanaSlice } from "../grafana/settings";
import { ingestGatewaySlice } from "../ingest-gateway/settings";
import { logsSlice } from "../logs/settings";
import { secondMetricsSlice } from "../metrics/second";
import { metricsSlice } from "../metrics/settings";
import { alertingSlice } from "../monitoring/kube-prometheus-stack/alerting-settings";
import { kubePrometheusStackSlice } from "../monitoring/kube-prometheus-stack/settings";
import { objectStoreSlice } from "../object-store/settings";
import { platformSettings, type PlatformSettings } from "../settings/platform";
import type { Raw, Slice } from "../settings/slice";
import { about } from "../settings/types";
import { signozSlice } from "../signoz/settings";
import { roleOfKind } from "./roles";
import { tracesSlice } from "../traces/settings";
import { tenantsSchema, type TenantsSettings } from "./tenants";

/** The keys at the top beside those that all share: roles, then systems of one kind. */
const slices = {
    objectStore: objectStoreSlice,
    database: databaseSlice,
    metrics: metricsSlice,
    secondMetrics: secondMetricsSlice,
    logs: logsSlice,
    traces: tracesSlice,
    hub: hubSlice,
    errors: errorsSlice,
    kubePrometheusStack: kubePrometheusStackSlice,
    grafana: grafanaSlice,
    alerting: alertingSlice,
    k8sMonitoring: k8sMonitoringSlice,
    blackboxExporter: blackboxExporterSlice,
    ingestGateway: ingestGatewaySlice,
    pushgateway: pushgatewaySlice,
    signoz: signozSlice,
    backup: backupSlice,
} as const;

/** The settings of a stack: what every system shares, and each role's and system's own slice. */
export type Settings = { readonly platform: PlatformSettings; readonly tenants: TenantsSettings } & {
    readonly [K in keyof typeof slices]: z.output<(typeof slices)[K]["schema"]>;
};

/** The slices that a stack has; tenants' limits are told in the words of the stores that are chosen. */
export function slicesOf(raw: Raw): Readonly<Record<string, Slice>> {
    const tenants: Slice = { schema: tenantsSchema(raw), defaults: () => ({}), rules: () => [] };
    return { tenants, ...(slices as unknown as Record<string, Slice>) };
}

/** What people call a system, in lower case, for the key that stands for it. */
const SYSTEM_NAMES: Readonly<Record<string, string>> = {
    ...roleOfKind(),
    postgresql: "database",
    cnpg: "database",
    prometheus: "kubePrometheusStack",
    alertmanager: "kubePrometheusStack",
    alloy: "k8sMonitoring",
    previousmetrics: "secondMetrics",
    collectors: "k8sMonitoring",
    blackbox: "blackboxExporter",
};

/** What people write for a key at the top: systems by their own names, and what stands below another. */
export const OTHER_NAMES: Readonly<Record<string, string>> = {
    ...SYSTEM_NAMES,
    prometheus: "kubePrometheusStack, with prometheus below it",
    alertmanager: "kubePrometheusStack, with alertmanager below it",
    glitchtip: "errors, with kind: glitchtip below it, or kind: sentry and the url of one that runs elsewhere",
    destinations: "k8sMonitoring, with destinations below it",
    platforms: "signoz, with enabled below it",
    oidc: "grafana, with oidc below it",
    push: "ingestGateway",
    ingress: "access",
    gateway: "access",
    nodeselector: "scheduling, with nodeSelector below it",
    tolerations: "scheduling, with tolerations below it",
};

platformSettings.shape.placement.register(about, { otherNames: SYSTEM_NAMES });

/** The whole schema: the platform's keys at the top, a key for each role and system. */
export const settingsSchema = z
    .strictObject({
        ...platformSettings.shape,
        ...Object.fromEntries(Object.entries(slicesOf({})).map(([key, slice]) => [key, slice.schema])),
    })
    .register(about, { otherNames: OTHER_NAMES });

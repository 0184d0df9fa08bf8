import { pullSecrets } from "../../kubernetes/image-pull";
import { RELEASE } from "./names";
import { alertmanagerValues } from "./alertmanager";
import { exporterValues } from "./exporters";
import { operatorValues } from "./operator";
import { prometheusValues } from "./prometheus";
import { rulerValues } from "./ruler";
import type { ChartValues } from "./values.gen";
import type { KubePrometheusStackValuesArgs } from "./values-args";

/** Values of the chart kube-prometheus-stack. */
export function buildKubePrometheusStackValues(args: KubePrometheusStackValuesArgs): ChartValues {
    const { platform } = args;
    return {
        // Short, since the chart cuts its name at 26 characters.
        fullnameOverride: RELEASE,
        global: {
            ...(platform.imageRegistry !== undefined && { imageRegistry: platform.imageRegistry }),
            ...pullSecrets(platform),
        },
        // They are a release of their own, which upgrades reach.
        crds: { enabled: false },
        defaultRules: { disabled: replacedByOwn },
        ...exporterValues(args),
        prometheusOperator: operatorValues(platform),
        prometheus: prometheusValues(args),
        alertmanager: alertmanagerValues(args),
        thanosRuler: rulerValues(args),
        grafana: args.grafana.values,
    };
}

/** Alerts of the chart that components/alerts has in another form, with a runbook of this platform: one alert for one thing. */
const replacedByOwn = {
    KubePersistentVolumeFillingUp: true,
    PrometheusRemoteStorageFailures: true,
    PrometheusRemoteWriteBehind: true,
};

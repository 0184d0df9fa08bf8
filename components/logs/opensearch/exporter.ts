import { pullSecrets } from "../../kubernetes/image-pull";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources } from "../../kubernetes/resources";
import type { ChartValues } from "./exporter-values.gen";
import { EXPORTER_RELEASE, url, userSecret } from "./names";
import { certificateSecrets, fromOutside, type OpensearchValuesArgs } from "./values-args";

const CA_DIRECTORY = "/ssl";

/** Values of the chart prometheus-elasticsearch-exporter: what nodes and indices say of themselves, as metrics. */
export function buildExporterValues({ platform, settings }: OpensearchValuesArgs): ChartValues {
    const { scheduling, imageRegistry } = platform;
    const { imagePullSecrets } = pullSecrets(platform);
    const fromSecret = (key: string) => ({ secret: userSecret("monitor"), key });
    return {
        fullnameOverride: EXPORTER_RELEASE,
        replicaCount: 1,
        ...(imageRegistry !== undefined && {
            image: { repository: `${imageRegistry}/prometheuscommunity/elasticsearch-exporter` },
        }),
        ...(imagePullSecrets && { global: { imagePullSecrets } }),
        podSecurityContext: restrictedPod(1000),
        securityContext: restrictedContainer(),
        serviceAccount: { create: true, name: EXPORTER_RELEASE, automountServiceAccountToken: false },
        resources: resources("10m", "32Mi", "128Mi"),
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
        podAnnotations: {
            "observability-platform/credentials-rotation": String(settings.rotation),
            ...fromOutside(settings),
        },
        es: {
            uri: url,
            all: true,
            indices: true,
            // When each was made: what is past its retention is seen by it.
            indices_settings: true,
            indices_mappings: false,
            shards: true,
            snapshots: settings.buckets.backup !== undefined,
            cluster_settings: true,
            data_stream: true,
            // By default it looks for a client's certificate.
            ssl: {
                enabled: true,
                useExistingSecrets: true,
                ca: { path: `${CA_DIRECTORY}/ca.crt` },
                client: { enabled: false },
            },
        },
        extraVolumes: [
            {
                name: "ca",
                secret: { secretName: certificateSecrets(settings).node, items: [{ key: "ca.crt", path: "ca.crt" }] },
            },
        ],
        extraVolumeMounts: [{ name: "ca", mountPath: CA_DIRECTORY, readOnly: true }],
        extraEnvSecrets: { ES_USERNAME: fromSecret("username"), ES_PASSWORD: fromSecret("password") },
        serviceMonitor: { enabled: true, interval: "30s" },
    };
}

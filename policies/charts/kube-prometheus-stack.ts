import { show, type Check } from "../finding";
import { at, Unchecked } from "../plain";
import type { Release } from "../release";
import type { ChartRules } from "./chart-rules";
import { filled, retained } from "./checks";

const SPEC = "prometheus.prometheusSpec";
const SETTINGS = "observability:kubePrometheusStack";
const CLAIM = "volumeClaimTemplate";

const LABEL_NAMES = [`${SPEC}.prometheusExternalLabelName`, `${SPEC}.replicaExternalLabelName`] as const;

/** Replicas of Prometheus that send the same samples. */
export function senders(stack: Release): number {
    return stack.get("prometheus.enabled") === false ? 0 : (stack.number(`${SPEC}.replicas`) ?? 1);
}

/** Labels that it sends of a pair, and of each replica; undefined where it sends none. */
export const EXTERNAL_LABELS = {
    /** What names a pair. */
    pair: "prometheus",
    cluster: (stack: Release) => externalLabel(stack, LABEL_NAMES[0], "prometheus"),
    replica: (stack: Release) => externalLabel(stack, LABEL_NAMES[1], "prometheus_replica"),
};

function externalLabel(stack: Release, path: string, fallback: string): string | undefined {
    if (stack.get(`${path}Clear`) === true) return undefined;
    const name = stack.get(path);
    return typeof name === "string" && name !== "" ? name : fallback;
}

export const kubePrometheusStack: ChartRules = {
    reads: [
        ...[`${SPEC}.storageSpec`, `${SPEC}.retention`, "prometheus.agentMode", `${SPEC}.remoteWrite`],
        ...["alertmanager.alertmanagerSpec.storage", "grafana.persistence.enabled", "grafana.persistence.type"],
        ...["grafana.admin.existingSecret", 'grafana."grafana.ini".database.type'],
        ...LABEL_NAMES.flatMap((path) => [path, `${path}Clear`]),
    ],
    durability: [
        filled(`${SPEC}.storageSpec`, CLAIM, `${SETTINGS}.prometheus.volume`),
        filled("alertmanager.alertmanagerSpec.storage", CLAIM, `${SETTINGS}.alertmanager.volume`),
        retained(`${SPEC}.retention`, `${SETTINGS}.prometheus.retention`),
    ],
    replication: () => [sharedGrafana],
};

const sharedGrafana: Check = (release) => {
    if (release.get("grafana.enabled") === false || (release.number("grafana.replicas") ?? 1) < 2) return [];
    const path = 'grafana."grafana.ini".database.type';
    const type = at(release.values, path);
    if (type === "postgres" || type === "mysql") return [];
    if (typeof type === "string" && type.startsWith("$")) throw new Unchecked(path, "taken from the environment");
    const why = "each Grafana has users, sessions and dashboards of its own";
    const found = show(release, path, type);
    return [{ path, found, wanted: "postgres", why, setting: "observability:database.instances" }];
};

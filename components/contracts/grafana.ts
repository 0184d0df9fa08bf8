import type { Flow } from "../kubernetes/network-policies";
import type { Ready } from "./ready";

/** Grafana as a part of the release that carries its chart: `ready` are the Secrets that its pods read. */
export interface GrafanaPart extends Ready {
    /** Values of the chart, below the release's key `grafana`. */
    readonly values: object;
    /** What its pods take and send. */
    readonly ingress: readonly Flow[];
    readonly egress: readonly Flow[];
    /** What must be up before its pods can be. */
    readonly after: Ready["ready"];
    /** Whether the release owns a volume with Grafana's state, whose loss is a loss of data. */
    readonly holdsData: boolean;
}

/** A release without Grafana. */
export const NO_GRAFANA: GrafanaPart = {
    values: { enabled: false },
    ingress: [],
    egress: [],
    after: [],
    holdsData: false,
    ready: [],
};

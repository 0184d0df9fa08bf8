import { senderKind } from "../../settings/sender";
import { remoteMetricsSettings } from "./settings";

/** The hub in the role of the metrics store. */
export const remoteMetricsKind = senderKind(remoteMetricsSettings, {
    replicaLabel: "keep",
    exemplars: true,
    nativeHistograms: true,
});

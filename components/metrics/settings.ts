import type { z } from "zod";
import { roleSlice } from "../settings/slice";
import { cortexKind } from "./cortex/kind";
import { thanosKind } from "./thanos/kind";
import { vmKind } from "./victoriametrics/kind";
import { remoteMetricsKind } from "./remote/kind";

/** The systems that may keep metrics; the first is the default, the last hands all on to the hub. */
export const metricsKinds = [cortexKind, thanosKind, vmKind, remoteMetricsKind] as const;

export const metricsSlice = roleSlice(metricsKinds, { description: "Where metrics are kept." });

/** Limits of a tenant, in the words of the store that is chosen. */
export type MetricsTenant = z.output<(typeof metricsKinds)[number]["tenant"]["schema"]>;

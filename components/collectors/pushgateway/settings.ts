import { z } from "zod";
import type { Slice } from "../../settings/slice";
import { chartValues, describe, flag, volumeSize } from "../../settings/types";
import { valuesRules } from "../../settings/chart-keys";
import { unusedWhileOff } from "../../settings/unused";
import { chartKeys } from "./values-keys.gen";

export const pushgatewaySettings = z.strictObject({
    enabled: describe(flag, {
        description:
            "Keep the last metrics of batch jobs that end before a scrape. docs/how-to/pushgateway.md says when not to.",
    }),
    volume: describe(volumeSize, {
        description: "Volume for the pushed metrics.",
        immutable: "a StatefulSet's volume claims keep their size",
    }),
    values: chartValues,
});

export type PushgatewaySettings = z.infer<typeof pushgatewaySettings>;

export function pushgatewayDefaults(): PushgatewaySettings {
    return { enabled: false, volume: "1Gi", values: {} };
}

export const pushgatewaySlice: Slice<typeof pushgatewaySettings> = {
    schema: pushgatewaySettings,
    defaults: pushgatewayDefaults,
    rules: (settings) =>
        settings.enabled
            ? valuesRules("pushgateway.values", settings.values, chartKeys)
            : unusedWhileOff("pushgateway", settings, pushgatewayDefaults()),
};

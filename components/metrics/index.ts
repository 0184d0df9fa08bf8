import type * as pulumi from "@pulumi/pulumi";
import type { MetricsStore } from "../contracts/metrics-store";
import { Cortex, type CortexArgs } from "./cortex/cortex";
import type { MetricsSettings } from "./settings";

/** What any metrics store is made of. */
export type MetricsStoreArgs = CortexArgs;

type Make = (args: MetricsStoreArgs, opts: pulumi.ComponentResourceOptions) => MetricsStore;

const KINDS: Readonly<Record<MetricsSettings["kind"], Make>> = {
    cortex: (args, opts) => new Cortex("cortex", args, opts),
};

/** The metrics store that the settings choose. */
export const makeMetricsStore: Make = (args, opts) => KINDS[args.settings.kind](args, opts);

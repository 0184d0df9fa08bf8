import type * as pulumi from "@pulumi/pulumi";
import type { TraceStore } from "../contracts/trace-store";
import type { TracesSettings } from "./settings";
import { Tempo, type TempoArgs } from "./tempo/tempo";

/** What any trace store is made of. */
export type TraceStoreArgs = TempoArgs;

type Make = (args: TraceStoreArgs, opts: pulumi.ComponentResourceOptions) => TraceStore;

const KINDS: Readonly<Record<TracesSettings["kind"], Make>> = {
    tempo: (args, opts) => new Tempo("tempo", args, opts),
};

/** The trace store that the settings choose. */
export const makeTraceStore: Make = (args, opts) => KINDS[args.settings.kind](args, opts);

import type * as pulumi from "@pulumi/pulumi";
import type { LogStore } from "../contracts/log-store";
import { Loki, type LokiArgs } from "./loki/loki";
import type { LogsSettings } from "./settings";

/** What any log store is made of. */
export type LogStoreArgs = LokiArgs;

type Make = (args: LogStoreArgs, opts: pulumi.ComponentResourceOptions) => LogStore;

const KINDS: Readonly<Record<LogsSettings["kind"], Make>> = {
    loki: (args, opts) => new Loki("loki", args, opts),
};

/** The log store that the settings choose. */
export const makeLogStore: Make = (args, opts) => KINDS[args.settings.kind](args, opts);

import * as pulumi from "@pulumi/pulumi";
import type { HubGateway } from "../../contracts/hub";
import type { LogSink } from "../../contracts/log-store";
import { PUSH_PATHS } from "../../contracts/push-paths";
import { noTenancy } from "../../contracts/tenancy";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";
import type { PlatformSettings } from "../../settings/platform";
import { remoteLogsKind } from "./kind";
import type { RemoteLogsSettings } from "./settings";

export interface RemoteLogsArgs {
    readonly platform: PlatformSettings;
    readonly settings: RemoteLogsSettings;
    readonly hub: HubGateway;
}

/** Logs that the hub keeps, behind a log store's contract. It makes nothing in the cluster. */
export class RemoteLogs extends pulumi.ComponentResource implements LogSink {
    readonly push: LogSink["push"];
    readonly tenancy: LogSink["tenancy"];
    /** Rules on lines are evaluated where the lines are. */
    readonly ruler = undefined;
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<RemoteLogsArgs>, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<RemoteLogsArgs>("logs", remoteLogsKind, given, {}, { hub: NEEDED.hub });
        super("observability:logs:Remote", name, {}, opts);
        const { platform, settings, hub } = args;
        this.push = {
            otlpUrl: `${hub.url}${PUSH_PATHS.otlp}`,
            lokiUrl: settings.lokiApi ? `${hub.url}${PUSH_PATHS.logs}` : undefined,
            endpoint: hub.endpoint,
        };
        this.tenancy = noTenancy(platform.tenant);
        this.ready = hub.ready;
        this.registerOutputs({ otlpUrl: this.push.otlpUrl });
    }
}

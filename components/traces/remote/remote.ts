import * as pulumi from "@pulumi/pulumi";
import type { HubGateway } from "../../contracts/hub";
import { PUSH_PATHS } from "../../contracts/push-paths";
import { noTenancy } from "../../contracts/tenancy";
import type { TraceSink } from "../../contracts/trace-store";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";
import type { PlatformSettings } from "../../settings/platform";
import { remoteTracesKind } from "./kind";
import type { RemoteTracesSettings } from "./settings";

export interface RemoteTracesArgs {
    readonly platform: PlatformSettings;
    readonly settings: RemoteTracesSettings;
    readonly hub: HubGateway;
}

/** Traces that the hub keeps, behind a trace store's contract. It makes nothing in the cluster. */
export class RemoteTraces extends pulumi.ComponentResource implements TraceSink {
    readonly push: TraceSink["push"];
    readonly tenancy: TraceSink["tenancy"];
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<RemoteTracesArgs>, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<RemoteTracesArgs>("traces", remoteTracesKind, given, {}, { hub: NEEDED.hub });
        super("observability:traces:Remote", name, {}, opts);
        const { platform, hub } = args;
        // HTTP alone passes the gateways at both ends.
        this.push = { otlpGrpc: undefined, otlpHttp: `${hub.url}${PUSH_PATHS.otlp}`, endpoint: hub.endpoint };
        this.tenancy = noTenancy(platform.tenant);
        this.ready = hub.ready;
        this.registerOutputs({ otlpHttp: this.push.otlpHttp });
    }
}

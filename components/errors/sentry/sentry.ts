import * as pulumi from "@pulumi/pulumi";
import type { Dsn, ErrorStore } from "../../contracts/error-store";
import { completed, type Given } from "../../settings/complete";
import type { PlatformSettings } from "../../settings/platform";
import { dsnsOf } from "../projects";
import { sentryKind } from "./kind";
import type { SentrySettings } from "./settings";

export interface SentryArgs {
    readonly platform: PlatformSettings;
    readonly settings: SentrySettings;
}

/** Sentry outside of this stack, behind the contract of error stores. It makes nothing in the cluster. */
export class Sentry extends pulumi.ComponentResource implements ErrorStore {
    readonly url: string;
    readonly healthUrl: string;
    readonly dsns: Readonly<Record<string, Dsn>>;
    readonly ready: pulumi.Resource[] = [];

    constructor(name: string, given: Given<SentryArgs>, opts?: pulumi.ComponentResourceOptions) {
        const { settings } = completed<SentryArgs>("errors", sentryKind, given, {}, {});
        super("observability:errors:Sentry", name, {}, opts);
        this.url = settings.url.replace(/\/+$/, "");
        this.healthUrl = settings.healthUrl ?? `${this.url}/_health/`;
        this.dsns = dsnsOf(settings.projects);
        const { url, healthUrl } = this;
        this.registerOutputs({ url, healthUrl });
    }
}

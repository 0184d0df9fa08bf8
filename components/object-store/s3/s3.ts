import * as pulumi from "@pulumi/pulumi";
import {
    grantEach,
    type BucketGrant,
    type BucketRequest,
    type EachStore,
    type ObjectStore,
} from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { completed, type Given } from "../../settings/complete";
import type { PlatformSettings } from "../../settings/platform";
import { defaultImage, imageName } from "../image";
import { s3Kind } from "./kind";
import { endpointPort, type S3Settings } from "./settings";

export interface S3Args {
    readonly platform: PlatformSettings;
    readonly settings: S3Settings;
    /** One from each store; the buckets exist. */
    readonly requests: readonly BucketRequest[];
}

/** An S3 API outside of this stack, behind MinIO's contract. It makes nothing in the cluster. */
export class S3 extends pulumi.ComponentResource implements ObjectStore {
    readonly endpoint: string;
    readonly region: string;
    readonly tls: boolean;
    readonly pathStyle: boolean;
    readonly healthUrl = undefined;
    readonly peer: Endpoint;
    readonly clientImage: string;
    readonly grants: EachStore<BucketGrant>;
    readonly readOnlyGrants: EachStore<BucketGrant> | undefined;
    readonly ready: pulumi.Resource[] = [];

    constructor(name: string, given: Given<S3Args>, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<S3Args>("objectStore", s3Kind, given, {});
        super("observability:object-store:S3", name, {}, opts);
        const { platform, settings, requests } = args;
        this.endpoint = settings.endpoint;
        this.clientImage = imageName(defaultImage, platform);
        this.region = settings.region;
        this.tls = settings.tls;
        this.pathStyle = settings.pathStyle;
        this.peer = { namespace: settings.pods?.namespace, podPort: settings.pods?.port ?? endpointPort(settings) };
        const granted = (credentials: S3Settings["credentials"]) =>
            grantEach(requests, ({ store, buckets }) => {
                const pair = credentials[store];
                if (pair === undefined) throw new Error(`The outside S3 has no credentials of ${store}.`);
                return {
                    store,
                    buckets,
                    accessKeyId: pulumi.secret(pair.accessKeyId),
                    secretAccessKey: pulumi.secret(pair.secretAccessKey),
                    // Whoever archives the database reads its Secret anew by itself: there are no pods to restart.
                    rotation: store === "database" ? 1 : settings.rotation[store],
                };
            });
        this.grants = granted(settings.credentials);
        this.readOnlyGrants = settings.readOnlyCredentials && granted(settings.readOnlyCredentials);
        const { endpoint, region, tls, pathStyle } = this;
        this.registerOutputs({ endpoint, region, tls, pathStyle });
    }
}

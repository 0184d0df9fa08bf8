import * as pulumi from "@pulumi/pulumi";
import type { BucketGrant, BucketRequest, EachStore, Endpoint, ObjectStore } from "../../contracts/contracts";
import { grantEach } from "../settings";
import { endpointPort, type OutsideS3Settings } from "./settings";

export interface OutsideS3Args {
    readonly settings: OutsideS3Settings;
    /** One from each store; the buckets exist. */
    readonly requests: readonly BucketRequest[];
}

/** An S3 API outside of this stack, behind MinIO's contract. It makes nothing in the cluster. */
export class OutsideS3 extends pulumi.ComponentResource implements ObjectStore {
    readonly endpoint: string;
    readonly region: string;
    readonly tls: boolean;
    readonly pathStyle: boolean;
    readonly healthUrl = undefined;
    readonly peer: Endpoint;
    readonly grants: EachStore<BucketGrant>;
    readonly readers: EachStore<BucketGrant> | undefined;
    readonly ready: pulumi.Resource[] = [];

    constructor(name: string, { settings, requests }: OutsideS3Args, opts?: pulumi.ComponentResourceOptions) {
        super("observability:outside-s3:OutsideS3", name, {}, opts);
        this.endpoint = settings.endpoint;
        this.region = settings.region;
        this.tls = settings.tls;
        this.pathStyle = settings.pathStyle;
        this.peer = { namespace: settings.pods?.namespace, podPort: settings.pods?.port ?? endpointPort(settings) };
        const granted = (credentials: OutsideS3Settings["credentials"]) =>
            grantEach(requests, ({ store, buckets }) => {
                const pair = credentials[store];
                if (pair === undefined) throw new Error(`The outside S3 has no credentials of ${store}.`);
                return {
                    store,
                    buckets,
                    accessKeyId: pulumi.secret(pair.accessKeyId),
                    secretAccessKey: pulumi.secret(pair.secretAccessKey),
                    // Whoever archives the database reads its Secret anew by itself: there are no pods to restart.
                    generation: store === "postgres" ? 1 : settings.rotation[store],
                };
            });
        this.grants = granted(settings.credentials);
        this.readers = settings.readers && granted(settings.readers);
        this.registerOutputs({});
    }
}

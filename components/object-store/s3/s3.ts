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
import {
    accountOf,
    endpointPort,
    readOnlyRolesOf,
    rolesOf,
    tokenServiceOf,
    type Roles,
    type S3Settings,
} from "./settings";

export interface S3Args {
    readonly platform: PlatformSettings;
    readonly settings: S3Settings;
    /** One from each store; the buckets exist. */
    readonly requests: readonly BucketRequest[];
    /** Whether somebody copies the buckets. */
    readonly readOnly: boolean;
}

/** EKS' agent on each node, in either family: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const POD_IDENTITY_AGENT = ["169.254.170.23", "fd00:ec2::23"];

/** An S3 API outside of this stack, behind MinIO's contract. It makes nothing in the cluster. */
export class S3 extends pulumi.ComponentResource implements ObjectStore {
    readonly endpoint: string;
    readonly region: string;
    readonly tls: boolean;
    readonly pathStyle: boolean;
    readonly healthUrl = undefined;
    readonly peer: Endpoint;
    readonly identityAgents: readonly string[];
    readonly tokenService: string | undefined;
    readonly clientImage: string;
    readonly grants: EachStore<BucketGrant>;
    readonly readOnlyGrants: EachStore<BucketGrant> | undefined;
    readonly ready: pulumi.Resource[] = [];

    constructor(name: string, given: Given<S3Args, "readOnly">, opts?: pulumi.ComponentResourceOptions) {
        const args = completed<S3Args, "readOnly">("objectStore", s3Kind, given, { readOnly: false });
        super("observability:object-store:S3", name, {}, opts);
        const { platform, settings, requests } = args;
        this.endpoint = settings.endpoint;
        this.clientImage = imageName(defaultImage, platform);
        this.region = settings.region;
        this.tls = settings.tls;
        this.pathStyle = settings.pathStyle;
        this.peer = { namespace: settings.pods?.namespace, podPort: settings.pods?.port ?? endpointPort(settings) };
        const { identity } = settings;
        this.identityAgents = identity?.from === "podIdentity" ? POD_IDENTITY_AGENT : [];
        this.tokenService = identity && tokenServiceOf(settings);
        if (identity === undefined) {
            const { credentials = {}, readOnlyCredentials } = settings;
            this.grants = grantEach(requests, (request) => byKeys(request, credentials, settings));
            this.readOnlyGrants =
                readOnlyCredentials && grantEach(requests, (request) => byKeys(request, readOnlyCredentials, settings));
        } else {
            this.grants = grantEach(requests, (request) => byIdentity(request, rolesOf(identity)));
            this.readOnlyGrants = args.readOnly
                ? grantEach(requests, (request) => byIdentity(request, readOnlyRolesOf(identity)))
                : undefined;
        }
        const { endpoint, region, tls, pathStyle } = this;
        this.registerOutputs({ endpoint, region, tls, pathStyle });
    }
}

type Pairs = NonNullable<S3Settings["credentials"]>;

function byKeys({ store, buckets }: BucketRequest, pairs: Pairs, { rotation }: S3Settings): BucketGrant {
    const pair = pairs[store];
    if (pair === undefined) throw new Error(`The outside S3 has no credentials of ${store}.`);
    return {
        store,
        buckets,
        keys: {
            accessKeyId: pulumi.secret(pair.accessKeyId),
            secretAccessKey: pulumi.secret(pair.secretAccessKey),
            // Whoever archives the database reads its Secret anew by itself: there are no pods to restart.
            rotation: store === "database" ? 1 : rotation[store],
        },
        accountAnnotations: {},
    };
}

function byIdentity({ store, buckets }: BucketRequest, roles: Roles | undefined): BucketGrant {
    return { store, buckets, keys: undefined, accountAnnotations: accountOf(roles, store) };
}

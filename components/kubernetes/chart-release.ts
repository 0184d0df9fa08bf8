import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { mergeValues } from "./merge-values";

/** A pinned chart. */
export interface ChartPin {
    readonly name: string;
    /** HTTPS repository, as `helm repo add` takes it. */
    readonly repository: string;
    /** Exact chart version. */
    readonly version: string;
    /** SHA-256 of the archive as its repository's index gives it; undefined where that index could not be read yet. */
    readonly digest: string | undefined;
    readonly appVersion: string;
    /** Day on which pin and values were last checked against the chart, YYYY-MM-DD. */
    readonly checked: string;
    /** Whether data goes with its release: what its volumes keep, or what hangs on its definitions. */
    readonly holdsData: boolean;
}

/** A chart of a room. */
export interface RoomChart {
    readonly pin: ChartPin;
    /** File of the room that `npm run chart-types` writes; undefined where the chart has nothing to set. */
    readonly types: string | undefined;
}

export interface ChartReleaseArgs {
    /** Helm release name. Explicit, since service names and so addresses follow from it. */
    readonly release: string;
    readonly namespace: string;
    readonly pin: ChartPin;
    /** Values that our settings imply. */
    readonly values: object;
    /** The user's own values, merged last. */
    readonly userValues: Record<string, unknown>;
    /** Folder of `NAME-VERSION.tgz`, or an `oci://` prefix; absent means the chart's repository. */
    readonly chartMirror: string | undefined;
    /** Seconds that Helm waits for the release to be ready, hooks included. */
    readonly timeout: number;
    /** Whether the stack refuses to delete or replace what holds data. */
    readonly protectData: boolean;
}

/** Revisions that Helm keeps for a rollback (its own default is 10, the provider's is all of them). */
const MAX_HISTORY = 5;

/** Where a chart is taken from: its repository, a folder, or an OCI prefix. */
export function chartSource(
    pin: ChartPin,
    mirror: string | undefined,
): Pick<k8s.helm.v3.ReleaseArgs, "chart" | "version" | "repositoryOpts"> {
    if (mirror === undefined) {
        return { chart: pin.name, version: pin.version, repositoryOpts: { repo: pin.repository } };
    }
    if (mirror.startsWith("oci://")) {
        return { chart: `${mirror.replace(/\/$/, "")}/${pin.name}`, version: pin.version };
    }
    return { chart: `${mirror.replace(/\/$/, "")}/${pin.name}-${pin.version}.tgz`, version: pin.version };
}

/**
 * One Helm release with our habits: explicit name, exact version, bounded history, a timeout that fits.
 * Values hold no secret and nothing unknown, so that a first preview shows them whole.
 */
export function chartRelease(
    name: string,
    args: ChartReleaseArgs,
    opts: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
    const protect = args.pin.holdsData && args.protectData;
    return new k8s.helm.v3.Release(
        name,
        {
            ...chartSource(args.pin, args.chartMirror),
            name: args.release,
            namespace: args.namespace,
            values: mergeValues(args.values, args.userValues),
            timeout: args.timeout,
            maxHistory: MAX_HISTORY,
            // Since Kubernetes 1.25 API servers say that they check fields themselves, and Helm checks none but a List's: it would
            // read the schemas of all groups in the chart, of definitions too, for that answer.
            disableOpenapiValidation: true,
        },
        // A release's name cannot be taken twice: a replacement that may happen has to delete first.
        { protect, deleteBeforeReplace: !protect, ...opts },
    );
}

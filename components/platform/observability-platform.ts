import * as pulumi from "@pulumi/pulumi";
import type { ClusterLogin } from "../ingest-gateway/cluster-logins";
import type { ObservabilityPlatformArgs } from "./args.gen";
import { Platform } from "./platform";
import { completeSettings, type Settings } from "./settings";

/** How to reach Grafana. */
export interface GrafanaAccess {
    /** Where people open it. */
    url: string;
    user: string;
    /** The command that prints the password. */
    password: string;
}

/**
 * The whole platform as one component of a program: metrics, logs and traces for a Kubernetes cluster, collectors, Grafana
 * and Alertmanager, on an object store of its own. Its arguments are the settings of a stack file.
 */
export class ObservabilityPlatform extends pulumi.ComponentResource {
    /** How to reach Grafana; undefined where the stack has none. */
    readonly grafana: pulumi.Output<GrafanaAccess | undefined>;
    /** Tenant in the stores: the header `X-Scope-OrgID` of whoever pushes to them, or queries them, directly. */
    readonly tenant: pulumi.Output<string>;
    /** Where applications and other collectors push to, from inside the cluster. */
    readonly push: pulumi.Output<Record<string, string>>;
    /** Where to query the stores, from inside the cluster. */
    readonly query: pulumi.Output<Record<string, string>>;
    /** How each cluster that keeps its signals here sends them, by its name; a secret. Empty where none does. */
    readonly clusters: pulumi.Output<Record<string, ClusterLogin>>;

    /**
     * @param args plain values, since they decide which resources there are; credentials are outputs, whose values a
     * preview must know as well.
     */
    constructor(name: string, args: ObservabilityPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
        // Plain settings are refused before anything is registered.
        const plain = holdsOutput(args) ? undefined : completeSettings(args);
        super("observability:index:ObservabilityPlatform", name, {}, opts);
        const make = (settings: Settings) => {
            const { grafana, tenant, push, query, clusters } = new Platform(name, settings, { parent: this });
            // Inside a function, so that it does not make a secret of the addresses beside it.
            return { grafana, tenant, push, query, clusters: () => clusters ?? NO_CLUSTERS };
        };
        const made =
            plain === undefined
                ? // No output is made of a credential: a secret setting must not hide the addresses.
                  pulumi.unsecret(pulumi.output(args).apply((known) => make(completeSettings(known, args))))
                : pulumi.output(make(plain));
        this.grafana = made.apply(({ grafana }) => grafana);
        this.tenant = made.apply(({ tenant }) => tenant);
        this.push = made.apply(({ push }) => push);
        this.query = made.apply(({ query }) => query);
        this.clusters = pulumi.secret(made.apply(({ clusters }) => clusters()));
        const { tenant, push, query, clusters } = this;
        this.registerOutputs({ grafana: this.grafana, tenant, push, query, clusters });
    }
}

const NO_CLUSTERS = pulumi.output<Record<string, ClusterLogin>>({});

function holdsOutput(value: unknown): boolean {
    if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
    return typeof value === "object" && value !== null && Object.values(value).some(holdsOutput);
}

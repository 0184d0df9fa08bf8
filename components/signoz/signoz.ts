import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Ready } from "../contracts/ready";
import { chartRelease } from "../kubernetes/chart-release";
import { password, secret } from "../kubernetes/credentials";
import { pullSecrets } from "../kubernetes/image-pull";
import { systemNamespace } from "../kubernetes/namespace";
import { networkPolicies } from "../kubernetes/network-policies";
import { resources } from "../kubernetes/resources";
import { completed, type Given } from "../settings/complete";
import type { PlatformSettings } from "../settings/platform";
import { screensAccess, screensAddress } from "./access";
import { signozChart } from "./chart";
import {
    ACCOUNT,
    CLICKHOUSE_KEY,
    CLICKHOUSE_SECRET,
    LOGIN_KEYS,
    LOGIN_SECRET,
    NAMESPACE,
    podLabels,
    RELEASE,
    screensUrl,
} from "./names";
import { signozNetwork } from "./network-policies";
import { signozSlice, type Clickhouse, type SignozSettings } from "./settings";
import { buildSignozValues } from "./values";

export interface SignozArgs {
    readonly platform: PlatformSettings;
    readonly settings: SignozSettings;
}

/** SigNoz beside the stack's own stores: screens of its own over a copy of what passes the collectors. */
export class SigNoz extends pulumi.ComponentResource implements Ready {
    /** Where people open it. */
    readonly url: string;
    /** Answers 200 while its screens serve. */
    readonly healthUrl = `${screensUrl}/api/v1/health?live=1`;
    readonly ready: pulumi.Resource[];

    constructor(name: string, given: Given<SignozArgs>, opts?: pulumi.ComponentResourceOptions) {
        const { platform, settings } = completed<SignozArgs>("signoz", signozSlice, given, {}, {});
        super("observability:signoz:SigNoz", name, {}, opts);
        const { clickhouse } = settings;
        if (clickhouse === undefined) throw new Error("signoz.clickhouse: SigNoz has no store of its own here");
        const child = { parent: this };
        const namespace = systemNamespace(
            {
                name: NAMESPACE,
                podSecurity: {
                    level: "baseline",
                    reason: "the chart sets nothing on the containers that make tables, nor on the one that waits for them",
                },
                holdsData: platform.protectData,
                platform,
            },
            child,
        );
        const inNamespace = { ...child, dependsOn: [namespace] };
        const before = [
            namespace,
            ...networkPolicies(signozNetwork(platform, clickhouse), inNamespace),
            ...this.secrets(clickhouse, settings.rotation, inNamespace),
            account(platform, inNamespace),
            defaultResources(inNamespace),
        ];
        const release = chartRelease(
            RELEASE,
            {
                ...{ release: RELEASE, namespace: NAMESPACE, pin: signozChart, userValues: settings.values },
                values: buildSignozValues({ platform, settings, clickhouse }),
                chartMirror: platform.chartMirror,
                // A first start makes all tables, on every server.
                timeout: 1200,
                protectData: platform.protectData,
            },
            { ...child, dependsOn: before },
        );
        if (settings.replicas.collector > 1) budget(inNamespace);
        this.url = screensAddress(platform);
        this.ready = [release, ...screensAccess(platform, { ...child, dependsOn: [release] })];
        this.registerOutputs({ url: this.url, healthUrl: this.healthUrl });
    }

    private secrets(
        { password: ofStore }: Clickhouse,
        rotation: number,
        opts: pulumi.CustomResourceOptions,
    ): k8s.core.v1.Secret[] {
        const made = (of: string) => password(`signoz-${of}`, rotation, { parent: this });
        const data = {
            // It asks for a sign beside letters and digits of both sorts, which chance alone need not bring.
            [LOGIN_KEYS.password]: pulumi.interpolate`${made("user")}-aA0`,
            [LOGIN_KEYS.sessions]: made("sessions"),
        };
        return [
            secret(
                CLICKHOUSE_SECRET,
                { name: CLICKHOUSE_SECRET, namespace: NAMESPACE, data: { [CLICKHOUSE_KEY]: ofStore } },
                opts,
            ),
            secret(LOGIN_SECRET, { name: LOGIN_SECRET, namespace: NAMESPACE, data }, opts),
        ];
    }
}

/** The chart's own would hold a token, and its Job would pull without the login for images. */
function account(platform: PlatformSettings, opts: pulumi.CustomResourceOptions): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
        `${NAMESPACE}-account`,
        {
            metadata: { name: ACCOUNT, namespace: NAMESPACE },
            automountServiceAccountToken: false,
            ...pullSecrets(platform),
        },
        opts,
    );
}

/** Of the container that waits for the tables, of which the chart lets nothing be said. */
function defaultResources(opts: pulumi.CustomResourceOptions): k8s.core.v1.LimitRange {
    const { requests, limits } = resources("50m", "128Mi", "512Mi");
    return new k8s.core.v1.LimitRange(
        `${NAMESPACE}-defaults`,
        {
            metadata: { name: "defaults", namespace: NAMESPACE },
            spec: { limits: [{ type: "Container", defaultRequest: requests, default: limits }] },
        },
        opts,
    );
}

/** The chart has none. */
function budget(opts: pulumi.CustomResourceOptions): void {
    const name = `${RELEASE}-otel-collector`;
    new k8s.policy.v1.PodDisruptionBudget(
        name,
        {
            metadata: { name, namespace: NAMESPACE },
            spec: { maxUnavailable: 1, selector: { matchLabels: { ...podLabels("collector") } } },
        },
        opts,
    );
}

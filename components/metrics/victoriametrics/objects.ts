import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { AlertReceiver } from "../../contracts/alert-receiver";
import { chartRelease } from "../../kubernetes/chart-release";
import { secret } from "../../kubernetes/credentials";
import { vmOperatorChart } from "./chart";
import {
    NAMESPACE,
    NOTIFIERS_KEY,
    NOTIFIERS_SECRET,
    operatedLabels,
    OPERATOR_RELEASE,
    VMAGENT,
    VMALERT,
} from "./names";
import { buildVmagent, buildVmalert, notifiers, type ObjectsArgs } from "./object-specs";
import { buildOperatorValues } from "./operator-values";

interface MakeArgs extends ObjectsArgs {
    /** Where alerts of VMRule objects go. */
    readonly alertReceiver: AlertReceiver;
    /** The definitions of ServiceMonitor and PodMonitor. */
    readonly monitoringCrds: readonly pulumi.Resource[];
}

type Options = Omit<pulumi.CustomResourceOptions, "dependsOn"> & { readonly dependsOn: pulumi.Resource[] };

/** The operator, and what it makes of the platform's own two objects: all that scrapes and evaluates those of teams. */
export function makeObjects(args: MakeArgs, opts: Options): pulumi.Resource[] {
    const { platform, settings, alertReceiver, monitoringCrds } = args;
    const watched = { ...opts, dependsOn: [...opts.dependsOn, ...monitoringCrds] };
    const release = chartRelease(
        OPERATOR_RELEASE,
        {
            release: OPERATOR_RELEASE,
            namespace: NAMESPACE,
            pin: vmOperatorChart,
            values: buildOperatorValues(args),
            userValues: settings.operatorValues,
            chartMirror: platform.chartMirror,
            timeout: 900,
            protectData: platform.protectData,
        },
        watched,
    );
    const told = secret(
        NOTIFIERS_SECRET,
        {
            name: NOTIFIERS_SECRET,
            namespace: NAMESPACE,
            data: { [NOTIFIERS_KEY]: JSON.stringify(notifiers(alertReceiver), null, 2) },
        },
        opts,
    );
    for (const name of [VMAGENT, VMALERT] as const) monitor(name, watched);
    // When they are taken away the operator has to be there still: it lets go of what it has made.
    const after = { ...opts, dependsOn: [...opts.dependsOn, release, told] };
    return [
        release,
        object("VMAgent", VMAGENT, buildVmagent(args), after),
        object("VMAlert", VMALERT, buildVmalert(args), after),
    ];
}

function object(kind: string, name: string, spec: object, opts: Options): pulumi.Resource {
    const metadata = { name, namespace: NAMESPACE };
    return new k8s.apiextensions.CustomResource(
        name,
        { apiVersion: "operator.victoriametrics.com/v1beta1", kind, metadata, spec },
        opts,
    );
}

function monitor(name: typeof VMAGENT | typeof VMALERT, opts: Options): void {
    new k8s.apiextensions.CustomResource(
        `${name}-monitor`,
        {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "PodMonitor",
            metadata: { name, namespace: NAMESPACE },
            spec: { selector: { matchLabels: operatedLabels(name) }, podMetricsEndpoints: [{ port: "http" }] },
        },
        opts,
    );
}

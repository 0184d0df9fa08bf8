import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

export interface QueryServiceArgs {
    readonly name: string;
    readonly namespace: string;
    /** Labels of the gateway's pods. */
    readonly selector: Readonly<Record<string, string>>;
    /** Ports of the Service by name, with those that the pods listen on. */
    readonly ports: Readonly<Record<string, { readonly port: number; readonly targetPort: number }>>;
}

/** The address of queries, before the gateway's pods: the Service of the chart has one port, that of pushes. */
export function queryService(args: QueryServiceArgs, opts: pulumi.CustomResourceOptions): k8s.core.v1.Service {
    const { name, namespace, selector } = args;
    const ports = Object.entries(args.ports).map(([port, numbers]) => ({ name: port, ...numbers }));
    return new k8s.core.v1.Service(
        name,
        {
            metadata: {
                name,
                namespace,
                labels: { "app.kubernetes.io/part-of": "observability-platform" },
                // It comes before the release with the pods behind it.
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: { selector: { ...selector }, ports },
        },
        opts,
    );
}

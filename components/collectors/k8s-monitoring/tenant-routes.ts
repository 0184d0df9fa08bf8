import type { NamespaceTenant, Tenancy } from "../../contracts/tenancy";
import { COLLECTOR_NAMES, DESTINATIONS, type CollectorName } from "./names";
import type { K8sMonitoringValuesArgs } from "./values-args";
import type { ChartValues } from "./values.gen";

/*
 * Signals of a tenant's namespaces go to the stores as that tenant's. Which namespace a signal is of, nobody is asked: of
 * lines and scrapes it is the pod's, by discovery, of pushes that of the pod that they come from, by its address. Whatever
 * a sender says of itself is put away before.
 */

type Args = Pick<K8sMonitoringValuesArgs, "logStore" | "traceStore" | "metricsStore" | "namespaceTenants">;
type Destinations = NonNullable<ChartValues["destinations"]>;

/** Virtual destinations of the chart, by what they share out. */
const ROUTERS = { pushed: "pushed-by-tenant", scraped: "scraped-by-tenant" } as const;

type Routed = "pushedLogs" | "traces" | "pushedMetrics" | "metrics";

/** Of each kind of destination, the store, and how the routers call its signal. */
const ROUTED = {
    pushedLogs: { store: "logStore", signal: "logs" },
    traces: { store: "traceStore", signal: "traces" },
    pushedMetrics: { store: "metricsStore", signal: "metrics" },
    metrics: { store: "metricsStore", signal: "metrics" },
} as const satisfies Record<Routed, { store: keyof Args; signal: string }>;

const PUSHED = ["pushedLogs", "traces", "pushedMetrics"] as const;

function keepsApart(args: Args, of: Routed): boolean {
    return args[ROUTED[of].store].tenancy.multitenancy;
}

/** The tenants that have namespaces; none where there are none. */
export function routedTenants({ namespaceTenants = [] }: Pick<Args, "namespaceTenants">): readonly NamespaceTenant[] {
    return namespaceTenants;
}

/** Name, in the chart, of where a tenant's signals go; a file of what is unsent is called after it, so it never changes. */
function chartName(tenant: string, of: Routed): string {
    return `of-${tenant}-${DESTINATIONS[of]}`;
}

/** The same arguments with the stores as a tenant sends to them. */
function asTenant<A extends Args>(args: A, tenant: string): A {
    const as = <S extends { readonly tenancy: Tenancy }>(store: S): S => ({
        ...store,
        tenancy: { ...store.tenancy, tenant },
    });
    return {
        ...args,
        logStore: as(args.logStore),
        traceStore: as(args.traceStore),
        metricsStore: as(args.metricsStore),
    };
}

/**
 * Where each tenant's signals go, and what shares them out; nothing where no tenant has namespaces. Of a store that tells
 * nobody apart there is one destination for all.
 * @param made the destinations of one tenant.
 */
export function tenantDestinations<A extends Args>(args: A, made: (as: A) => Destinations): Destinations {
    const tenants = routedTenants(args);
    if (tenants.length === 0) return {};
    const own = made(args);
    const kinds = (Object.keys(ROUTED) as Routed[]).filter((of) => DESTINATIONS[of] in own && keepsApart(args, of));
    const each = tenants.flatMap(({ tenant }) => {
        const all = made(asTenant(args, tenant));
        return kinds.map((of) => [chartName(tenant, of), notWaiting(all[DESTINATIONS[of]])] as const);
    });
    const pushed = PUSHED.filter((of) => kinds.includes(of));
    return {
        ...Object.fromEntries(each),
        ...(pushed.length > 0 && {
            [ROUTERS.pushed]: {
                type: "router" as const,
                ecosystem: "otlp",
                routes: routes(tenants, { resourceAttribute: NAMESPACE_ATTRIBUTE }, pushed),
                defaultDestinations: PUSHED.map((of) => DESTINATIONS[of]),
            },
        }),
        ...(kinds.includes("metrics") && {
            [ROUTERS.scraped]: {
                type: "router" as const,
                ecosystem: "prometheus",
                routes: routes(tenants, { label: "namespace" }, ["metrics"]),
                defaultDestinations: [DESTINATIONS.metrics],
            },
        }),
    };
}

/** A tenant that sends more than it may, or whose store is full, fills its own queue, and keeps nobody else waiting. */
function notWaiting(destination: unknown): Destinations[string] {
    const of = destination as { readonly sendingQueue?: object };
    return {
        ...of,
        ...(of.sendingQueue !== undefined && { sendingQueue: { ...of.sendingQueue, blockOnOverflow: false } }),
    };
}

/** @param field what the router looks at, and its name. */
function routes(
    tenants: readonly NamespaceTenant[],
    field: { readonly resourceAttribute: string } | { readonly label: string },
    kinds: readonly Routed[],
): Destinations[string]["routes"] {
    return tenants.map(({ tenant, namespaces }) => ({
        match: [{ ...field, op: "in" as const, value: [...namespaces] }],
        destinations: kinds.map((of) => chartName(tenant, of)),
        signals: kinds.map((of) => ROUTED[of].signal),
    }));
}

/** Names, in the chart, of where pushes go: to what shares them out, where tenants have namespaces. */
export function pushedTo(args: Args): string[] {
    const routed = routedTenants(args).length > 0 && PUSHED.some((of) => keepsApart(args, of));
    return routed ? [ROUTERS.pushed] : PUSHED.map((of) => DESTINATIONS[of]);
}

/** The same of what is scraped. */
export function scrapedTo(args: Args): string {
    return routedTenants(args).length > 0 && keepsApart(args, "metrics") ? ROUTERS.scraped : DESTINATIONS.metrics;
}

/** The last stages of pods' lines: from here on each is its namespace's tenant's. */
export function tenantStages(args: Args): string {
    if (!keepsApart(args, "pushedLogs") || args.logStore.push.lokiUrl === undefined) return "";
    return routedTenants(args)
        .map(
            ({ tenant, namespaces }) => `stage.match {
  selector = \`{namespace=~"${namespaces.join("|")}"}\`
  stage.tenant {
    value = "${tenant}"
  }
}
`,
        )
        .join("");
}

const NAMESPACE_ATTRIBUTE = "k8s.namespace.name";

/**
 * How the receivers learn which pod pushed: by its address alone. The processor that knows pods does not overwrite what
 * it finds, so that an attribute of the sender's own is emptied before; of who is no pod it stays empty.
 */
export function provenPods(args: Args) {
    if (routedTenants(args).length === 0) return {};
    return {
        k8sattributes: { podAssociation: [{ from: "connection" }] },
        resourceDetection: { override: true, env: { enabled: true }, system: { enabled: false } },
    };
}

/** What the detector of a collector's environment puts in the place of what a sender says. */
export function environmentOf(collector: CollectorName, args: Args): object[] {
    if (collector !== COLLECTOR_NAMES.receiver || routedTenants(args).length === 0) return [];
    return [{ name: "OTEL_RESOURCE_ATTRIBUTES", value: `${NAMESPACE_ATTRIBUTE}=` }];
}

/** A rule that changes nothing: with it the chart makes the component that scrapes are handed to here. */
export const NO_CHANGE = `rule {
  regex  = "__of_no_label__"
  action = "labeldrop"
}
`;

/**
 * The chart's scrapes, as they are but for one line: what a target calls its namespace is kept as `exported_namespace`, for
 * it would be taken for the target's own.
 */
export function ownLabelsFirst(args: Args): NonNullable<ChartValues["replaceComponent"]> {
    if (scrapedTo(args) === DESTINATIONS.metrics) return [];
    return (["http", "https"] as const).map((scheme) => ({
        module: "annotation_autodiscovery",
        type: "prometheus.scrape",
        name: `annotation_autodiscovery_${scheme}`,
        content: scrape(scheme),
    }));
}

function scrape(scheme: "http" | "https"): string {
    return `targets = discovery.relabel.annotation_autodiscovery_${scheme}.output
honor_labels = false
${scheme === "https" ? "tls_config {\n  insecure_skip_verify = true\n}\n" : ""}scrape_protocols = ["OpenMetricsText1.0.0","OpenMetricsText0.0.1","PrometheusText0.0.4"]
scrape_classic_histograms = false
scrape_native_histograms = false
convert_classic_histograms_to_nhcb = false
clustering {
  enabled = true
}
forward_to = [prometheus.relabel.annotation_autodiscovery.receiver]
`;
}

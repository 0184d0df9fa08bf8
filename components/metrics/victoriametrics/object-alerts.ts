import { ofStore, orZero, type Rule } from "../../alerts/rule";
import { NAMESPACE, VMAGENT, VMALERT } from "./names";

/** What scrapes and evaluates VictoriaMetrics' own objects. Prometheus watches it, so that a failure of it is told. */
export function objectRules({ queueBytes }: { readonly queueBytes: number }): Rule[] {
    return ofStore("metrics", [
        scrapesStopped,
        queueFilling(queueBytes),
        blocksLost,
        resultsLost,
        rulerDown,
        rulesFailing,
        alertsDropped,
        refused,
        notReconciled,
    ]);
}

/** A job is the PodMonitor's namespace and name. */
const job = (name: string) => `namespace="${NAMESPACE}",job="${NAMESPACE}/${name}"`;
const ALWAYS = "and for a quarter of an hour some always were.";

/** None of a pair answers. */
function down(program: string, rule: Pick<Rule, "alert" | "summary" | "labels">, what: string): Rule {
    const up = `up{${job(program)}`;
    return {
        ...rule,
        severity: "critical",
        expr: `${orZero(`sum(${up}})`)} == 0`,
        for: "10m",
        labels: { namespace: NAMESPACE, ...rule.labels },
        description: `{{ $value }} ${what}`,
        firing: {
            series: { [`${up},pod="a"}`]: "0x30" },
            minute: 20,
            labels: { namespace: NAMESPACE },
            says: `0 ${what}`,
        },
        // One of the pair is away.
        silent: { series: { [`${up},pod="a"}`]: "0x30", [`${up},pod="b"}`]: "1x30" }, minute: 20 },
    };
}

const scrapesStopped = down(
    VMAGENT,
    { alert: "ObjectScrapesStopped", summary: "Nobody scrapes what VictoriaMetrics' own objects name" },
    "vmagent answer, for 10 minutes now. Targets of VMServiceScrape and other objects are not scraped, and their series have a hole.",
);

const rulerDown = down(
    VMALERT,
    {
        alert: "RulerDown",
        summary: "Nobody evaluates rules of VictoriaMetrics' own objects",
        labels: { ruler: VMALERT },
    },
    "vmalert answer, for 10 minutes now. No alert of a VMRule can fire, and recorded series have a hole.",
);

const PENDING = "vmagent_remotewrite_pending_data_bytes";

function queueFilling(bytes: number): Rule {
    const pending = `${PENDING}{${job(VMAGENT)}`;
    const text =
        "of its queue. The store does not take what objects scrape, or not fast enough; at 100 % the oldest of it is dropped.";
    return {
        alert: "ObjectQueueFilling",
        severity: "warning",
        expr: `sum by (namespace, pod) (${pending}}) / ${bytes} > 0.5`,
        for: "15m",
        summary: "vmagent cannot send what it scrapes",
        description: `{{ $labels.pod }} has filled {{ $value | humanizePercentage }} ${text}`,
        firing: {
            series: { [`${pending},pod="vmagent-0",path="/q",url="1"}`]: `${bytes * 0.75}x40` },
            minute: 30,
            labels: { namespace: NAMESPACE, pod: "vmagent-0" },
            says: `vmagent-0 has filled 75% ${text}`,
        },
        // The store was away for some minutes.
        silent: {
            series: { [`${pending},pod="vmagent-0",path="/q",url="1"}`]: `0x10 ${bytes * 0.6}x8 0x20` },
            minute: 30,
        },
    };
}

/** Something is counted that should not be, each time in a quarter of an hour. */
function counted(
    metrics: readonly string[],
    rule: Pick<Rule, "alert" | "severity" | "summary" | "labels"> & {
        /** Labels beside the namespace, each with what promtool plays. */
        readonly by: Readonly<Record<string, string>>;
        readonly says: (value: string, label: (name: string) => string) => string;
    },
    matchers: string,
): Rule {
    const { by, says, ...rest } = rule;
    const labels = ["namespace", ...Object.keys(by)].join(", ");
    const each = metrics.map((metric) => `sum by (${labels}) (increase(${metric}{${matchers}}[15m]))`);
    const own = Object.entries(by).map(([label, value]) => `,${label}="${value}"`);
    const [first = ""] = metrics;
    const series = `${first}{${matchers}${own.join("")}}`;
    return {
        ...rest,
        expr: `(${each.join(" or ")}) > 0`,
        for: "15m",
        description: says('{{ $value | printf "%.0f" }}', (name) => `{{ $labels.${name} }}`),
        firing: {
            series: { [series]: "0+1x60" },
            minute: 50,
            labels: { namespace: NAMESPACE, ...by },
            says: says("15", (name) => by[name] ?? ""),
        },
        // Once, while something was replaced.
        silent: { series: { [series]: "0x20 2x60" }, minute: 50 },
    };
}

const blocksLost = counted(
    ["vm_persistentqueue_blocks_dropped_total", "vmagent_remotewrite_packets_dropped_total"],
    {
        alert: "ObjectSamplesLost",
        severity: "critical",
        labels: { program: VMAGENT },
        summary: "Samples that VictoriaMetrics' own objects scrape are lost",
        by: { pod: "vmagent-0" },
        says: (value, label) =>
            `${label("pod")} has dropped ${value} blocks of samples within 15 minutes, ${ALWAYS} Its queue is full, or the store refuses them.`,
    },
    job(VMAGENT),
);

const resultsLost = counted(
    ["vmalert_remotewrite_dropped_rows_total"],
    {
        alert: "ObjectSamplesLost",
        severity: "critical",
        labels: { program: VMALERT },
        summary: "Results of VictoriaMetrics' own rules are lost",
        by: { pod: "a" },
        says: (value, label) =>
            `${label("pod")} has dropped ${value} results of rules within 15 minutes, ${ALWAYS} Recorded series have a hole.`,
    },
    job(VMALERT),
);

const rulesFailing = counted(
    ["vmalert_alerting_rules_errors_total", "vmalert_recording_rules_errors_total"],
    {
        alert: "RulesFailing",
        severity: "warning",
        labels: { ruler: VMALERT },
        summary: "vmalert fails to evaluate rules",
        by: { group: "shop" },
        says: (value, label) =>
            `${value} evaluations of rules of the group ${label("group")} failed in vmalert within 15 minutes, ${ALWAYS} What they watch raises no alert meanwhile.`,
    },
    job(VMALERT),
);

const ERRORS = `vmalert_alerts_send_errors_total{${job(VMALERT)}`;
const DROPPED =
    "alerts that no Alertmanager took within 15 minutes, and for a quarter of an hour there always were some. Nobody is told of them.";

const alertsDropped: Rule = {
    alert: "RulerAlertsDropped",
    severity: "critical",
    labels: { ruler: VMALERT },
    // Each alert goes to every Alertmanager: what one of them takes is told.
    expr: `min by (namespace) (sum by (namespace, addr) (increase(${ERRORS}}[15m]))) > 0`,
    for: "15m",
    summary: "Alerts of VictoriaMetrics' own rules reach no Alertmanager",
    description: `vmalert sent {{ $value | printf "%.0f" }} ${DROPPED}`,
    firing: {
        series: { [`${ERRORS},pod="a",addr="x"}`]: "0+1x60", [`${ERRORS},pod="a",addr="y"}`]: "0+2x60" },
        minute: 50,
        labels: { namespace: NAMESPACE },
        says: `vmalert sent 15 ${DROPPED}`,
    },
    // One of the Alertmanagers is away.
    silent: {
        series: { [`${ERRORS},pod="a",addr="x"}`]: "0+1x60", [`${ERRORS},pod="a",addr="y"}`]: "0x60" },
        minute: 50,
    },
};

const IN_NAMESPACE = `namespace="${NAMESPACE}"`;

const refused = counted(
    ["operator_bad_objects_total"],
    {
        alert: "ObjectsRefused",
        severity: "warning",
        summary: "VictoriaMetrics' own objects are wrong, and not in use",
        by: { crd: "vmrule", object_namespace: "shop" },
        says: (value, label) =>
            `${value} times within 15 minutes the operator passed over objects of the kind ${label("crd")} in the namespace ${label("object_namespace")}, which are wrong. What they should scrape or evaluate is not.`,
    },
    IN_NAMESPACE,
);

const notReconciled = counted(
    ["controller_runtime_reconcile_errors_total"],
    {
        alert: "ObjectsNotReconciled",
        severity: "warning",
        summary: "VictoriaMetrics' operator fails at objects",
        by: { controller: "vmagent" },
        says: (value, label) =>
            `${value} times within 15 minutes the operator failed at an object of the kind ${label("controller")}, ${ALWAYS} What was changed since is not in use.`,
    },
    IN_NAMESPACE,
);

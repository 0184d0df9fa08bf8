import { record, records, strings } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Check } from "../check";
import type { Found } from "../finding";
import { selects } from "../selectors";
import { readersOf } from "../wiring/monitors";
import { nameOf, type ClusterModel } from "../cluster-model";
import { AlloySyntaxError, parseAlloy, type Block, type Statement } from "./alloy-syntax";
import { configFiles } from "./files";

/** An object with rules, and who evaluates them. */
export interface ReadRules {
    readonly object: RenderedObject;
    /** Prometheus servers that select it, and rulers of the metrics store: they read PromQL. */
    readonly servers: readonly RenderedObject[];
    /** Configurations of the Alloys that carry it to a ruler of Loki, which reads LogQL. */
    readonly carriers: readonly RenderedObject[];
}

export function readRules(model: ClusterModel): ReadRules[] {
    const carrying = configFiles(model)
        .files.filter(({ program }) => program === "alloy")
        .flatMap(({ text, holder }) => carriersIn(text).map((component) => ({ component, holder })));
    return model.ofKind("PrometheusRule").map((object) => ({
        object,
        servers: readersOf(model, "PrometheusRule", object),
        carriers: carrying.filter(({ component }) => carries(component, object)).map(({ holder }) => holder),
    }));
}

export const ruleReaders: Check = {
    name: "rule-readers",
    promise:
        "Every object with rules goes to Prometheus, the metrics store's ruler or Loki's, and to one of them alone",
    run: (model) => readRules(model).flatMap((each) => [...wrongReaders(each), ...refused(model, each)]),
};

function wrongReaders({ object, servers, carriers }: ReadRules): Found[] {
    const readers = [...servers, ...carriers].map(nameOf);
    // Servers of the same kind share the objects, or read them twice on purpose.
    const kinds = new Set(servers.map((each) => each.object.kind));
    if (kinds.size + Math.min(carriers.length, 1) === 1) return [];
    return [
        {
            object: nameOf(object),
            found: readers.length === 0 ? "nobody reads it" : `read by ${readers.join(" and ")}`,
            wanted: "a Prometheus or a ThanosRuler that selects it, or an Alloy that carries it to Loki's ruler",
            hint: "the label observability-platform/rules decides, with metrics or logs: it is misspelt, or something under `values` changes a selector",
        },
    ];
}

/** Prometheus' webhook reads PromQL alone, and would refuse the others. */
function refused(model: ClusterModel, { object, carriers }: ReadRules): Found[] {
    if (carriers.length === 0) return [];
    const labels = object.object.metadata.labels ?? {};
    return ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]
        .flatMap((kind) => model.ofKind(kind))
        .filter((config) =>
            records(config.object.webhooks).some(
                (hook) =>
                    records(hook.rules).some(({ resources }) => strings(resources).includes("prometheusrules")) &&
                    selects(record(hook.objectSelector), labels),
            ),
        )
        .map((config) => ({
            object: nameOf(object),
            found: `${nameOf(config)} is asked about it, and reads no LogQL`,
            wanted: "an objectSelector that leaves it out",
            hint: "see prometheusOperator.admissionWebhooks.objectSelector in the values of kube-prometheus-stack",
        }));
}

/** Components of an Alloy that carry rules to a ruler. */
export function carriersIn(text: string): Block[] {
    return blocks(parsed(text), "loki.rules.kubernetes");
}

/** Alloy's selector as `match_labels` has it; without one it takes every object. */
function carries(component: Block, { object }: RenderedObject): boolean {
    const labels = blocks(component.body, "rule_selector").flatMap(({ body }) =>
        body.flatMap((each) => ("attribute" in each && each.attribute === "match_labels" ? [...each.members] : [])),
    );
    return labels.every(([key, value]) => object.metadata.labels?.[key] === value);
}

function blocks(statements: readonly Statement[], name: string): Block[] {
    return statements.filter((each) => "block" in each).filter(({ block }) => block === name);
}

function parsed(text: string): Statement[] {
    try {
        return parseAlloy(text);
    } catch (error) {
        // Another check's finding.
        if (error instanceof AlloySyntaxError) return [];
        throw error;
    }
}

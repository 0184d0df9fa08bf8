import assert from "node:assert/strict";
import { at, record } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { EVERY_SOURCE } from "../fixtures/every-source";
import { pagesOf } from "../fixtures/markdown";
import { ofRole } from "../fixtures/watched";
import { needsCharts, renderedWith, ROOT } from "./rendered";

const KINDS: Record<string, string> = {
    statefulset: "StatefulSet",
    deployment: "Deployment",
    deploy: "Deployment",
    service: "Service",
    svc: "Service",
    secret: "Secret",
    cronjob: "CronJob",
    prometheus: "Prometheus",
    alertmanager: "Alertmanager",
    cluster: "Cluster",
};

/** Whose alerts share a page. */
const STORES = (["metrics", "logs", "traces"] as const).flatMap((role) => ofRole(role).namespaces);

interface Command {
    readonly page: string;
    readonly text: string;
    readonly namespace: string;
}

/** Every `kubectl` of the docs that asks something of a namespace of the platform. */
function commands(namespaces: ReadonlySet<string>): Command[] {
    return pagesOf(ROOT).flatMap(({ path, prose, blocks }) => {
        const code = [...prose.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
        const texts = [...code, ...blocks.map(({ text }) => text)].join("\n").replace(/\\\n\s*/g, " ");
        return [...texts.matchAll(/kubectl [^\n|&;#]*/g)].flatMap(([text]) => {
            const [, given = ""] = /(?:--namespace|-n) (\S+)/.exec(text) ?? [];
            const stores = given === "$NAMESPACE" ? STORES : [given];
            return stores
                .filter((namespace) => namespaces.has(namespace))
                .map((namespace) => ({ page: path, text: text.replaceAll("$NAMESPACE", namespace).trim(), namespace }));
        });
    });
}

/** Who copies a command on a bad night has no use for one that finds nothing. */
describe("commands of the docs", () => {
    let model: ClusterModel;
    let asked: Command[];

    before(async function () {
        needsCharts(this);
        const restoring = { ...(JSON.parse(EVERY_SOURCE["observability:backup"] ?? "{}") as object), restore: {} };
        model = await renderedWith("prod", { ...EVERY_SOURCE, "observability:backup": JSON.stringify(restoring) });
        asked = commands(new Set(model.ofKind("Namespace").map(({ object }) => object.metadata.name)));
        assert.ok(asked.length > 40, `only ${asked.length} commands: is the check blind?`);
    });

    it("select pods that prod has", () => {
        const labelled = [
            ...model.pods.map(({ namespace, labels }) => ({ namespace, labels })),
            ...model.objects.map(({ namespace, object }) => ({ namespace, labels: record(object.metadata.labels) })),
        ];
        const blind = asked.filter(({ text, namespace }) => {
            const [, selector] = /(?:--selector|-l) (\S+)/.exec(text) ?? [];
            if (selector === undefined) return false;
            const wanted = selector.split(",").map((each) => each.split("="));
            return !labelled.some(
                (one) =>
                    one.namespace === namespace &&
                    wanted.every(([key = "", value]) => record(one.labels)[key] === value),
            );
        });
        assert.deepEqual(blind, []);
    });

    it("name objects that prod has", () => {
        const target = new RegExp(`\\b(${Object.keys(KINDS).join("|")})[ /]([a-z][a-z0-9-]*)`, "g");
        const named = asked
            .filter(({ text }) => !text.includes(" create secret "))
            .flatMap((command) =>
                [...command.text.matchAll(target)].map(([, kind = "", name = ""]) => ({ ...command, kind, name })),
            );
        assert.ok(named.length > 10, `only ${named.length} names: is the check blind?`);
        assert.deepEqual(
            named.filter(({ namespace, kind, name }) => model.find(KINDS[kind] ?? kind, namespace, name) === undefined),
            [],
        );
    });

    it("scale what deletes from a store's buckets", () => {
        // No command of a page finds Tempo's compactor if it becomes a StatefulSet: this is what a restore waits for.
        for (const [kind, store] of [
            ["StatefulSet", "cortex"],
            ["StatefulSet", "loki"],
            ["Deployment", "tempo"],
        ] as const) {
            const compactor = model.find(kind, store, `${store}-compactor`);
            assert.equal(at(compactor?.spec, "replicas"), store === "loki" ? 1 : 2, store);
        }
    });
});

import { deepEqual, ok } from "node:assert/strict";
import { at, record, records, strings } from "../../tools/records";
import type { KubernetesObject } from "../../tools/render/manifests";
import { madeByOperators } from "../../tools/verify/operators/operators";
import type { Pods } from "../../tools/verify/pods";
import { until } from "./until";
import { needsOperator, TEAM, VmOperator } from "./vm-operator";

/*
 * VictoriaMetrics' own operator, with exactly the rights that its chart gives it, on a real API server: what it makes of
 * VMAgent and VMAlert is what `verify` judges in its place, and what a team's objects say reaches vmagent.
 */

const MADE = ["StatefulSet", "Deployment"];

describe("VictoriaMetrics' operator", () => {
    let operator: VmOperator | undefined;
    let here: VmOperator;

    before(async function () {
        needsOperator(this);
        here = operator = await VmOperator.start();
    });

    after(async () => {
        await operator?.stop();
    });

    it("makes of the stack's objects what verify says that it makes", async () => {
        const { resources } = here;
        deepEqual(resources.map(({ object }) => object.kind).sort(), ["VMAgent", "VMAlert"]);
        here.applyResources();
        const modelled = madeByOperators(resources);
        ok(modelled.pods.length === 2);
        for (const pods of modelled.pods) {
            ok(MADE.includes(pods.kind), pods.kind);
            await until(`${pods.name} is there`, () => here.isThere(pods.kind, pods.name), 1000);
            deepEqual(told(here.live(pods.kind, pods.name)), toldOf(pods), `${pods.kind} ${pods.name}`);
        }
        for (const { object } of modelled.objects) {
            const { kind, metadata } = object;
            await until(`${kind} ${metadata.name} is there`, () => here.isThere(kind, metadata.name), 1000);
        }
    });

    it("has vmagent scrape what a team's object names, and says so in its status", async () => {
        here.kubectl.apply({
            apiVersion: "operator.victoriametrics.com/v1beta1",
            kind: "VMServiceScrape",
            metadata: { name: "checkout", namespace: TEAM },
            spec: { selector: { matchLabels: { app: "checkout" } }, endpoints: [{ port: "metrics" }] },
        });
        await until("its job is there", () => here.scrapes().includes(`serviceScrape/${TEAM}/checkout/0`), 1000);
        deepEqual(at(here.live("vmservicescrape", "checkout", TEAM), "status.updateStatus"), "operational");
    });
});

/** One dash is as good as two. */
const flag = (argument: string) => argument.replace(/^--?/, "--");

/** What the operator decides of pods, without what the API server fills in. */
function told({ spec }: KubernetesObject): unknown {
    const labels = record(at(spec, "template.metadata.labels"));
    return shape(Number(record(spec).replicas), labels, record(at(spec, "template.spec")));
}

function toldOf({ replicas, spec, labels, claims }: Pods): unknown {
    const claimed = claims.map((claim) => at(claim, "metadata.name"));
    const volumes = records(spec.volumes).filter(({ name }) => !claimed.includes(name));
    return shape(Number(replicas), labels, { ...spec, volumes });
}

function shape(replicas: number, labels: Readonly<Record<string, unknown>>, spec: Readonly<Record<string, unknown>>) {
    const { serviceAccountName, automountServiceAccountToken, terminationGracePeriodSeconds, securityContext } = spec;
    const names = (of: unknown) => records(of).map(({ name }) => name);
    const containers = records(spec.containers).map(({ name, image, args, resources, securityContext: own }) => ({
        ...{ name, image, resources, securityContext: own },
        // Of a container beside, the operator's own affair.
        ...(name !== "config-reloader" && { args: strings(args).map(flag).sort() }),
    }));
    return {
        ...{ replicas, labels, serviceAccountName, automountServiceAccountToken, terminationGracePeriodSeconds },
        ...{ securityContext, containers },
        initContainers: names(spec.initContainers),
        volumes: names(spec.volumes).sort(),
    };
}

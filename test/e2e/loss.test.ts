import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RenderedObject } from "../../tools/render/manifests";
import { podsOf, type Pods } from "../../tools/verify/pods";
import { CONTROL_PLANE, node, stagesWithStops, startControlPlane } from "./control-plane";
import { Kubectl } from "./kubectl";
import { applyAll, install } from "./loss/install";
import { Losses, type Node, type Outcome } from "./loss/losses";
import { operatorsWork, startPrometheusOperator } from "./loss/operators";
import { PodWatch } from "./loss/pod-watch";
import { Primary } from "./loss/primary";
import { isOf, quorumsOf, type Quorum } from "./loss/quorums";
import { putOffOf, tableOf, waitingOf } from "./loss/table";
import { needsCharts, rendered, renderedWith } from "./rendered";

/**
 * Prod on six nodes in three zones of a real API server with its real scheduler and controllers: each node and each zone
 * is taken away in turn, then each node drained. Disks are in the zone of their pod. It proves where pods stand and what
 * is left of each quorum at any moment, not that a process takes over. METRICS=thanos puts another metrics store in,
 * LOGS=opensearch another log store.
 */
const { METRICS, LOGS } = process.env;
/** Certificates come from Secrets, since cert-manager's definitions are no part of the stack. */
const CERTIFICATES = { from: "secrets", node: "opensearch-node-tls", admin: "opensearch-admin-tls" };
const OTHERS = {
    ...(METRICS !== undefined && { "observability:metrics": JSON.stringify({ kind: METRICS }) }),
    ...(LOGS !== undefined && { "observability:logs": JSON.stringify({ kind: LOGS, certificates: CERTIFICATES }) }),
};
const ZONES = 3;
const NODES: Node[] = Array.from({ length: 6 }, (_, index) => ({
    name: `node-${index}`,
    zone: `zone-${index % ZONES}`,
    object: node(index, ZONES),
}));

describe("prod on the real scheduler", function () {
    // After a loss that was not made good the next ones prove nothing.
    this.bail(true);
    let folder: string | undefined;
    /** Ends what was started, last first. */
    const stops: (() => void)[] = [];
    let pods: PodWatch;
    let losses: Losses;
    let sets: Pods[];
    let quorums: Quorum[];
    const outcomes: Outcome[] = [];

    before(async function () {
        needsCharts(this, CONTROL_PLANE);
        folder = mkdtempSync(join(tmpdir(), "loss-"));
        const { objects } = await (Object.keys(OTHERS).length === 0 ? rendered("prod") : renderedWith("prod", OTHERS));
        const plane = await startControlPlane(join(folder, "cluster"), NODES.length, ZONES, stagesWithStops(folder));
        stops.push(plane.stop);
        const kubectl = new Kubectl(plane.kubeconfig);
        const operators = operatorsWork(objects);
        console.log(`      ${operators.says}`);
        pods = new PodWatch(plane.kubeconfig);
        stops.push(() => {
            pods.stop();
        });
        install(objects, kubectl);
        stops.push(startPrometheusOperator(objects, plane.kubeconfig, folder));
        applyAll(operators.standIns, kubectl);
        sets = [...ordinary(objects), ...operators.pods];
        quorums = quorumsOf(objects, sets);
        const instances = quorums.find(({ name }) => name.startsWith("PostgreSQL"))?.pods;
        assert.ok(instances);
        losses = new Losses(kubectl, pods, new Primary(instances, pods, kubectl), NODES, sets, quorums);
        await losses.whole();
    });

    after(() => {
        stops.reverse().forEach((stop) => {
            stop();
        });
        if (process.env.KEEP === undefined && folder !== undefined) rmSync(folder, { recursive: true, force: true });
        if (outcomes.length > 0)
            console.log(`\n${tableOf(outcomes, quorums)}\n\n${waitingOf(outcomes)}\n${putOffOf(outcomes)}`);
    });

    it("has every pod placed and ready, each known by what makes it", () => {
        console.log(`      ${pods.all.length} pods of ${sets.length} workloads`);
        assert.deepEqual(
            pods.all.filter((pod) => !pod.ready).map((pod) => `${pod.name}: ${pod.unschedulable ?? ""}`),
            [],
        );
        const makers = pods.all.map((pod) => ({ pod: pod.name, makers: sets.filter((set) => isOf(set, pod)).length }));
        assert.deepEqual(
            makers.filter((each) => each.makers !== 1),
            [],
        );
        const short = sets.filter(
            (set) => pods.all.filter((pod) => isOf(set, pod)).length !== (set.replicas ?? NODES.length),
        );
        assert.deepEqual(
            short.map(({ name }) => name),
            [],
        );
    });

    const holds = (outcome: Outcome) => {
        outcomes.push(outcome);
        assert.ok(outcome.lost > 0, "nothing was lost: this loss proves nothing");
        const broken = [...outcome.lowest].filter(([, { left, needed }]) => left < needed);
        assert.deepEqual(
            broken.map(
                ([{ name, unit }, { left, needed }]) => `${name}: ${left} of the ${needed} ${unit} that it needs`,
            ),
            [],
        );
    };

    for (const each of NODES) {
        it(`goes on without ${each.name}`, async () => {
            holds(await losses.lose(each.name, [each]));
            await losses.giveBack([each]);
        });
    }

    for (const zone of new Set(NODES.map((each) => each.zone))) {
        it(`goes on without ${zone}`, async () => {
            const own = NODES.filter((each) => each.zone === zone);
            holds(await losses.lose(zone, own));
            await losses.giveBack(own);
        });
    }

    for (const each of NODES) {
        it(`lets ${each.name} be drained`, async () => {
            holds(await losses.drain(each));
        });
    }
});

/** Sets of pods that last, of Kubernetes' own workloads. */
function ordinary(objects: readonly RenderedObject[]): Pods[] {
    return objects
        .filter(({ hook }) => hook === undefined)
        .flatMap((each) => podsOf(each))
        .filter(({ kind }) => !kind.endsWith("Job"));
}

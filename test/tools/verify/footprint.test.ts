import assert from "node:assert/strict";
import { footprintOf } from "../../../tools/verify/footprint";
import { given } from "../../fixtures/verify/given";
import { document, LABELS, STRICT, workload, zones } from "../../fixtures/verify/manifests";

const GI = 2 ** 30;
const NODE = { cpu: 4, memory: 16 * GI };
const asks = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });

describe("footprint", () => {
    it("adds up what runs together, or the largest of what runs before", () => {
        const initContainers = [
            { name: "first", ...asks("2", "64Mi") },
            { name: "beside", restartPolicy: "Always", ...asks("100m", "1Gi") },
        ];
        const model = given(workload({ replicas: 3, container: asks("500m", "1Gi"), pod: { initContainers } }));
        const { cpu, memory, pods } = footprintOf(model, NODE).total;
        assert.deepEqual({ cpu, memory, pods }, { cpu: 6, memory: 6 * GI, pods: 3 });
    });

    it("counts disks of templates for each pod, and a claim of its own once", () => {
        const claim = document({
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            metadata: { name: "own" },
            spec: { resources: { requests: { storage: "5Gi" } } },
        });
        const volumes = [{ name: "own", persistentVolumeClaim: { claimName: "own" } }];
        const stateful = workload({ kind: "StatefulSet", replicas: 3, claims: true, name: "b" });
        const { total } = footprintOf(given(stateful + workload({ replicas: 1, pod: { volumes } }) + claim), NODE);
        assert.equal(total.disk, 35 * GI);
    });

    it("leaves jobs out, and counts what runs on each node once", () => {
        const container = { name: "main", ...asks("1", "1Gi") };
        const template = { metadata: { labels: {} }, spec: { containers: [container] } };
        const job = document({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "j" }, spec: { template } });
        const daemon = document({
            apiVersion: "apps/v1",
            kind: "DaemonSet",
            metadata: { name: "d" },
            spec: { template },
        });
        const { cpu, pods, perNode, objects } = footprintOf(given(job + daemon), NODE).total;
        assert.deepEqual({ cpu, pods, perNode, objects }, { cpu: 1, pods: 1, perNode: 1, objects: 2 });
    });

    const nodes = (manifests: string, settings = {}) => footprintOf(given(manifests, settings), NODE).nodes;
    const free = { affinity: undefined, topologySpreadConstraints: undefined };

    it("needs as many nodes as requests fill, or as pods may not share", () => {
        assert.equal(nodes(workload({ replicas: 4, pod: free, container: asks("1", "1Gi") })), 1);
        assert.equal(nodes(workload({ replicas: 5, pod: free, container: asks("1", "1Gi") })), 2);
        assert.equal(nodes(workload({ replicas: 5 })), 5);
    });

    it("counts what runs on each node on each", () => {
        const containers = [{ name: "main", ...asks("3", "1Gi") }];
        const template = { metadata: { labels: {} }, spec: { containers } };
        const daemon = document({
            apiVersion: "apps/v1",
            kind: "DaemonSet",
            metadata: { name: "d" },
            spec: { template },
        });
        assert.equal(nodes(daemon + workload({ replicas: 2, pod: free, container: asks("1", "1Gi") })), 2);
    });

    it("keeps required zones apart, of which there are three", () => {
        const strict = { affinity: undefined, topologySpreadConstraints: zones(LABELS, STRICT) };
        const two = workload({ replicas: 2, pod: strict });
        assert.equal(nodes(two, { survives: "node" }), 1);
        assert.equal(nodes(two), 2);
        assert.equal(nodes(workload({ replicas: 4, pod: strict })), 3);
    });

    it("says so where a pod is larger than a node", () => {
        assert.equal(nodes(workload({ container: asks("5", "1Gi") })), undefined);
    });
});

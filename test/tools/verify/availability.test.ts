import assert from "node:assert/strict";
import {
    collectorLabels,
    OPERATOR_LABELS as ALLOY_OPERATOR,
} from "../../../components/collectors/k8s-monitoring/names";
import { CLUSTER, OPERATOR_LABELS } from "../../../components/database/postgres/names";
import { disruptionBudgets } from "../../../tools/verify/checks/disruption-budgets";
import { lifecycle } from "../../../tools/verify/checks/lifecycle";
import { replicas } from "../../../tools/verify/checks/replicas";
import { resources } from "../../../tools/verify/checks/resources";
import { spread } from "../../../tools/verify/checks/spread";
import { assertClean, assertFound, foundBy, given } from "../../fixtures/verify/given";
import { budget, document, hosts, LABELS, STRICT, workload, zones } from "../../fixtures/verify/manifests";

const LAPTOP = { survives: "nothing" };
const NODE = { survives: "node" };
/** Labels of a store's pods: those of its chart, in its own release. */
const ofStore = (store: string, component: string) => ({
    "app.kubernetes.io/name": store,
    "app.kubernetes.io/instance": store,
    "app.kubernetes.io/component": component,
});
const CORTEX = ofStore("cortex", "querier");
const OTHER = { app: "b" };

describe("verify: replicas", () => {
    it("pass at the minimum, and wherever nothing is to be survived", () => {
        assertClean(replicas, given(workload({ replicas: 2 })));
        assertClean(replicas, given(workload({ replicas: 1 }), LAPTOP));
    });

    it("are too few where one pod is all there is, unless it is named with a reason", () => {
        assertFound(replicas, given(workload({ replicas: 1 })), /1 of a -> at least 2/);
        const labels = { app: "kube-prometheus-stack-operator", release: "kps" };
        const found = foundBy(replicas, given(workload({ replicas: 1, labels })));
        assert.deepEqual(
            found.filter((each) => / of a/.test(each)),
            [],
        );
    });

    it("are held against the policies' minimum for the workload that the labels tell, whatever its name", () => {
        const queriers = (count: number) =>
            foundBy(replicas, given(workload({ replicas: count, labels: CORTEX }))).filter((each) =>
                / of a/.test(each),
            );
        assert.deepEqual(queriers(3), []);
        assert.match(queriers(2).join(), /2 of a -> at least 3/);
    });

    it("are none where a system lacks a workload that it has in production", () => {
        const found = foundBy(replicas, given(workload({ replicas: 3, labels: CORTEX })));
        assert.ok(found.some((each) => each.startsWith("cortex.ingester: no pods")));
        assert.ok(found.every((each) => each.startsWith("cortex.")));
    });

    it("are none only where the release's mode has such a workload", () => {
        const model = given(workload({ replicas: 3, labels: ofStore("loki", "querier") }));
        const inputs = {
            name: "loki",
            namespace: "ns",
            chart: "loki",
            version: "1",
            values: { deploymentMode: "Distributed" },
        };
        const base = { urn: "u", name: "loki", parent: "", custom: true, dependencies: [], protect: false };
        const release = { ...base, type: "kubernetes:helm.sh/v3:Release", inputs };
        const missing = foundBy(replicas, { ...model, plan: { resources: [release], outputs: {} } });
        assert.ok(missing.some((each) => each.startsWith("loki.ingester: no pods")));
        assert.ok(!missing.some((each) => each.startsWith("loki.single-binary")));
        assert.deepEqual(foundBy(replicas, model), ["loki.gateway: no pods -> its pods beside the system's others"]);
    });

    it("are none of a collector only where the settings ask for it", () => {
        const receiver = workload({ replicas: 3, labels: collectorLabels("alloy-receiver") });
        const operator = workload({ replicas: 2, name: "operator", labels: ALLOY_OPERATOR });
        const features = { annotationDiscovery: false };
        assertFound(
            replicas,
            given(receiver + operator, { k8sMonitoring: { features } }),
            /^k8s-monitoring.events: no pods/,
        );
    });

    it("are an autoscaler's least where there is one", () => {
        const scaler = (minReplicas: number) =>
            document({
                apiVersion: "autoscaling/v2",
                kind: "HorizontalPodAutoscaler",
                metadata: { name: "a" },
                spec: { minReplicas, scaleTargetRef: { kind: "Deployment", name: "a" } },
            });
        assertClean(replicas, given(workload({ replicas: 1 }) + scaler(2)));
        assertFound(replicas, given(workload({ replicas: 5 }) + scaler(1)), /1 of a/);
    });

    it("of a database are its instances together", () => {
        const cluster = (instances: number) =>
            document({
                apiVersion: "postgresql.cnpg.io/v1",
                kind: "Cluster",
                metadata: { name: CLUSTER },
                spec: { instances, affinity: { podAntiAffinityType: "required" } },
            });
        const operator = workload({ labels: OPERATOR_LABELS });
        assertClean(replicas, given(cluster(3) + operator));
        assertFound(replicas, given(cluster(2) + operator), /2 of grafana-db -> at least 3/);
    });
});

describe("verify: spread", () => {
    it("passes pods that may share no host and prefer other zones", () => {
        assertClean(spread, given(workload()));
        assertClean(
            spread,
            given(workload({ pod: { affinity: undefined, topologySpreadConstraints: undefined } }), LAPTOP),
        );
    });

    it("finds anti-affinity on labels that the pods lack", () => {
        assertFound(spread, given(workload({ pod: { affinity: hosts(OTHER) } })), /may share a host/);
    });

    it("finds anti-affinity that looks into another namespace only", () => {
        const [term] = hosts(LABELS).podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
        const elsewhere = { ...term, namespaces: ["other"] };
        const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [elsewhere] } };
        assertFound(spread, given(workload({ pod: { affinity } })), /may share a host/);
    });

    it("finds preferred anti-affinity too weak for hosts", () => {
        const podAffinityTerm = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: LABELS } };
        const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm }] };
        assertFound(spread, given(workload({ pod: { affinity: { podAntiAffinity: preferred } } })), /may share a host/);
    });

    it("finds a spread that counts other pods, also on a laptop", () => {
        const wrong = workload({ pod: { topologySpreadConstraints: zones(OTHER) } });
        assertFound(spread, given(wrong, LAPTOP), /does not select the pods' own labels app=a/);
        const patterns = [/does not select/, /may share a zone/];
        assertFound(spread, given(wrong), ...patterns);
    });

    it("reads expressions of selectors as Kubernetes does", () => {
        const expression = (operator: string, values: string[]) => [
            { ...zones(LABELS)[0], labelSelector: { matchExpressions: [{ key: "app", operator, values }] } },
        ];
        const pod = (operator: string, values: string[]) => ({
            topologySpreadConstraints: expression(operator, values),
        });
        assertClean(spread, given(workload({ pod: pod("In", ["b", "a"]) })));
        assertClean(spread, given(workload({ pod: pod("NotIn", ["b"]) })));
        assertFound(spread, given(workload({ pod: pod("NotIn", ["a"]) })), /does not select/, /may share a zone/);
    });

    it("asks for zones only where a zone may be lost", () => {
        const nowhere = workload({ pod: { topologySpreadConstraints: [] } });
        assertFound(spread, given(nowhere), /may share a zone/);
        assertClean(spread, given(nowhere, NODE));
    });

    it("wants zones strictly for pods with volumes, and honor for taints then", () => {
        const stateful = { kind: "StatefulSet", claims: true };
        assertClean(spread, given(workload(stateful)));
        const soft = { topologySpreadConstraints: zones(LABELS) };
        assertFound(spread, given(workload({ ...stateful, pod: soft })), /since they have volumes/);
        const ignoring = { topologySpreadConstraints: zones(LABELS, { ...STRICT, nodeTaintsPolicy: undefined }) };
        assertFound(spread, given(workload({ ...stateful, pod: ignoring })), /nodeTaintsPolicy: Honor/);
    });
});

describe("verify: disruption-budgets", () => {
    it("pass where one budget selects each set of pods", () => {
        assertClean(disruptionBudgets, given(workload() + budget()));
        assertClean(disruptionBudgets, given(workload() + budget({ minAvailable: "50%" })));
    });

    it("finds one that is missing, and one too many", () => {
        assertFound(disruptionBudgets, given(workload()), /no budget selects a/);
        const two = budget() + budget({ maxUnavailable: 1 }, LABELS, "again");
        assertFound(disruptionBudgets, given(workload() + two), /ns\/PodDisruptionBudget\/a, .*again all select a/);
    });

    it("finds one that selects nothing, or that stands in another namespace", () => {
        assertFound(disruptionBudgets, given(budget({ maxUnavailable: 1 }, OTHER), LAPTOP), /selects no pods/);
        const elsewhere = budget().replace("name: a\n", "name: a\n  namespace: other\n");
        assertFound(disruptionBudgets, given(workload() + elsewhere), /^other.*selects no pods/, /no budget selects/);
    });

    it("finds one that selects two workloads, a job's pods among them", () => {
        const job = document({
            apiVersion: "batch/v1",
            kind: "Job",
            metadata: { name: "once" },
            spec: { template: { metadata: { labels: LABELS }, spec: { containers: [] } } },
        });
        assertFound(disruptionBudgets, given(workload() + budget() + job), /selects the pods of a, once/);
    });

    it("finds those that let nothing be evicted, also on a laptop", () => {
        const single = workload({ replicas: 1 });
        assertFound(disruptionBudgets, given(single + budget({ minAvailable: 1 }), LAPTOP), /lets 0 of 1 pods/);
        assertFound(disruptionBudgets, given(workload() + budget({ minAvailable: "51%" })), /lets 0 of 2 pods/);
        assertFound(disruptionBudgets, given(workload() + budget({ maxUnavailable: 0 })), /lets 0 of 2 pods/);
        assertFound(disruptionBudgets, given(workload() + budget({})), /gives no limit/);
    });

    it("finds one that lets two members of a quorum go", () => {
        const labels = ofStore("loki", "ingester");
        const ingesters = workload({ replicas: 3, labels, kind: "StatefulSet", claims: true });
        assertFound(disruptionBudgets, given(ingesters + budget({ maxUnavailable: 2 }, labels)), /lets 2 of 3/);
        assertClean(disruptionBudgets, given(workload({ replicas: 3 }) + budget({ maxUnavailable: 2 })));
    });
});

describe("verify: lifecycle", () => {
    it("passes pods that are replaced one after another", () => {
        assertClean(lifecycle, given(workload()));
        assertClean(lifecycle, given(workload({ replicas: 1, strategy: { type: "Recreate" } })));
    });

    it("finds strategies that take all pods at once, or none", () => {
        assertFound(lifecycle, given(workload({ strategy: { type: "Recreate" } })), /all pods go at once/);
        const onDelete = workload({ kind: "StatefulSet", strategy: { type: "OnDelete" } });
        assertFound(lifecycle, given(onDelete), /until somebody deletes/);
    });

    it("finds an update that needs a host more than there may be", () => {
        assertFound(lifecycle, given(workload({ replicas: 3, strategy: {} })), /an update that 3 hosts are enough for/);
        // Three hosts are there for the other workload: two pods and one more fit.
        const other = workload({ replicas: 3, name: "b", labels: OTHER });
        assertClean(lifecycle, given(workload({ strategy: {} }) + other));
        // A quarter of four may be away.
        assertClean(lifecycle, given(workload({ replicas: 4, strategy: {} })));
    });

    it("finds pods that are never asked whether they are ready", () => {
        assertFound(lifecycle, given(workload({ container: { readinessProbe: undefined } })), /readiness probe/);
    });

    it("finds pods that are restarted because others are away", () => {
        const asks = (probe: string, path: string) => workload({ container: { [probe]: { httpGet: { path } } } });
        assertFound(lifecycle, given(asks("livenessProbe", "/ready")), /its livenessProbe asks \/ready/);
        assertFound(lifecycle, given(asks("startupProbe", "/-/ready")), /its startupProbe asks/);
        for (const path of ["/services", "/-/healthy", "/status/version"]) {
            assertClean(lifecycle, given(asks("livenessProbe", path)));
        }
    });

    it("finds pods that are killed before they are told to stop", () => {
        const lifecycleOf = (preStop: object) => ({ container: { lifecycle: { preStop } } });
        const exec = { exec: { command: ["sh", "-c", "sleep 45; nginx -s quit"] } };
        assertFound(lifecycle, given(workload(lifecycleOf(exec))), /killed after 30 s.*it sleeps 45 s/);
        assertFound(lifecycle, given(workload(lifecycleOf({ sleep: { seconds: 30 } }))), /at least 31/);
        assertClean(lifecycle, given(workload(lifecycleOf({ sleep: { seconds: 10 } }))));
    });

    it("finds an ingester without the time to write its memory out", () => {
        const labels = ofStore("tempo", "ingester");
        assertFound(lifecycle, given(workload({ labels, kind: "StatefulSet" })), /at least 300.*memory holds/);
    });
});

describe("verify: resources", () => {
    it("passes containers that ask for what they need", () => {
        assertClean(resources, given(workload()));
    });

    it("finds what each container lacks, those that run first and those of jobs included", () => {
        const first = { initContainers: [{ name: "first", resources: { requests: { cpu: 1 } } }] };
        assertFound(resources, given(workload({ pod: first })), /container first lacks requests.memory, limits.memory/);
        const job = document({
            apiVersion: "batch/v1",
            kind: "CronJob",
            metadata: { name: "once" },
            spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: "main" }] } } } } },
        });
        assertFound(resources, given(job), /main lacks requests.cpu, requests.memory, limits.memory/);
    });

    it("knows what the API server fills in by a namespace's LimitRange", () => {
        const silent = { initContainers: [{ name: "first" }] };
        const range = (limits: object) =>
            document({
                apiVersion: "v1",
                kind: "LimitRange",
                metadata: { name: "defaults" },
                spec: { limits: [limits] },
            });
        const whole = { type: "Container", defaultRequest: { cpu: "1m", memory: "1Mi" }, default: { memory: "1Mi" } };
        assertClean(resources, given(workload({ pod: silent }) + range(whole)));
        const half = { type: "Container", defaultRequest: { cpu: "1m", memory: "1Mi" } };
        assertFound(resources, given(workload({ pod: silent }) + range(half)), /container first lacks limits.memory/);
    });
});

import { deepEqual, ok } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { OPERATOR_RELEASE } from "../../components/metrics/victoriametrics/names";
import { at, record, records, strings } from "../../tools/records";
import type { KubernetesObject, RenderedObject } from "../../tools/render/manifests";
import { madeByOperators } from "../../tools/verify/operators/operators";
import type { Pods } from "../../tools/verify/pods";
import { CONTROL_PLANE, freePorts, missing, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { Kubectl } from "./kubectl";
import { Programs } from "./programs";
import { needsCharts, renderedWith } from "./rendered";
import { local } from "./store-configs";
import { until } from "./until";

/*
 * VictoriaMetrics' own operator, with exactly the rights that its chart gives it, on a real API server: what it makes of
 * VMAgent and VMAlert is what `verify` judges in its place, and what a team's objects say reaches vmagent.
 */

const OPERATOR = "vm-operator";
const NAMESPACE = "victoriametrics";
const TEAM = "shop";
/** What the operator makes of the stack's VMAgent. */
const AGENT = "vmagent";
const MADE = ["StatefulSet", "Deployment"];

describe("VictoriaMetrics' operator", () => {
    const folder = mkdtempSync(join(tmpdir(), "vm-objects-"));
    const programs = new Programs(join(folder, "programs"));
    let plane: ControlPlane | undefined;
    let kubectl: Kubectl;
    let objects: readonly RenderedObject[];

    before(async function () {
        needsCharts(this);
        const absent = missing([OPERATOR, ...CONTROL_PLANE]);
        if (absent.length > 0) {
            console.log(`    not run: ${absent.join(", ")} not on PATH`);
            this.skip();
        }
        const metrics = JSON.stringify({ kind: "victoriametrics", retention: "30d", objects: true });
        ({ objects } = await renderedWith("prod", { "observability:metrics": metrics }));
        plane = await startControlPlane(join(folder, "cluster"), 3, 3, stagesFile());
        kubectl = new Kubectl(plane.kubeconfig);
        for (const namespace of [NAMESPACE, TEAM]) kubectl.run(["create", "namespace", namespace]);
        const own = objects.filter(({ release }) => release === OPERATOR_RELEASE);
        const applied = (kinds: readonly string[]) => {
            for (const { object, namespace } of own.filter((each) => kinds.includes(each.object.kind)))
                kubectl.run(["apply", "--server-side", "-f", "-"], JSON.stringify(placed(object, namespace)));
        };
        applied(["CustomResourceDefinition"]);
        kubectl.run(["wait", "--for", "condition=Established", "crd", "--all", "--timeout", "120s"]);
        applied(["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]);
        await operator(own);
    });

    after(async () => {
        await programs.stop();
        plane?.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    /** Starts it as its Deployment says, as the account that this names. */
    async function operator(own: readonly RenderedObject[]): Promise<void> {
        const deployment = own.find(({ object }) => object.kind === "Deployment")?.object;
        const spec = record(at(deployment, "spec.template.spec"));
        const [container] = records(spec.containers);
        const [metrics = 0, probes = 0] = await freePorts(2);
        const changed = ["metrics-bind-address", "health-probe-bind-address", "leader-elect"];
        const args = [
            ...strings(container?.args).filter((arg) => !changed.some((flag) => arg.includes(flag))),
            `--metrics-bind-address=127.0.0.1:${metrics}`,
            `--health-probe-bind-address=127.0.0.1:${probes}`,
        ];
        const env = records(container?.env).filter(({ value }) => typeof value === "string");
        const token = kubectl.run(["create", "token", String(spec.serviceAccountName), "-n", NAMESPACE]).trim();
        const config = kubectl.run(["config", "view", "--raw", "--minify", "-o", "json"]);
        const given = record(JSON.parse(config));
        const users = records(given.users).map(({ name }) => ({ name, user: { token } }));
        const kubeconfig = join(folder, "operator.kubeconfig");
        writeFileSync(kubeconfig, JSON.stringify({ ...given, users }));
        await programs.start(OPERATOR, args, `${local(probes)}/ready`, {
            ...Object.fromEntries(env.map(({ name, value }) => [String(name), String(value)])),
            KUBECONFIG: kubeconfig,
            POD_NAMESPACE: NAMESPACE,
        });
    }

    const live = (kind: string, name: string, namespace = NAMESPACE) =>
        JSON.parse(kubectl.run(["get", kind, name, "-n", namespace, "-o", "json"])) as KubernetesObject;

    const isThere = (kind: string, name: string) => live(kind, name).metadata.name === name;

    it("makes of the stack's objects what verify says that it makes", async () => {
        const resources = objects.filter(({ object }) => object.apiVersion.startsWith("operator.victoriametrics.com/"));
        deepEqual(resources.map(({ object }) => object.kind).sort(), ["VMAgent", "VMAlert"]);
        for (const { object } of objects.filter(
            ({ object, namespace }) => namespace === NAMESPACE && object.kind === "Secret",
        ))
            kubectl.apply(placed(object, NAMESPACE));
        for (const { object } of resources) kubectl.apply(placed(object, NAMESPACE));
        const modelled = madeByOperators(resources);
        ok(modelled.pods.length === 2);
        for (const pods of modelled.pods) {
            ok(MADE.includes(pods.kind), pods.kind);
            await until(`${pods.name} is there`, () => isThere(pods.kind, pods.name), 1000);
            deepEqual(told(live(pods.kind, pods.name)), toldOf(pods), `${pods.kind} ${pods.name}`);
        }
        for (const { object } of modelled.objects) {
            const { kind, metadata } = object;
            await until(`${kind} ${metadata.name} is there`, () => isThere(kind, metadata.name), 1000);
        }
    });

    it("has vmagent scrape what a team's object names, and says so in its status", async () => {
        kubectl.apply({
            apiVersion: "operator.victoriametrics.com/v1beta1",
            kind: "VMServiceScrape",
            metadata: { name: "checkout", namespace: TEAM },
            spec: { selector: { matchLabels: { app: "checkout" } }, endpoints: [{ port: "metrics" }] },
        });
        const config = () => {
            const { "vmagent.yaml.gz": zipped } = record(live("Secret", AGENT).data);
            return gunzipSync(Buffer.from(String(zipped), "base64")).toString();
        };
        await until("its job is there", () => config().includes(`serviceScrape/${TEAM}/checkout/0`), 1000);
        deepEqual(at(live("vmservicescrape", "checkout", TEAM), "status.updateStatus"), "operational");
    });
});

const placed = (object: KubernetesObject, namespace: string | undefined) => ({
    ...object,
    metadata: { ...object.metadata, ...(namespace !== undefined && { namespace }) },
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

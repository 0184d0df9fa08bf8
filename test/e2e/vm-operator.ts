import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { NAMESPACE, OPERATOR_RELEASE, VMAGENT } from "../../components/metrics/victoriametrics/names";
import { at, record, records, strings } from "../../tools/records";
import type { KubernetesObject, RenderedObject } from "../../tools/render/manifests";
import { ClusterModel } from "../../tools/verify/cluster-model";
import { CONTROL_PLANE, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { freePorts } from "./ports";
import { Kubectl } from "./kubectl";
import { placed } from "./loss/install";
import { Programs } from "./programs";
import { needsCharts, renderedWith } from "./rendered";
import { local } from "./store-configs";

const OPERATOR = "vm-operator";
/** Namespace of somebody's applications. */
export const TEAM = "shop";

/** Skips where the operator or a control plane for it is not there, or one of `programs`. */
export function needsOperator(context: Mocha.Context, programs: readonly string[] = []): void {
    needsCharts(context, [OPERATOR, ...CONTROL_PLANE, ...programs]);
}

/** VictoriaMetrics' own operator beside a real API server, with exactly the rights that its chart gives it. */
export class VmOperator {
    private constructor(
        private readonly folder: string,
        private readonly plane: ControlPlane,
        readonly programs: Programs,
        readonly kubectl: Kubectl,
        /** prod with its objects on. */
        readonly model: ClusterModel,
    ) {}

    static async start(): Promise<VmOperator> {
        const folder = mkdtempSync(join(tmpdir(), "vm-operator-"));
        const metrics = JSON.stringify({ kind: "victoriametrics", retention: "30d", objects: true });
        const model = await renderedWith("prod", { "observability:metrics": metrics });
        const plane = await startControlPlane(join(folder, "cluster"), 3, 3, stagesFile());
        const kubectl = new Kubectl(plane.kubeconfig);
        const programs = new Programs(join(folder, "programs"));
        const operator = new VmOperator(folder, plane, programs, kubectl, model);
        try {
            await operator.begin();
        } catch (error) {
            await operator.stop();
            throw error;
        }
        return operator;
    }

    async stop(): Promise<void> {
        await this.programs.stop();
        this.plane.stop();
        rmSync(this.folder, { recursive: true, force: true });
    }

    /** The stack's own VMAgent and VMAlert. */
    get resources(): readonly RenderedObject[] {
        return this.model.objects.filter(({ object }) => object.apiVersion.startsWith("operator.victoriametrics.com/"));
    }

    /** Has the operator make what the stack's own objects ask for. */
    applyResources(): void {
        const secrets = this.model.objects.filter(
            ({ object, namespace }) => namespace === NAMESPACE && object.kind === "Secret",
        );
        for (const { object } of [...secrets, ...this.resources]) this.kubectl.apply(placed(object, NAMESPACE));
    }

    live(kind: string, name: string, namespace: string = NAMESPACE): KubernetesObject {
        return JSON.parse(this.kubectl.run(["get", kind, name, "-n", namespace, "-o", "json"])) as KubernetesObject;
    }

    isThere(kind: string, name: string): boolean {
        return this.live(kind, name).metadata.name === name;
    }

    /** What vmagent is told to scrape. */
    scrapes(): string {
        const { "vmagent.yaml.gz": zipped } = record(this.live("Secret", VMAGENT).data);
        return gunzipSync(Buffer.from(String(zipped), "base64")).toString();
    }

    /** Of an administrator, as JSON. */
    get config(): string {
        return this.kubectl.run(["config", "view", "--raw", "--minify", "-o", "json"]);
    }

    /** A kubeconfig of an account of the stack's namespace. */
    private kubeconfigOf(account: string): string {
        const given = record(JSON.parse(this.config));
        const users = records(given.users).map(({ name }) => ({ name, user: { token: this.token(account) } }));
        const path = join(this.folder, `${account}.kubeconfig`);
        writeFileSync(path, JSON.stringify({ ...given, users }), { mode: 0o600 });
        return path;
    }

    token(account: string): string {
        return this.kubectl.run(["create", "token", account, "-n", NAMESPACE, "--duration", "24h"]).trim();
    }

    private async begin(): Promise<void> {
        for (const namespace of [NAMESPACE, TEAM]) this.kubectl.run(["create", "namespace", namespace]);
        const own = this.model.objects.filter(({ release }) => release === OPERATOR_RELEASE);
        const applied = (kinds: readonly string[]) => {
            for (const { object, namespace } of own.filter((each) => kinds.includes(each.object.kind)))
                this.kubectl.run(["apply", "--server-side", "-f", "-"], JSON.stringify(placed(object, namespace)));
        };
        applied(["CustomResourceDefinition"]);
        this.kubectl.run(["wait", "--for", "condition=Established", "crd", "--all", "--timeout", "1800s"]);
        applied(["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]);
        await this.run(own);
    }

    /** Starts it as its Deployment says, as the account that this names. */
    private async run(own: readonly RenderedObject[]): Promise<void> {
        const deployment = own.find(({ object }) => object.kind === "Deployment")?.object;
        const spec = record(at(deployment, "spec.template.spec"));
        const [container] = records(spec.containers);
        const [metrics = 0, probes = 0] = await freePorts(2);
        const changed = ["metrics-bind-address", "health-probe-bind-address", "leader-elect", "pprof-addr"];
        const args = [
            ...strings(container?.args).filter((arg) => !changed.some((flag) => arg.includes(flag))),
            `--metrics-bind-address=127.0.0.1:${metrics}`,
            `--health-probe-bind-address=127.0.0.1:${probes}`,
            // A port of its own is one for all that run here.
            "--pprof-addr=",
        ];
        const env = records(container?.env).filter(({ value }) => typeof value === "string");
        await this.programs.start(OPERATOR, args, `${local(probes)}/ready`, {
            ...Object.fromEntries(env.map(({ name, value }) => [String(name), String(value)])),
            KUBECONFIG: this.kubeconfigOf(String(spec.serviceAccountName)),
            POD_NAMESPACE: NAMESPACE,
        });
    }
}

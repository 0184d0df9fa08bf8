import { ok } from "node:assert/strict";
import { join } from "node:path";
import { stringify } from "yaml";
import { RULER } from "../../components/monitoring/kube-prometheus-stack/names";
import { at, record, records, strings } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { AlertmanagerHere } from "./alertmanager-program";
import { freePorts } from "./ports";
import type { Programs } from "./programs";
import { local } from "./store-configs";

const NAMESPACE = "monitoring";

/** One ruler, as the operator would run it. */
interface Ruler {
    readonly name: string;
    readonly http: number;
    stop: () => Promise<void>;
}

/**
 * The pair of Thanos Ruler as its object says, each with the arguments that the operator makes of it, an Alertmanager, and
 * whom that one tells. Only addresses and folders are this machine's.
 * https://github.com/prometheus-operator/prometheus-operator/blob/v0.93.1/pkg/thanos/statefulset.go
 */
export class RulersHere {
    readonly rulers: Ruler[] = [];

    private constructor(
        private readonly programs: Programs,
        private readonly model: ClusterModel,
        /** An address in the cluster, as it is here. */
        private readonly here: (url: string) => string,
        private readonly files: Readonly<Record<string, string>>,
        readonly alertmanager: AlertmanagerHere,
    ) {}

    /** @param rules groups of PrometheusRule objects. */
    static async start(
        programs: Programs,
        model: ClusterModel,
        here: (url: string) => string,
        rules: readonly Record<string, unknown>[],
    ): Promise<RulersHere> {
        const spec = record(model.find("ThanosRuler", NAMESPACE, RULER)?.spec);
        const write: Record<string, unknown>[] = records(spec.remoteWrite).map((each) => ({
            ...each,
            url: here(String(each.url)),
        }));
        const files = {
            "rule-file": programs.file("ruler-rules.yaml", { groups: rules }),
            "remote-write.config-file": programs.file("ruler-remote-write.yaml", {
                remote_write: write.map(({ headers, ...each }) => ({ ...(snake(each) as object), headers })),
            }),
        };
        const rulers = new RulersHere(programs, model, here, files, await AlertmanagerHere.start(programs));
        const free = await freePorts(Number(spec.replicas) * 2);
        for (let i = 0; i < Number(spec.replicas); i++) {
            const ruler = { name: `thanos-ruler-${RULER}-${i}`, http: free[i * 2] ?? 0, stop: () => Promise.resolve() };
            rulers.rulers.push(ruler);
            await rulers.run(ruler, free[i * 2 + 1] ?? 0);
        }
        return rulers;
    }

    /** Ends one without a warning, and starts it again with nothing on its disk, as it has none. */
    async startAnew(ruler: Ruler): Promise<void> {
        await ruler.stop();
        const [grpc = 0] = await freePorts(1);
        await this.run(ruler, grpc);
    }

    /** Alerts of a name that a ruler knows. */
    async alertsOf({ http }: Ruler, name: string): Promise<Record<string, unknown>[]> {
        const answer: unknown = await (await fetch(`${local(http)}/api/v1/alerts`)).json();
        return records(at(answer, "data.Alerts")).filter(({ labels }) => record(labels).alertname === name);
    }

    async stop(): Promise<void> {
        for (const { stop } of this.rulers) await stop();
        await this.alertmanager.stop();
    }

    private async run(ruler: Ruler, grpc: number): Promise<void> {
        const pods = this.model.pods.find(
            ({ name, namespace }) => namespace === NAMESPACE && name === `thanos-ruler-${RULER}`,
        );
        const [container] = records(pods?.spec.containers);
        const args = strings(container?.args);
        ok(args.length > 0, "the ruler's object makes no pods");
        const alertmanagers = {
            api_version: "v2",
            scheme: "http",
            static_configs: [`127.0.0.1:${this.alertmanager.port}`],
        };
        ruler.stop = await this.programs.startAs(
            ruler.name,
            "thanos",
            [
                ...args.map((arg) =>
                    arg.replace(/^(--query=)(.*)$/, (_, flag: string, url: string) => flag + this.here(url)),
                ),
                `--label=thanos_ruler_replica="${ruler.name}"`,
                "--alert.label-drop=thanos_ruler_replica",
                ...Object.entries(this.files).map(([flag, file]) => `--${flag}=${file}`),
                `--alertmanagers.config=${stringify({ alertmanagers: [alertmanagers] })}`,
                `--data-dir=${this.programs.data(join("rulers", `${ruler.name}-${grpc}`))}`,
                `--http-address=127.0.0.1:${ruler.http}`,
                `--grpc-address=127.0.0.1:${grpc}`,
            ],
            `${local(ruler.http)}/-/ready`,
        );
    }
}

/** Names of fields as Prometheus' own configuration has them, of those of the operator's objects. */
function snake(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(snake);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
            key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
            snake(inner),
        ]),
    );
}

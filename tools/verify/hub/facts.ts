import { preview, type Plan } from "../../plan/engine";
import { readStackFile } from "../../plan/stack-file";
import { at, record, records } from "../../records";
import { releasesOf } from "../../render/releases";
import { readSettings, type Settings } from "../program";

/** A client of the hub's ingest gateway. */
export interface Client {
    readonly name: string;
    readonly tenant: string;
    /** Whether it is one of the hub's clusters, of which the stack's output `clusters` tells address and credentials. */
    readonly joined: boolean;
    /** Whether whatever it sends is refused. */
    readonly revoked: boolean;
    /** What the hub expects of it and watches; undefined where that is all, or of a mere client nothing. */
    readonly signals?: readonly unknown[];
}

/** What a hub is to those who send to it, as its stack says. */
export interface Hub {
    readonly stack: string;
    readonly open: boolean;
    readonly clients: readonly Client[];
    readonly byCertificate: boolean;
    /** What its own Prometheus sends to the same store. */
    readonly metrics: {
        readonly dropsReplica: boolean;
        readonly exemplars: boolean;
        readonly nativeHistograms: boolean;
    };
    /** Whether its log store has Loki's push API. */
    readonly lokiApi: boolean;
    readonly settings: Settings;
}

/**
 * Plans the hub's stack.
 * @throws NoStackError where there is none, RunError with what is wrong with its settings.
 */
export async function readHub(root: string, stack: string): Promise<Hub> {
    const file = readStackFile(root, stack);
    // Before the program refuses them itself, in whose words they are those of "this stack", which is another here.
    const env = { ...process.env, PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(file.secretKeys) };
    const settings = readSettings(file.config, file.project, env, `the settings of stack ${stack}, the hub`);
    return hubOf(stack, await preview(root, stack, file), settings);
}

/** What a planned stack is to those who send to it. */
export function hubOf(stack: string, plan: Plan, settings: Settings): Hub {
    const { ingestGateway, platform } = settings;
    const listed = (key: string, joined: boolean) =>
        records(at(ingestGateway, key)).map(({ name, tenant, revoked, signals }): Client => ({
            name: String(name),
            tenant: typeof tenant === "string" ? tenant : platform.tenant,
            joined,
            revoked: revoked === true,
            ...(Array.isArray(signals) && { signals }),
        }));
    const kps = releasesOf(plan).find(({ name }) => name === "kps");
    const [write = {}] = records(at(kps?.values, "prometheus.prometheusSpec.remoteWrite"));
    return {
        stack,
        open: ingestGateway.enabled,
        clients: [...listed("clusters", true), ...listed("clients", false)],
        byCertificate: ingestGateway.auth.by === "certificate",
        metrics: {
            dropsReplica: records(write.writeRelabelConfigs).some(({ action }) => action === "labeldrop"),
            exemplars: write.sendExemplars === true,
            nativeHistograms: write.sendNativeHistograms === true,
        },
        lokiApi: record(plan.outputs.push).logs !== undefined,
        settings,
    };
}

import { ok } from "node:assert/strict";
import { join } from "node:path";
import { record, records, strings } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { freePorts } from "./ports";
import type { Programs } from "./programs";
import { local } from "./store-configs";

/*
 * VictoriaMetrics' own programs, each with the flags that its container is rendered with: only addresses, folders and the
 * room that a server keeps free are this machine's.
 */

const NAMESPACE = "victoriametrics";

/** A program that runs, until it is ended without a warning, and started anew with the same flags. */
export interface Running {
    readonly kill: () => Promise<void>;
    /** With a warning: it keeps what it has. */
    readonly end: () => Promise<void>;
    readonly startAgain: () => Promise<void>;
}

export interface Cluster {
    /** Ports here of vmauth's two processes, and of those of its metrics. */
    readonly push: number;
    readonly query: number;
    readonly pushMetrics: number;
    readonly servers: readonly (Running & { readonly http: number; readonly folder: string })[];
    readonly vminsert: readonly Running[];
    readonly vmselect: readonly (Running & { readonly port: number })[];
    readonly vmauth: Running;
}

/** A container of a workload. */
export function container(model: ClusterModel, kind: string, name: string, of: string): Record<string, unknown> {
    const spec = record(record(record(model.find(kind, NAMESPACE, name)?.spec).template).spec);
    const found = records(spec.containers).find((each) => each.name === of);
    ok(found, `${kind} ${name} has no container ${of}`);
    return found;
}

type Changes = Readonly<Record<string, readonly string[]>>;

/** The container's arguments with the flags that are this machine's in the place of the cluster's. */
export function flags(of: Record<string, unknown>, changes: Changes): string[] {
    const nameOf = (argument: string) => argument.replace(/^-+/, "").split("=")[0] ?? "";
    const kept = strings(of.args).filter((argument) => !Object.hasOwn(changes, nameOf(argument)));
    return [
        ...kept,
        ...Object.entries(changes).flatMap(([name, values]) => values.map((value) => `-${name}=${value}`)),
    ];
}

const listens = (port: number) => [`127.0.0.1:${port}`];

/** Starts a program, under a name of its own where it runs several times. */
export async function running(
    programs: Programs,
    name: string,
    program: string,
    args: readonly string[],
    ready: string,
): Promise<Running> {
    const start = () => programs.startAs(name, program, args, ready);
    let stop = await start();
    const startAgain = async () => {
        stop = await start();
    };
    return { kill: () => stop(), end: () => stop("SIGTERM"), startAgain };
}

/** Three servers, two of each of the others, and vmauth before them. */
export async function startCluster(programs: Programs, model: ClusterModel): Promise<Cluster> {
    const run = (program: string, args: readonly string[], ready: string) =>
        running(programs, program, program, args, ready);
    const vmstorage = container(model, "StatefulSet", "vmstorage", "vmstorage");
    const places = await Promise.all(
        [0, 1, 2].map(async (i) => {
            const [http = 0, insert = 0, select = 0] = await freePorts(3);
            return { http, insert, select, folder: programs.data(`vmstorage-${i}`) };
        }),
    );
    const servers: Cluster["servers"][number][] = [];
    for (const { http, insert, select, folder } of places) {
        const args = flags(vmstorage, {
            httpListenAddr: listens(http),
            vminsertAddr: listens(insert),
            vmselectAddr: listens(select),
            storageDataPath: [folder],
            "storage.minFreeDiskSpaceBytes": ["1MiB"],
        });
        servers.push({ ...(await run("vmstorage", args, `${local(http)}/health`)), http, folder });
    }
    const twice = async (program: string, change: (port: number) => Changes) => {
        const of = container(model, "Deployment", program, program);
        const found: (Running & { readonly port: number })[] = [];
        for (const port of await freePorts(2)) {
            const args = flags(of, { httpListenAddr: listens(port), ...change(port) });
            found.push({ ...(await run(program, args, `${local(port)}/health`)), port });
        }
        return found;
    };
    const vminsert = await twice("vminsert", () => ({
        storageNode: places.map(({ insert }) => `127.0.0.1:${insert}`),
    }));
    const vmselect = await twice("vmselect", (port) => ({
        storageNode: places.map(({ select }) => `127.0.0.1:${select}`),
        cacheDataPath: [programs.data(`vmselect-${port}`)],
    }));
    const targets = { vminsert: vminsert.map(({ port }) => port), vmselect: vmselect.map(({ port }) => port) };
    const push = await vmauth(programs, model, "push", targets, run);
    const query = await vmauth(programs, model, "query", targets, run);
    return { push: push.port, query: query.port, pushMetrics: push.metrics, servers, vminsert, vmselect, vmauth: push };
}

async function vmauth(
    programs: Programs,
    model: ClusterModel,
    use: "push" | "query",
    targets: Readonly<Record<"vminsert" | "vmselect", readonly number[]>>,
    run: (program: string, args: readonly string[], ready: string) => Promise<Running>,
) {
    const [port = 0, metrics = 0] = await freePorts(2);
    const of = container(model, "Deployment", "vmauth", use === "push" ? "vmauth" : "vmauth-query");
    const routes = String(record(model.find("Secret", NAMESPACE, "vmauth-routes")?.stringData)[`${use}.yml`]);
    // Its Service stands for all of a target's pods.
    const here = routes.replaceAll(
        /"url_prefix": "http:\/\/(vminsert|vmselect)\.[^:]+:\d+([^"]*)"/g,
        (_, target: "vminsert" | "vmselect", path: string) =>
            `"url_prefix": ${JSON.stringify(targets[target].map((each) => `${local(each)}${path}`))}`,
    );
    const args = flags(of, {
        httpListenAddr: listens(port),
        httpInternalListenAddr: listens(metrics),
        // It asks the DNS for a host's pods, which here are one host.
        discoverBackendIPs: ["false"],
        "auth.config": [programs.file(join(`${use}.yml`), here)],
    });
    return { ...(await run("vmauth", args, `${local(metrics)}/health`)), port, metrics };
}

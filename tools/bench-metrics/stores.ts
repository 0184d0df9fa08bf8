import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TENANT_HEADER } from "../../components/contracts/tenancy";
import { CortexHere } from "../../test/e2e/cortex-programs";
import type { Programs } from "../../test/e2e/programs";
import { local } from "../../test/e2e/store-configs";
import { ThanosHere } from "../../test/e2e/thanos-programs";
import { startCluster } from "../../test/e2e/victoria-programs";
import type { ClusterModel } from "../verify/cluster-model";
import { sum } from "./processes";

export const KINDS = ["cortex", "thanos", "victoriametrics"] as const;
export type Kind = (typeof KINDS)[number];

/** A store that runs, as whoever measures it sees it. */
export interface Store {
    /** Takes remote write, through its gateway. */
    readonly push: string;
    /** Base of Prometheus' API, through its gateway. */
    readonly query: string;
    /** Parts on the way of a write that are killed: each is ended without a warning, and started again at once. */
    readonly parts: Readonly<Record<string, { kill: () => Promise<void>; startAgain: () => Promise<void> }>>;
    /** Makes what is in memory into what is kept, as comes about by itself in hours. */
    readonly flush: () => Promise<void>;
    /** Bytes of what is kept then, index included, and how many copies of each sample that are. */
    readonly kept: () => { readonly bytes: number; readonly copies: number };
    /** Brings all samples to where they are kept for long, so that what is asked next of old ones is read from there. */
    readonly settle: () => Promise<void>;
}

/** The tenant, and what its requests carry. */
export const HEADERS = { [TENANT_HEADER]: "prod" };

/** Copies of what holds data as many as there are rendered; of each other process one. */
export const START: Readonly<Record<Kind, (programs: Programs, model: ClusterModel) => Promise<Store>>> = {
    cortex,
    thanos,
    victoriametrics,
};

const CORTEX = {
    "cortex-memcached-blocks": 1,
    "cortex-memcached-blocks-index": 1,
    "cortex-memcached-blocks-metadata": 1,
    "cortex-memcached-frontend": 1,
    "cortex-distributor": 1,
    "cortex-ingester": 3,
    "cortex-querier": 1,
    "cortex-query-frontend": 1,
    "cortex-ruler": 1,
    "cortex-store-gateway": 3,
    "cortex-compactor": 1,
};

async function cortex(programs: Programs, model: ClusterModel): Promise<Store> {
    // What a copy costs, not how soon a busy machine has it: two seconds as it is rendered.
    const more = { distributor: { remote_timeout: "30s" } };
    const later = ["cortex-store-gateway", "cortex-compactor"];
    const here = await CortexHere.start(programs, model, CORTEX, more, later);
    const of = (workload: string) => here.all.filter((each) => each.workload === workload);
    const part = (pod: string) => ({ kill: () => here.of(pod).stop("SIGKILL"), startAgain: () => here.run(pod) });
    const ingesters = of("cortex-ingester");
    const flush = async () => {
        for (const { http } of ingesters) await called(`${local(http)}/ingester/flush?wait=true`);
    };
    return {
        push: `${here.push}/api/v1/push`,
        query: `${here.query}/prometheus`,
        parts: { distributor: part("cortex-distributor-0"), ingester: part("cortex-ingester-0") },
        flush,
        kept: () => ({
            bytes: blockBytes(
                programs,
                ingesters.map(({ pod }) => `${pod}-tsdb`),
            ),
            copies: ingesters.length,
        }),
        settle: async () => {
            await flush();
            // Its first round writes the index of the bucket, which the others read.
            for (const { pod } of of("cortex-compactor")) await here.run(pod);
            await until("the bucket has an index", () =>
                filesBelow(programs.data("drive1")).some(({ path }) => path.includes("bucket-index.json.gz")),
            );
            await Promise.all(of("cortex-store-gateway").map(({ pod }) => here.run(pod)));
        },
    };
}

const THANOS = {
    "thanos-receive-ingestor": 3,
    "thanos-receive-router": 1,
    "thanos-store-gateway": 1,
    "thanos-query": 1,
    "thanos-query-frontend": 1,
    "thanos-compact": 1,
};

async function thanos(programs: Programs, model: ClusterModel): Promise<Store> {
    const here = await ThanosHere.start(programs, model, THANOS);
    const ingestors = here.all.filter(({ workload }) => workload === "thanos-receive-ingestor").map(({ pod }) => pod);
    const part = (pod: string) => ({ kill: () => here.of(pod).stop("SIGKILL"), startAgain: () => here.run(pod) });
    // A stop brings what is in memory to the bucket.
    const stop = async () => {
        for (const pod of ingestors) await here.of(pod).stop("SIGTERM");
    };
    return {
        push: `${here.push}/api/v1/receive`,
        query: here.query,
        parts: { router: part("thanos-receive-router-0"), ingestor: part("thanos-receive-ingestor-0") },
        flush: async () => {
            await stop();
            for (const pod of ingestors) await here.run(pod);
        },
        kept: () => ({ bytes: blockBytes(programs, ingestors), copies: ingestors.length }),
        settle: async () => {
            // They stay away: what they still have would be read from them.
            await stop();
            await here.of("thanos-store-gateway-0").stop("SIGTERM");
            await here.run("thanos-store-gateway-0");
        },
    };
}

async function victoriametrics(programs: Programs, model: ClusterModel): Promise<Store> {
    const here = await startCluster(programs, model);
    const [insert] = here.vminsert;
    const [server] = here.servers;
    if (insert === undefined || server === undefined) throw new Error("the cluster has no servers");
    return {
        push: `${local(here.push)}/api/v1/write`,
        query: `${local(here.query)}/prometheus`,
        parts: { vminsert: insert, vmstorage: server },
        flush: async () => {
            for (const { http } of here.servers) await called(`${local(http)}/internal/force_flush`);
        },
        kept: () => ({ bytes: sum(here.servers.flatMap(({ folder }) => filesBelow(folder)).map(bytesOf)), copies: 2 }),
        settle: async () => {
            // From disk, with none of what queries before have left in memory.
            for (const each of here.servers) {
                await each.end();
                await each.startAgain();
            }
        },
    };
}

/** Of blocks: folders of a tenant that have a ULID's name. What is in memory and its log are none. */
function blockBytes(programs: Programs, folders: readonly string[]): number {
    const files = folders.flatMap((folder) => filesBelow(programs.data(folder)));
    return sum(files.filter(({ path }) => /\/[0-9A-HJKMNP-TV-Z]{26}\//.test(path)).map(bytesOf));
}

const bytesOf = ({ bytes }: File) => bytes;

interface File {
    readonly path: string;
    readonly bytes: number;
}

/** Files below a folder, at any depth. */
export function filesBelow(folder: string): File[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .flatMap((entry) => {
            const path = join(entry.parentPath, entry.name);
            // Stores delete and rename while they are looked at.
            const stat = statSync(path, { throwIfNoEntry: false });
            return stat === undefined ? [] : [{ path, bytes: stat.size }];
        });
}

/** Asks once more where a connection that was kept open is gone: a process behind it was ended. */
export async function fetched(url: string, init: RequestInit): Promise<Response> {
    try {
        return await fetch(url, init);
    } catch {
        await sleep(1000);
        return fetch(url, init);
    }
}

async function called(url: string): Promise<void> {
    const answer = await fetched(url, { method: "POST" });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

async function until(what: string, done: () => boolean): Promise<void> {
    for (let waited = 0; waited < 300; waited++) {
        if (done()) return;
        await sleep(1000);
    }
    throw new Error(`not within five minutes: ${what}`);
}

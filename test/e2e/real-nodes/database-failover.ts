import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../until";
import { Client } from "./client";
import type { Deployment } from "./deployment";

const NAMESPACE = "postgres";
/** The rest of the file system is read-only in the pods of a cluster. */
const FILE = "/dev/shm/commits";
/** Milliseconds of commits before the primary is killed. */
const BEFORE = 20_000;

/** What the loss of a primary costs whoever commits. */
export interface Failover {
    readonly commits: number;
    readonly failed: number;
    /** Committed, and not there. */
    readonly lost: number;
    /** Longest time between two commits, in seconds. */
    readonly longest: number;
}

/** Commits a row twice a second from a standby's pod to the address that Grafana has, and kills the primary. */
export async function databaseFailover(deployed: Deployment): Promise<Failover> {
    const { kubectl, ground } = deployed;
    const roleOf = (role: string) => {
        const [pod] = kubectl
            .run(["get", "pods", "-n", NAMESPACE, "-l", `cnpg.io/instanceRole=${role}`, "-o", "name"])
            .split("\n");
        return pod?.replace("pod/", "") ?? "";
    };
    const secret = (key: string) => {
        const given = kubectl.run([
            "get",
            "secret",
            "-n",
            NAMESPACE,
            "grafana-db-app",
            "-o",
            `jsonpath={.data.${key}}`,
        ]);
        return Buffer.from(given, "base64").toString();
    };
    const [user, password, database] = ["username", "password", "dbname"].map(secret);
    const url = `postgresql://${user}:${encodeURIComponent(password ?? "")}@grafana-db-rw:5432/${database || user}?connect_timeout=3`;
    const psql = (statement: string) => `psql -qAt -v ON_ERROR_STOP=1 '${url}' -c "${statement}"`;
    const primary = roleOf("primary");
    const client = new Client(ground.kubeconfig, NAMESPACE, roleOf("replica"));
    await client.script(psql("create table if not exists e2e_commits (n int primary key)"));
    await client.detach(
        `n=0; while [ ! -e ${FILE}.end ]; do n=$((n+1)); timeout 5 ${psql("insert into e2e_commits values ($n)")}; echo $n $? $(date +%s%3N); sleep 0.5; done`,
        FILE,
    );
    await sleep(BEFORE);
    await kubectl.start(["delete", "pod", "-n", NAMESPACE, primary, "--grace-period=0", "--force"]);
    await until("there is another primary", () => ![primary, ""].includes(roleOf("primary")), 2000);
    await sleep(BEFORE);
    await deployed.ready();
    await client.script(`touch ${FILE}.end; sleep 8`);
    const tried = (await client.script(`cat ${FILE}`))
        .trim()
        .split("\n")
        .map((line) => line.split(" ").map(Number));
    const there = new Set((await client.script(psql("select n from e2e_commits"))).trim().split("\n").map(Number));
    await client.script(psql("drop table e2e_commits"));
    const committed = tried.filter(([, code]) => code === 0);
    const times = committed.map(([, , at = 0]) => at);
    assert.ok(committed.length > 0, "nothing was committed");
    return {
        commits: tried.length,
        failed: tried.length - committed.length,
        lost: committed.filter(([n = 0]) => !there.has(n)).length,
        longest: Math.max(...times.slice(1).map((at, i) => at - (times[i] ?? at))) / 1000,
    };
}

import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DATA_STREAM, PATTERN } from "../../components/logs/opensearch/names";
import { opensearchDefaults } from "../../components/logs/opensearch/settings";
import { record } from "../../tools/records";
import { opensearchHome, OpensearchHere, PASSWORDS } from "./opensearch-programs";
import { Programs } from "./programs";
import { until } from "./until";

/*
 * Three nodes in three zones with two copies of each line, as the program configures them, in the real program. One is killed
 * while lines are written. Minutes: `OPENSEARCH_HOME=… FAILURES=1 npm run e2e -- --grep "three nodes"`.
 */

const ZONES = ["a", "b", "c"];
/** Lines of a push. */
const LINES = 20;
const WRITER = `writer:${PASSWORDS.writer}`;

interface Shard {
    readonly prirep: "p" | "r";
    readonly state: string;
    readonly node: string | null;
}

describe("OpenSearch's three nodes in three zones", function () {
    this.bail(true);
    const folder = mkdtempSync(join(tmpdir(), "opensearch-nodes-"));
    const programs = new Programs(folder);
    let here: OpensearchHere;
    /** Numbers of the lines that OpenSearch has answered for. */
    const acknowledged = new Set<number>();
    let next = 0;
    let writing = false;
    let written: Promise<void> = Promise.resolve();
    let lost = "";

    before(async function () {
        if (process.env.FAILURES === undefined) {
            console.log("    not run: FAILURES=1 kills programs for minutes");
            this.skip();
        }
        const settings = { ...opensearchDefaults("zone"), zones: ZONES };
        here = await OpensearchHere.start(programs, folder, { ...opensearchHome(this), settings });
        const { status, output } = await here.setUp(PASSWORDS);
        equal(status, 0, output);
    });

    after(async () => {
        writing = false;
        await written.catch(() => undefined);
        (here as OpensearchHere | undefined)?.stop();
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    /** Writes lines as a shipper does: what no node answers for comes again. */
    async function write(): Promise<void> {
        let numbers: readonly number[] = [];
        while (writing) {
            if (numbers.length === 0) numbers = Array.from({ length: LINES }, () => next++);
            if (await push(numbers)) numbers = [];
            else await sleep(200);
        }
    }

    async function push(numbers: readonly number[], more = ""): Promise<boolean> {
        const body = numbers
            .map(
                (n) =>
                    `{"create":{}}\n{"@timestamp":"2026-11-29T11:05:00Z","message":"line ${n}","namespace":"n${n}"}\n`,
            )
            .join("");
        for (const node of here.nodes) {
            try {
                const { status, text } = await here.ask("POST", `/${DATA_STREAM}/_bulk${more}`, body, WRITER, node);
                if (status !== 200) continue;
                const { errors, items } = JSON.parse(text) as {
                    errors: boolean;
                    items: { create: { status: number } }[];
                };
                items.forEach(({ create }, i) => {
                    const number = numbers[i];
                    if (create.status === 201 && number !== undefined) acknowledged.add(number);
                });
                return !errors;
            } catch {
                // The next one is asked.
            }
        }
        return false;
    }

    async function any(path: string, method = "GET"): Promise<string> {
        for (const node of here.nodes) {
            const answer = await here.ask(method, path, undefined, undefined, node).catch(() => undefined);
            if (answer?.status === 200) return answer.text;
        }
        throw new Error(`no node answers ${path}`);
    }

    const shards = async () => JSON.parse(await any(`/_cat/shards/${PATTERN}?format=json`)) as Shard[];

    async function health(color: string): Promise<boolean | string> {
        const seen = record(JSON.parse(await any("/_cluster/health"))).status;
        return seen === color || `health is ${String(seen)}`;
    }

    /** Numbers of the lines that are found, and how often. */
    async function found(): Promise<Map<number, number>> {
        await any(`/${PATTERN}/_refresh`, "POST");
        const said = await any(`/${PATTERN}/_search?size=10000&_source=namespace`);
        const { hits } = (JSON.parse(said) as { hits: { hits: { _source: { namespace: string } }[] } }).hits;
        const counts = new Map<number, number>();
        for (const { _source } of hits) {
            const number = Number(_source.namespace.slice(1));
            counts.set(number, (counts.get(number) ?? 0) + 1);
        }
        return counts;
    }

    async function nothingIsLost(): Promise<string> {
        const there = await found();
        deepEqual(
            [...acknowledged].filter((n) => !there.has(n)),
            [],
        );
        const twice = [...there.values()].filter((n) => n > 1).length;
        return `${acknowledged.size} lines acknowledged, 0 lost, ${twice} there twice`;
    }

    it("have the two copies in two zones", async () => {
        await until("all copies are made", () => health("green"));
        const made = await shards();
        equal(made.length, 2);
        notEqual(made[0]?.node, made[1]?.node);
        ok(made.every(({ node }) => node !== null && ZONES.includes(node)));
    });

    it("lose no line that was acknowledged where the one that takes them is killed", async () => {
        writing = true;
        written = write();
        await until("a thousand lines are written", () => acknowledged.size >= 1000);
        lost = (await shards()).find(({ prirep }) => prirep === "p")?.node ?? "";
        const killed = here.nodes.find(({ name }) => name === lost);
        ok(killed);
        await killed.kill();
        const before = acknowledged.size;
        const started = Date.now();
        await until("lines are taken in again", () => acknowledged.size >= before + LINES);
        const again = Date.now() - started;
        await until("a thousand more are", () => acknowledged.size >= before + 1000);
        writing = false;
        await written;
        console.log(`      ${await nothingIsLost()}; taken in again after ${(again / 1000).toFixed(1)} s`);
    });

    it("make the lost zone's copies in the third zone, whose disk has to have room for them", async () => {
        // A minute is how long it waits for a node to come back.
        await until("both copies are there", async () => {
            const made = await shards();
            const all = made.length === 2 && made.every(({ state, node }) => state === "STARTED" && node !== lost);
            return all || made.map(({ state, node }) => `${state} on ${node}`).join(", ");
        });
    });

    it("acknowledge nothing with two of them away, and have all lines when they are back", async () => {
        const [other] = here.nodes.filter(({ name }) => name !== lost);
        ok(other);
        await other.kill();
        const numbers = Array.from({ length: LINES }, () => next++);
        equal(await push(numbers, "?timeout=2s"), false);
        for (const node of here.nodes) if (node.name === lost || node === other) await here.launch(node);
        await until("all copies are there", () => health("green"));
        console.log(`      ${await nothingIsLost()}`);
        equal(await push(numbers), true);
    });
});

import { equal, match } from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FIELDS, opensearchLines } from "../../components/logs/opensearch/lines";
import { DATA_STREAM, PATTERN, USERS, type User } from "../../components/logs/opensearch/names";
import { opensearchDefaults } from "../../components/logs/opensearch/settings";
import { setupFiles } from "../../components/logs/opensearch/setup";
import { userBody } from "../../components/logs/opensearch/users";
import { missing } from "./control-plane";
import { opensearchHome, OpensearchHere } from "./opensearch-programs";
import { Programs } from "./programs";

/** Passwords with their digests by bcrypt, as the provider of the program makes them. */
const DIGESTS: Readonly<Record<string, string>> = {
    writerpw: "$2a$10$abcdefghijklmnopqrstuupeJYhuWhSsOjN2H8vhf4TRgiYhNHTuS",
    readerpw: "$2a$10$abcdefghijklmnopqrstuuv0WWtslHLzNTOqkLnTG9F28hREhUPb2",
    monitorpw: "$2a$10$abcdefghijklmnopqrstuuwvkxKSBMI/5hae55uidDKzmsGViufmO",
    writerpw2: "$2a$10$abcdefghijklmnopqrstuuDiE4PjMJudXAGHhRsSPRw8HiY83xb8y",
};

const LINES = [
    {
        ...{ "@timestamp": "2026-11-29T11:05:00.123456789Z", message: "level=error it broke", namespace: "shop" },
        ...{ pod: "shop-1", cluster: "blue", severity_number: 9, trace_id: "0af7651916cd43dd8448eb211c80319c" },
        ...{ attributes: { source: "a" }, odd: { x: 1 } },
    },
    // The same names, meant differently.
    {
        ...{ "@timestamp": "2026-11-29T11:05:01Z", message: "fine", namespace: "shop", pod: "shop-2", cluster: "blue" },
        ...{ severity_number: 17, attributes: { source: { address: "b" } }, odd: 7 },
    },
];

describe("OpenSearch as it is configured and set up, in its real program", function () {
    const folder = mkdtempSync(join(tmpdir(), "opensearch-"));
    const programs = new Programs(folder);
    const passwords: Record<User, string> = { writer: "writerpw", reader: "readerpw", monitor: "monitorpw" };
    let here: OpensearchHere;
    let url = "";

    before(async function () {
        const found = opensearchHome();
        const java = process.env.OPENSEARCH_JAVA ?? "java";
        const absent = missing(["openssl", "curl", ...(process.env.OPENSEARCH_JAVA === undefined ? [java] : [])]);
        const why = "why" in found ? found.why : absent.map((program) => `${program} is not on PATH`).join(", ");
        if ("why" in found || absent.length > 0) {
            console.log(`    not run: ${why}`);
            this.skip();
        }
        here = await OpensearchHere.start(programs, folder, found.home, java);
        url = await here.setupUrl();
        const { status, output } = await setUp();
        equal(status, 0, output);
    });

    after(async () => {
        (here as OpensearchHere | undefined)?.stop();
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    /** What the Job runs, with the Job's environment. */
    async function setUp(): Promise<{ status: number | null; output: string }> {
        const [setup, users] = [programs.data("setup"), programs.data("users")];
        for (const [name, text] of Object.entries(setupFiles(opensearchDefaults("nothing")))) {
            writeFileSync(join(setup, name), text);
        }
        for (const user of USERS) writeFileSync(join(users, `${user}.json`), userBody(DIGESTS[passwords[user]] ?? ""));
        const env = { URL: url, TLS: here.admin, SETUP: setup, USERS: users, DATA_STREAM, PATTERN };
        return await new Promise((resolve) => {
            const run = spawn("bash", [join(setup, "setup.sh")], {
                env: { ...process.env, ...env, ANSWER: join(folder, "answer") },
            });
            let output = "";
            for (const stream of [run.stdout, run.stderr])
                stream.on("data", (part: Buffer) => (output += part.toString()));
            run.on("exit", (status) => {
                resolve({ status, output });
            });
        });
    }

    const as = (user: User) => `${user}:${passwords[user]}`;
    const bulk = (lines: readonly object[]) => lines.map((line) => `{"create":{}}\n${JSON.stringify(line)}\n`).join("");
    const search = (query: string) => `/${PATTERN}/_search?q=${encodeURIComponent(query)}`;

    it("answers nobody without a password, and to write the writer alone", async () => {
        equal((await here.ask("GET", `/${PATTERN}/_search`, undefined, "nobody:x")).status, 401);
        const path = `/${DATA_STREAM}/_bulk?refresh=true`;
        for (const user of ["reader", "monitor"] as const) {
            equal((await here.ask("POST", path, bulk(LINES), as(user))).status, 403, user);
        }
        const { status, text } = await here.ask("POST", path, bulk(LINES), as("writer"));
        equal(status, 200);
        match(text, /"errors":false/);
    });

    it("keeps lines whose fields mean different things, and finds them as Grafana asks", async () => {
        const { query } = opensearchLines.complaints("shop", "") as { query: string };
        const asked = await here.ask("GET", search(query.replace("$cluster", ".*")), undefined, as("reader"));
        equal(asked.status, 200);
        // One by its word, one by its severity.
        match(asked.text, /"total":\{"value":2,/);
        const one = async (q: string) => (await here.ask("GET", search(q), undefined, as("reader"))).text;
        match(await one(`${FIELDS.traceId}:"0af7651916cd43dd8448eb211c80319c"`), /"value":1,.*shop-1/);
        match(await one("attributes.source.address:b"), /"value":1,.*shop-2/);
    });

    it("lets the writer see and delete nothing, the reader change nothing, the monitor read no line", async () => {
        const refused: [User, string, string][] = [
            ["writer", "GET", `/${PATTERN}/_search`],
            ["writer", "DELETE", `/${DATA_STREAM}`],
            ["reader", "DELETE", `/${DATA_STREAM}`],
            ["reader", "POST", `/${DATA_STREAM}/_rollover`],
            ["reader", "GET", "/_plugins/_security/api/internalusers"],
            ["monitor", "GET", `/${PATTERN}/_search`],
        ];
        for (const [user, method, path] of refused) {
            equal((await here.ask(method, path, undefined, as(user))).status, 403, `${user} ${method} ${path}`);
        }
        for (const path of ["/_cluster/health?local=true", "/_nodes/stats", "/_all/_stats", "/_data_stream/*/_stats"]) {
            equal((await here.ask("GET", path, undefined, as("monitor"))).status, 200, path);
        }
    });

    it("makes no index by a name that no template knows", async () => {
        const { text } = await here.ask("POST", "/_bulk", '{"create":{"_index":"other"}}\n{"a":1}\n', as("writer"));
        match(text, /index_not_found_exception/);
    });

    it("says of itself what the probe waits for, in that order", async () => {
        const { text } = await here.ask("GET", "/_cluster/health?local=true", undefined, as("monitor"));
        match(text, /"discovered_cluster_manager":true.*"initializing_shards":0,/);
    });

    it("is set up once more without harm, and a renewed password takes the place of the old one", async () => {
        const before = as("writer");
        passwords.writer = "writerpw2";
        const { status, output } = await setUp();
        equal(status, 0, output);
        equal((await here.ask("GET", "/", undefined, before)).status, 401);
        equal((await here.ask("GET", "/", undefined, as("writer"))).status, 200);
        equal((await here.ask("GET", `/${PATTERN}/_search`, undefined, as("writer"))).status, 403);
        match((await here.ask("GET", search("namespace:shop"), undefined, as("reader"))).text, /"value":2,/);
    });
});

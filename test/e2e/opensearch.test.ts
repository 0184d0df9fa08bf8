import { doesNotMatch, equal, match } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FIELDS, opensearchLines } from "../../components/logs/opensearch/lines";
import { DATA_STREAM, PATTERN, type User } from "../../components/logs/opensearch/names";
import { opensearchDefaults, type OpensearchSettings } from "../../components/logs/opensearch/settings";
import { Provider } from "./login-provider";
import { opensearchHome, OpensearchHere, PASSWORDS } from "./opensearch-programs";
import { Programs } from "./programs";

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
    const passwords = { ...PASSWORDS };
    const provider = new Provider();
    let here: OpensearchHere;
    let settings: OpensearchSettings;

    before(async function () {
        const found = opensearchHome(this);
        const oidc = {
            ...{
                discoveryUrl: await provider.listen(),
                clientId: "logs",
                clientSecret: "none",
                rotation: 1,
                scopes: ["openid"],
            },
            ...{ userClaim: "email", groupsClaim: "groups", readers: ["viewers"] },
        };
        settings = { ...opensearchDefaults("nothing"), dashboards: { enabled: true, oidc } };
        here = await OpensearchHere.start(programs, folder, { ...found, settings });
        const { status, output } = await here.setUp(passwords);
        equal(status, 0, output);
    });

    after(async () => {
        (here as OpensearchHere | undefined)?.stop();
        provider.close();
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    const as = (user: keyof typeof passwords) => `${user}:${passwords[user]}`;
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

    it("lets people of Dashboards read lines and keep what they save, and its server keep theirs and read no line", async () => {
        const saved = "/.kibana/_doc/search:1";
        equal((await here.ask("PUT", "/.kibana_1", '{"aliases":{".kibana":{}}}', as("dashboards"))).status, 200);
        equal((await here.ask("GET", `/${PATTERN}/_search`, undefined, as("dashboards"))).status, 403);
        match((await here.ask("GET", search("namespace:shop"), undefined, as("viewer"))).text, /"value":2,/);
        equal((await here.ask("PUT", saved, '{"type":"search"}', as("viewer"))).status, 201);
        equal((await here.ask("PUT", saved, '{"type":"search"}', as("reader"))).status, 403);
        // Whoever saves something may send bulk; each line in it is refused.
        const { text } = await here.ask("POST", `/${DATA_STREAM}/_bulk`, bulk(LINES), as("viewer"));
        match(text, /"errors":true/);
        doesNotMatch(text, /"status":201/);
        for (const [method, path] of [
            ["DELETE", `/${DATA_STREAM}`],
            ["GET", "/_plugins/_security/api/internalusers"],
        ] as const) {
            equal((await here.ask(method, path, undefined, as("viewer"))).status, 403, `viewer ${method} ${path}`);
        }
    });

    it("believes whom the provider has signed for, and lets the groups read that are named, and nobody else", async () => {
        const status = async (token: string, method = "GET", path = `/${PATTERN}/_search`) =>
            (await here.ask(method, path, undefined, { bearer: token })).status;
        equal(await status(provider.token(["viewers", "others"])), 200);
        equal(await status(provider.token(["viewers"]), "DELETE", `/${DATA_STREAM}`), 403);
        equal(await status(provider.token(["others"])), 403);
        equal(await status(new Provider().token(["viewers"])), 401);
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
        const { status, output } = await here.setUp(passwords);
        equal(status, 0, output);
        equal((await here.ask("GET", "/", undefined, before)).status, 401);
        equal((await here.ask("GET", "/", undefined, as("writer"))).status, 200);
        equal((await here.ask("GET", `/${PATTERN}/_search`, undefined, as("writer"))).status, 403);
        match((await here.ask("GET", search("namespace:shop"), undefined, as("reader"))).text, /"value":2,/);
    });

    it("knows neither the people of Dashboards nor the provider where they run no longer", async () => {
        const { status, output } = await here.setUp(passwords, opensearchDefaults("nothing"));
        equal(status, 0, output);
        for (const user of ["viewer", "dashboards"] as const) {
            equal((await here.ask("GET", "/", undefined, as(user))).status, 401, user);
        }
        equal((await here.ask("GET", "/", undefined, { bearer: provider.token(["viewers"]) })).status, 401);
        equal((await here.ask("GET", `/${PATTERN}/_search`, undefined, as("reader"))).status, 200);
    });
});

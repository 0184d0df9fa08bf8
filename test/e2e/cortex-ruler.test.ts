import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TENANT_HEADER } from "../../components/contracts/tenancy";
import { at, records } from "../../tools/records";
import { CortexHere } from "./cortex-programs";
import { Programs } from "./programs";
import { needsCharts, rendered } from "./rendered";
import { RulersHere } from "./ruler-programs";
import { goThrough, needsFailures, SHOP_RULES, writeOrders } from "./store-rules";

/** What takes samples, and what answers of those that are new. */
const PODS = {
    "cortex-memcached-blocks": 1,
    "cortex-memcached-blocks-index": 1,
    "cortex-memcached-blocks-metadata": 1,
    "cortex-memcached-frontend": 1,
    "cortex-distributor": 1,
    "cortex-ingester": 1,
    "cortex-querier": 1,
    "cortex-query-frontend": 1,
};

/** One copy, and a ring that does not wait for others: this is about rules. */
const ALONE = {
    distributor: { remote_timeout: "20s" },
    ingester: {
        lifecycler: {
            ring: { replication_factor: 1 },
            join_after: "0s",
            observe_period: "0s",
            min_ready_duration: "0s",
        },
    },
};

describe("Cortex as it is rendered for production, with the store's ruler", function () {
    const folder = mkdtempSync(join(tmpdir(), "cortex-ruler-"));
    const programs = new Programs(folder);
    const headers = { [TENANT_HEADER]: "prod" };
    let cortex: CortexHere;
    let rulers: RulersHere | undefined;

    before(async function () {
        needsFailures(this);
        needsCharts(this, ["cortex", "memcached", "minio", "nginx", "thanos", "alertmanager"]);
        cortex = await CortexHere.start(programs, await rendered("prod"), PODS, ALONE);
    });

    after(async () => {
        await rulers?.stop();
        await programs.stop();
        if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
    });

    it("has rules evaluated by the pair of rulers, and keeps the results of one", async () => {
        const write = `${cortex.push}/api/v1/push`;
        await writeOrders(write, headers);
        const here = (url: string) => (new URL(url).pathname === "/rules" ? `${cortex.query}/rules` : write);
        rulers = await RulersHere.start(programs, cortex.model, here, SHOP_RULES);
        await goThrough(rulers, async (expr) => {
            const query = `${cortex.query}/prometheus/api/v1/query?query=${encodeURIComponent(expr)}&time=${Date.now() / 1000}`;
            const answer = await fetch(query, { headers });
            return records(at(await answer.json(), "data.result"));
        });
    });
});

import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { COLLECTOR_NAMES } from "../../components/collectors/k8s-monitoring/names";
import { otlpUrl } from "../../components/logs/opensearch/names";
import { collector } from "./collectors";
import { freePorts } from "./ports";
import { Taker } from "./otlp-taker";
import { readingPods, SHOP, writeLines } from "./pod-files";
import { Programs } from "./programs";
import { needsCharts, renderedWith } from "./rendered";
import { local } from "./store-configs";
import { until } from "./until";

/*
 * The collector of a node with OpenSearch as the log store, in the real Alloy, and the gateway of OTLP away: first nobody
 * listens, then it answers that it cannot take lines now.
 */

/** Lines of a kilobyte: several times what is sent at once. */
const LINES = 10_000;

describe("lines of pods with the gateway of OTLP away", () => {
    const folder = mkdtempSync(join(tmpdir(), "otlp-lines-"));
    const programs = new Programs(folder);
    const gateway = new Taker();

    after(async () => {
        await programs.stop();
        gateway.close();
        rmSync(folder, { recursive: true, force: true });
    });

    it("wait in the nodes' files: none is lost, whatever it answers", async function () {
        needsCharts(this, ["alloy"]);
        const certificates = { from: "secrets", node: "opensearch-node-tls", admin: "opensearch-admin-tls" };
        const model = await renderedWith("prod", {
            "observability:logs": JSON.stringify({ kind: "opensearch", certificates }),
        });
        const [port = 0, unused = 0] = await freePorts(2);
        const pods = join(folder, "pods");
        writeLines(pods, LINES / 2);
        const stores = { cortex: unused, loki: unused, tempo: unused };
        const logs = await collector(programs, model, COLLECTOR_NAMES.logs, stores, (config) => {
            ok(config.includes(otlpUrl), "the collector does not know the gateway");
            return readingPods(config, pods).replaceAll(otlpUrl, local(port));
        });
        await logs.start();
        // Longer than it waits with a batch that is not full, and than it keeps a position in memory.
        await sleep(15_000);
        equal(gateway.lines.size, 0);
        gateway.status = 503;
        await gateway.listen(port);
        await until("the collector is refused", () => gateway.refused >= 3);
        writeLines(pods, LINES / 2, SHOP, LINES / 2);
        gateway.status = 200;
        await until("all lines are sent", () => gateway.lines.size === LINES);
        deepEqual([gateway.lines.has(0), gateway.lines.has(LINES - 1)], [true, true]);
    });
});

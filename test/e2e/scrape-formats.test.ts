import { deepEqual } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { at, records } from "../../tools/records";
import { valuesOf } from "../fixtures/kube-prometheus-stack";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { local } from "./store-configs";

/** A real Prometheus before an exporter that sends no Content-Type, with and without what the platform tells it. */
describe("an exporter that does not say what it sends", () => {
    const folder = mkdtempSync(join(tmpdir(), "formats-"));
    const programs = new Programs(folder);
    let exporter: Server;

    before(async function () {
        if (missing(["prometheus"]).length > 0) {
            console.log("    not run: prometheus is not on PATH");
            this.skip();
        }
        exporter = createServer((_, response) => response.end("works 1\n"));
        await new Promise<void>((resolve) => exporter.listen(0, "127.0.0.1", resolve));
    });

    after(async () => {
        await programs.stop();
        (exporter as Server | undefined)?.close();
        rmSync(folder, { recursive: true });
    });

    it("is scraped by the platform's Prometheus, and by none without its fallback", async () => {
        const [port = 0] = await freePorts(1);
        const targets = [`127.0.0.1:${(exporter.address() as AddressInfo).port}`];
        const [scrapeClass] = records(valuesOf("node").prometheus?.prometheusSpec?.scrapeClasses);
        const scrape_configs = [
            { job_name: "platform", fallback_scrape_protocol: scrapeClass?.fallbackScrapeProtocol },
            { job_name: "bare" },
        ].map((job) => ({ ...job, scrape_interval: "1s", scrape_timeout: "1s", static_configs: [{ targets }] }));
        await programs.start(
            "prometheus",
            [
                `--config.file=${programs.file("prometheus.yaml", { scrape_configs })}`,
                `--storage.tsdb.path=${programs.data("prometheus")}`,
                `--web.listen-address=127.0.0.1:${port}`,
            ],
            `${local(port)}/-/ready`,
        );
        deepEqual(await healthOf(port, 2), { platform: "up", bare: "down" });
    });
});

/** Health of each job's target, once all have been scraped. */
async function healthOf(port: number, jobs: number): Promise<Record<string, unknown>> {
    for (;;) {
        const answer: unknown = await (await fetch(`${local(port)}/api/v1/targets`)).json();
        const targets = records(at(answer, "data.activeTargets"));
        if (targets.length === jobs && targets.every(({ health }) => health !== "unknown")) {
            return Object.fromEntries(targets.map((target) => [String(at(target, "labels.job")), target.health]));
        }
        await sleep(200);
    }
}

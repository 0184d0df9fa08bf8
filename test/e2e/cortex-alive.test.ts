import { equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, records } from "../../tools/records";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { needsCharts, rendered } from "./rendered";
import { cortexConfig, local } from "./store-configs";

describe("Cortex' query frontend, alone", () => {
    const folder = mkdtempSync(join(tmpdir(), "alive-"));
    const programs = new Programs(folder);

    before(function () {
        needsCharts(this, ["cortex"]);
    });

    after(async () => {
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    it("is not ready while no querier is there, and not restarted for it", async () => {
        const pods = (await rendered("prod")).pods.find(({ name }) => name === "cortex-query-frontend");
        const paths = records(pods?.spec.containers)
            .flatMap((container) => [
                at(container, "livenessProbe.httpGet.path"),
                at(container, "startupProbe.httpGet.path"),
            ])
            .filter((path) => typeof path === "string");
        ok(paths.length > 0, "its pods have no probe");
        const [http = 0, grpc = 0, otlp = 0, prometheus = 0] = await freePorts(4);
        const file = programs.file("cortex.yaml", cortexConfig(programs, { http, grpc, otlp, prometheus }));
        const args = [`-config.file=${file}`, "-target=query-frontend"];
        await programs.start("cortex", args, `${local(http)}${paths[0]}`);
        equal((await fetch(`${local(http)}/ready`)).status, 503);
        for (const path of paths) equal((await fetch(`${local(http)}${path}`)).status, 200, path);
    });
});

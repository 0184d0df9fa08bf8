import type { Survives } from "../catalogue/workload";
import { show, type Wrong } from "../finding";
import type { Release } from "../release";
import type { ChartRules } from "./chart-rules";
import { on, wrong } from "./checks";

export const minio: ChartRules = {
    reads: ["mode", "drivesPerNode", "pools", "persistence.enabled", "existingSecret", "rootUser", "users"],
    mode: (release) =>
        release.get("mode") === "distributed"
            ? []
            : wrong(release, "mode", "distributed", "one server keeps the only copy", "observability:survives"),
    durability: [on("persistence.enabled", "observability:objectStore.values")],
    replication: (survives) => [(release) => erasure(release, survives)],
};

/** Parity of the sets that MinIO makes of servers and drives, against the loss of one server or of a third of them. */
function erasure(release: Release, survives: Survives): Wrong[] {
    const servers = release.number("replicas") ?? 0;
    const drives = release.number("drivesPerNode") ?? 1;
    const lost = survives === "zone" ? Math.ceil(servers / 3) : 1;
    if (servers > 1 && serversToLose(servers, drives) >= lost) return [];
    const wanted = `a layout that writes with ${lost} of ${servers} servers gone`;
    const why = "the erasure sets lose their write quorum, and every store stops with them";
    const path = "drivesPerNode";
    const found = show(release, path, drives);
    return [{ path, found, wanted, why, setting: "observability:objectStore.drivesPerServer" }];
}

function serversToLose(servers: number, drives: number): number {
    for (let size = 16; size >= 2; size--) {
        const even = servers > size ? servers % size === 0 : size % servers === 0;
        if (!even || (servers * drives) % size !== 0) continue;
        const parity = size >= 8 ? 4 : size >= 6 ? 3 : size >= 4 ? 2 : 1;
        return Math.floor((size === 2 * parity ? parity - 1 : parity) / Math.max(1, size / servers));
    }
    return 0;
}

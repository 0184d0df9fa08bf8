import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { problem, type SettingsProblem } from "../../settings/problem";
import { replicaRules } from "../../settings/replicas";
import { erasureSetSize, serversToLose } from "./erasure";
import { AT, minioReplicated } from "./workloads";
import type { MinioSettings } from "./settings";

export function minioRules(settings: MinioSettings, platform: PlatformSettings): SettingsProblem[] {
    // What is asked for to survive is a right layout too, and drives are counted for servers that are enough.
    const survival = survivalRules(settings, platform.survives);
    return survival.length > 0 ? survival : layoutRules(settings);
}

/** What MinIO itself asks of a layout. */
function layoutRules({ servers, drivesPerServer }: MinioSettings): SettingsProblem[] {
    if (servers === 1) {
        return drivesPerServer === 1
            ? []
            : [problem(`${AT}.drivesPerServer`, drivesPerServer, "1 with a single server", "write drivesPerServer: 1")];
    }
    if (servers < 4) {
        return [problem(`${AT}.servers`, servers, "1, or a whole number from 4", "write servers: 1 or servers: 4")];
    }
    if (erasureSetSize(servers, drivesPerServer) !== undefined) return [];
    return [
        problem(
            `${AT}.servers`,
            servers,
            `a number that makes even erasure sets of 2 to 16 drives with drivesPerServer: ${drivesPerServer}`,
            "write servers: 4, 6, 8, 12 or 16",
        ),
    ];
}

/** What `survives` asks of it. */
function survivalRules({ servers, drivesPerServer }: MinioSettings, survives: Survives): SettingsProblem[] {
    const tooFew = replicaRules(minioReplicated, { servers }, survives);
    if (tooFew.length > 0 || survives === "nothing") return tooFew;
    const spare = serversToLose(servers, drivesPerServer);
    if (survives === "node") {
        if (spare > 0 || erasureSetSize(servers, drivesPerServer) === undefined) return [];
        // Such as 34, which only sets of two drives divide: with one of the two gone, nothing is written.
        return [
            problem(
                `${AT}.servers`,
                servers,
                `a number of which one may be lost: of ${servers} with ${drivesPerServer} drives none may`,
                "write servers: 4, drivesPerServer: 2, or another number that a size from 3 to 16 divides",
            ),
        ];
    }
    // In more servers than a set has drives, a set may stand in two zones only.
    const setSpansZones = servers <= (erasureSetSize(servers, drivesPerServer) ?? 0);
    if (setSpansZones && spare >= servers / 3) return [];
    return [
        problem(
            `${AT}.servers`,
            servers,
            `a number of which a third may be lost: of ${servers} with ${drivesPerServer} drives ${spare} may`,
            "write servers: 6, drivesPerServer: 2, or servers: 12, drivesPerServer: 1",
        ),
    ];
}

import type { System } from "../contracts/system";
import { backupTooOld } from "./alerts";
import { NAMESPACE } from "./names";
import { tooOldHours, type BackupSettings } from "./settings";

export function backupSystem(settings: Pick<BackupSettings, "everyHours">): System {
    return {
        role: "backup",
        title: "Backup",
        namespaces: [NAMESPACE],
        alerts: { backups: [backupTooOld(tooOldHours(settings))] },
    };
}

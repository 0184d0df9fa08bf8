import { deepEqual, ok } from "node:assert/strict";
import { archiveDefaults } from "../../../components/database/postgres/archive-settings";
import { postgresSystem } from "../../../components/database/postgres/system";

const { alerts } = postgresSystem({ instances: 5, backup: undefined });

describe("postgres: alerts", () => {
    it("miss an instance as soon as there are fewer than the settings ask for", () => {
        const missing = alerts.database?.find(({ alert }) => alert === "DatabaseInstanceMissing");
        ok(missing?.expr.endsWith("< 5"), missing?.expr);
    });

    it("watch the archive only where there is one: without it the last backup is always too old", () => {
        deepEqual(alerts.backups, []);
        const archived = postgresSystem({ instances: 3, backup: archiveDefaults() });
        deepEqual(
            archived.alerts.backups?.map(({ alert }) => alert),
            ["BackupTooOld", "DatabaseArchiveFailing"],
        );
    });

    it("compare no label cluster, which names the cluster of databases", () => {
        const rules = Object.values(alerts).flat();
        deepEqual(
            rules.map(({ expr }) => expr).filter((expr) => /[{,(]\s*cluster\b/.test(expr)),
            [],
        );
    });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { settingsReference } from "../../../tools/settings-reference/reference";

describe("the reference of settings", () => {
    const page = settingsReference();

    it("is as fresh as the schema (npm run settings-reference)", () => {
        assert.equal(readFileSync(resolve(__dirname, "../../../docs/reference/settings.md"), "utf8"), page);
    });

    it("lists what must not change after the first deployment", () => {
        const fixed = page.slice(page.indexOf("## What must not change"), page.indexOf("## All settings"));
        for (const path of [
            "cluster",
            "tenant",
            "logs.schema",
            "metrics.buckets",
            "logs.buckets",
            "traces.buckets",
            "replicationFactor",
        ]) {
            assert.ok(fixed.includes(path), `${path} is not listed`);
        }
    });

    it("says with which map a key is wanted, which may be left out, and what it has by default there", () => {
        const row = (path: string) => page.split("\n").find((line) => line.startsWith(`| \`${path}\` |`)) ?? "";
        for (const key of ["grafana.oidc.authUrl", "grafana.oidc.clientSecret"])
            assert.ok(row(key).includes("(required with `grafana.oidc`)"), row(key));
        assert.ok(row("objectStore.credentials.logs.accessKeyId").includes("with `objectStore.credentials.logs`)"));
        assert.ok(row("imagePullSecret.secretName").includes("(required with `imagePullSecret.from: secret`)"));
        assert.ok(row("backup.target.credentials.secretName").includes("`backup.target.credentials.from: secret`"));
        for (const [key, usual] of [
            ["grafana.oidc.defaultRole", '"refused"'],
            ["backup.target.tls", "true"],
            ["database.backup.everyHours", "24"],
        ] as const) {
            assert.ok(row(key).endsWith(`| \`${usual}\` |`), row(key));
            assert.doesNotMatch(row(key), /required|optional/);
        }
        for (const key of ["load.series", "hub.stack", "backup.restore.at", "alerting.email.password"])
            assert.ok(row(key).includes("(optional)"), row(key));
        assert.doesNotMatch(row("access.className"), /required|optional/);
    });
});

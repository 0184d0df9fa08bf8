import * as assert from "node:assert/strict";
import { erasureSetSize, serversToLose } from "../../../components/object-store/minio/erasure";
import { minioDefaults, minioSettings } from "../../../components/object-store/minio/settings";
import { minioRules } from "../../../components/object-store/minio/rules";
import { objectStoreSlice } from "../../../components/object-store/settings";
import type { Survives } from "../../../components/kubernetes/placement";
import { platformDefaults, platformSettings, type PlatformSettings } from "../../../components/settings/platform";

function platformOf(survives: Survives): PlatformSettings {
    const own = { cluster: "test", tenant: "test", domain: "o11y.example.com", survives };
    return platformSettings.parse({ ...platformDefaults(own), ...own });
}

function complaints(survives: Survives, servers: number, drivesPerServer: number): string[] {
    const settings = { ...minioDefaults(survives), servers, drivesPerServer };
    return minioRules(settings, platformOf(survives)).map((found) => found.path);
}

describe("MinIO's erasure sets", () => {
    it("lose as many servers as upstream's sizing table says", () => {
        const table: [number, number, number][] = [
            [4, 1, 1],
            [5, 1, 2],
            [6, 1, 2],
            [7, 1, 3],
            [8, 1, 3],
            [16, 1, 4],
            [4, 2, 1],
            [6, 2, 2],
            [8, 2, 2],
            [4, 4, 1],
        ];
        for (const [servers, drives, writes] of table) {
            assert.equal(serversToLose(servers, drives), writes, `${servers} x ${drives}`);
        }
    });

    it("do not exist for layouts that MinIO refuses to start with", () => {
        assert.equal(erasureSetSize(17, 1), undefined);
        assert.equal(erasureSetSize(32, 2), 16);
    });
});

describe("MinIO's settings", () => {
    it("have defaults that parse and break no rule, whatever the stack survives", () => {
        for (const survives of ["nothing", "node", "zone"] as const) {
            const parsed = objectStoreSlice.schema.parse(objectStoreSlice.defaults(survives, {}));
            assert.equal(parsed.kind, "minio");
            assert.deepEqual(minioRules(minioSettings.parse(parsed), platformOf(survives)), []);
        }
    });

    it("refuse layouts that would not start, or not keep what `survives` promises", () => {
        assert.deepEqual(complaints("nothing", 1, 2), ["objectStore.drivesPerServer"]);
        assert.deepEqual(complaints("nothing", 3, 2), ["objectStore.servers"]);
        assert.deepEqual(complaints("nothing", 17, 1), ["objectStore.servers"]);
        assert.deepEqual(complaints("node", 1, 1), ["objectStore.servers"]);
        // Only sets of two drives divide 34: with one gone, nothing is written.
        assert.deepEqual(complaints("node", 34, 1), ["objectStore.servers"]);
        assert.deepEqual(complaints("zone", 4, 2), ["objectStore.servers"]);
        assert.deepEqual(complaints("zone", 8, 2), ["objectStore.servers"]);
        // Five of fifteen go with a zone; parity covers four.
        assert.deepEqual(complaints("zone", 15, 1), ["objectStore.servers"]);
        // Sets of nine among eighteen servers: nothing spreads a set over the zones.
        assert.deepEqual(complaints("zone", 18, 1), ["objectStore.servers"]);
        assert.deepEqual(complaints("zone", 12, 1), []);
        assert.deepEqual(complaints("node", 5, 1), []);
    });

    it("pin the image by digest", () => {
        const image = { ...minioDefaults("node").image, digest: "latest" };
        assert.equal(minioSettings.safeParse({ ...minioDefaults("node"), image }).success, false);
    });
});

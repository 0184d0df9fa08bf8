import { deepEqual } from "node:assert/strict";
import { minioSystem } from "../../../components/object-store/minio/system";
import { ofRole } from "../../fixtures/watched";

describe("minio: alerts", () => {
    it("are of the inside alone: that calls fail is told by who calls, as with an outside S3", () => {
        deepEqual(
            (minioSystem().alerts["object-store"] ?? []).map(({ alert }) => alert),
            ["ObjectStoreDriveOffline", "ObjectStoreFillingUp", "ObjectStoreNearlyFull"],
        );
        deepEqual(ofRole("objectStore"), minioSystem());
    });
});

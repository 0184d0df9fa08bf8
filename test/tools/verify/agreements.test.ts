import assert from "node:assert/strict";
import type { Agreements } from "../../../components/contracts/agreements";
import { AGREEMENTS } from "../../../components/platform/agreements";
import { KEYS } from "../../../tools/verify/configs/keys";

/** Every key of the configuration that a store's agreements name. */
function named(told: Agreements): string[] {
    const { copies, deduplication, messages, remoteWrite, retention, rings, ruler, sharded, tenants, windows } = told;
    const reaches = Object.values(told.reaches);
    const keys = [
        ...[told.tenantLimits, tenants[0], retention.kept[0], retention.onlyIf, retention.period?.list],
        ...[ruler?.alertmanagers, ruler?.discovery],
        ...[...(deduplication?.switches ?? []), deduplication?.clusterLabel[0], deduplication?.replicaLabel[0]],
        ...[
            ...(remoteWrite?.targets ?? []),
            remoteWrite?.onlyIf,
            ...(remoteWrite?.tenantIfAll ?? []).map(([key]) => key),
        ],
        ...told.serves.flatMap(({ below }) => (below ?? []).map(([key]) => key)),
        ...copies.flatMap(({ factor, inherits, onlyIf }) => [factor[0], inherits, onlyIf]),
        ...rings.flatMap(({ at, onlyIf }) => [`${at}.kvstore.store`, onlyIf]),
        ...sharded.map(({ key }) => key),
        ...messages.flatMap(({ receives, sends }) => [receives[0], sends[0]]),
        ...reaches.flatMap(({ all, before }) => [all[0], before]),
        ...windows.flatMap(({ longer, shorter }) => [longer[0], shorter[0]]),
    ];
    return keys.filter((key) => key !== undefined);
}

/** Whether a program's version reads a key; what a table leaves open may hold anything. */
function isKnown(program: string, key: string): boolean {
    const table = KEYS[program];
    assert.ok(table, `there is no table of ${program}'s keys`);
    let type: string | undefined = table.root;
    for (const part of key.split(".")) {
        if (type === "any") return true;
        const keys: Readonly<Record<string, string>> | undefined = table.types[type ?? ""];
        type = keys?.[part] ?? keys?.["*"];
    }
    return type !== undefined;
}

describe("what the stores' configurations must agree with", () => {
    // A moved pin may rename a key: a check of the old name would then judge the fallback for ever, and find nothing.
    it("is said of keys that the pinned versions read", () => {
        for (const told of AGREEMENTS) {
            assert.deepEqual(
                named(told).filter((key) => !isKnown(told.program, key)),
                [],
                told.program,
            );
        }
        assert.ok(!isKnown("cortex", "querier.query_ingesters_withn"));
    });
});

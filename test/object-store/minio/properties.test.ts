import assert from "node:assert/strict";
import fc from "fast-check";
import type { Survives } from "../../../components/kubernetes/placement";
import { erasureSetSize, parityDrives, serversToLose } from "../../../components/object-store/minio/erasure";
import { minioRules } from "../../../components/object-store/minio/rules";
import { minioDefaults } from "../../../components/object-store/minio/settings";
import { platformOf } from "../../fixtures/platform";
import { holds } from "../../fixtures/property";

/**
 * MinIO's own way, written down a second time: it lists the drives host by host for each volume, and cuts the list into
 * sets of the largest size that divides all drives and stands evenly on the hosts.
 * https://github.com/minio/minio/blob/master/docs/distributed/DESIGN.md
 * @returns for each set the server of each of its drives; undefined where no size does.
 */
function setsOf(servers: number, drivesPerServer: number): number[][] | undefined {
    const drives = Array.from({ length: drivesPerServer }, () => Array.from({ length: servers }, (_, i) => i)).flat();
    const sizes = Array.from({ length: 15 }, (_, i) => i + 2).filter(
        (size) => drives.length % size === 0 && (servers % size === 0 || size % servers === 0),
    );
    const size = sizes.at(-1);
    if (size === undefined) return undefined;
    return Array.from({ length: drives.length / size }, (_, set) => drives.slice(set * size, (set + 1) * size));
}

/** Drives that have to confirm a write: those of the data, and one more where parity is as many. */
function writeQuorum(drives: number): number {
    const parity = drives >= 8 ? 4 : drives >= 6 ? 3 : drives >= 4 ? 2 : drives >= 2 ? 1 : 0;
    const data = drives - parity;
    return data === parity ? data + 1 : data;
}

/** Whether every set can still be written without these servers. */
function writes(sets: readonly (readonly number[])[], lost: ReadonlySet<number>): boolean {
    return sets.every((set) => set.filter((server) => !lost.has(server)).length >= writeQuorum(set.length));
}

const servers = fc.integer({ min: 4, max: 500 });
const drivesPerServer = fc.integer({ min: 1, max: 32 });
const shuffled = (count: number) =>
    fc.shuffledSubarray(
        Array.from({ length: count }, (_, i) => i),
        { minLength: count, maxLength: count },
    );
/** A layout, and its servers in any order: those that are lost come first. */
const layout = fc
    .tuple(fc.oneof(fc.integer({ min: 4, max: 34 }), servers), fc.oneof(fc.constantFrom(1, 2, 4), drivesPerServer))
    .chain(([count, drives]) => fc.tuple(fc.constant(count), fc.constant(drives), shuffled(count)));

function accepted(survives: Survives, count: number, drives: number): boolean {
    const settings = { ...minioDefaults(survives), servers: count, drivesPerServer: drives };
    return minioRules(settings, platformOf(survives)).length === 0;
}

describe("MinIO's erasure sets, of any servers and drives", function () {
    this.timeout(0);

    it("are those of MinIO: they divide all drives, and each stands evenly on its servers", () => {
        holds(
            fc.property(layout, ([count, drives]) => {
                const sets = setsOf(count, drives);
                const size = erasureSetSize(count, drives);
                assert.equal(size, sets?.[0]?.length);
                for (const set of sets ?? []) {
                    assert.equal(set.length, size);
                    const each = new Map<number, number>();
                    for (const server of set) each.set(server, (each.get(server) ?? 0) + 1);
                    assert.equal(new Set(each.values()).size, 1, `${set.join()} is uneven`);
                }
                assert.equal(sets?.flat().length ?? count * drives, count * drives);
            }),
        );
    });

    it("leave every set its write quorum without as many servers as are said to be spare, whichever they are", () => {
        holds(
            fc.property(layout, ([count, drives, order]) => {
                const sets = setsOf(count, drives);
                fc.pre(sets !== undefined);
                const spare = serversToLose(count, drives);
                assert.ok(writes(sets, new Set(order.slice(0, spare))), `${count} x ${drives} without ${spare}`);
            }),
        );
    });

    it("lose it with one server more, in the set that has most of those", () => {
        holds(
            fc.property(layout, ([count, drives]) => {
                const sets = setsOf(count, drives);
                fc.pre(sets !== undefined);
                // Servers of one set: no choice is worse.
                const [first = []] = sets;
                const lost = [...new Set(first)].slice(0, serversToLose(count, drives) + 1);
                assert.equal(writes(sets, new Set(lost)), false, `${count} x ${drives} without ${lost.length}`);
            }),
        );
    });

    it("have a parity that grows with them, and never half of the drives and more", () => {
        for (let size = 2; size <= 16; size += 1) {
            assert.ok(parityDrives(size) >= parityDrives(size - 1), String(size));
            assert.ok(parityDrives(size) <= size / 2, String(size));
            assert.equal(size - parityDrives(size) + (size === 2 * parityDrives(size) ? 1 : 0), writeQuorum(size));
        }
    });
});

describe("MinIO's layouts that the settings accept", function () {
    this.timeout(0);

    it("take writes without any one server, where a node may be lost", () => {
        holds(
            fc.property(layout, ([count, drives, order]) => {
                fc.pre(accepted("node", count, drives));
                const sets = setsOf(count, drives);
                assert.ok(sets && writes(sets, new Set(order.slice(0, 1))), `${count} x ${drives}`);
            }),
            400,
        );
    });

    it("take writes without any third of the servers, where a zone may be lost", () => {
        holds(
            fc.property(layout, ([count, drives, order]) => {
                fc.pre(accepted("zone", count, drives));
                const sets = setsOf(count, drives);
                assert.ok(sets && writes(sets, new Set(order.slice(0, count / 3))), `${count} x ${drives}`);
            }),
            30,
        );
    });

    it("are no fewer than they could be: who loses a node or a zone is refused, who does not is accepted", () => {
        holds(
            fc.property(layout, ([count, drives]) => {
                const spare = setsOf(count, drives) === undefined ? 0 : serversToLose(count, drives);
                assert.equal(accepted("node", count, drives), spare >= 1, `${count} x ${drives}`);
            }),
        );
    });
});

/**
 * What MinIO makes of servers and drives. It cuts all drives into erasure sets of one size, each set spread evenly over
 * the servers, and keeps a number of parity drives in each set.
 */

const SMALLEST_SET = 2;
const LARGEST_SET = 16;

/**
 * Drives of one erasure set: the largest size that divides all drives and is even over the servers.
 * @returns undefined where no size does, and MinIO would not start.
 */
export function erasureSetSize(servers: number, drivesPerServer: number): number | undefined {
    for (let size = LARGEST_SET; size >= SMALLEST_SET; size--) {
        const even = servers > size ? servers % size === 0 : size % servers === 0;
        if (even && (servers * drivesPerServer) % size === 0) return size;
    }
    return undefined;
}

/** Parity drives of a set, as MinIO chooses them; a lone drive has none. */
export function parityDrives(setSize: number): number {
    if (setSize >= 8) return 4;
    if (setSize >= 6) return 3;
    if (setSize >= 4) return 2;
    return setSize > 1 ? 1 : 0;
}

/** Servers that may be lost at once while everything can still be written and read. */
export function serversToLose(servers: number, drivesPerServer: number): number {
    const size = erasureSetSize(servers, drivesPerServer);
    if (size === undefined) return 0;
    const parity = parityDrives(size);
    // Half of a set reads, but more than half has to agree on a write.
    const drivesToLose = size === 2 * parity ? parity - 1 : parity;
    return Math.floor(drivesToLose / Math.max(1, size / servers));
}

import { BATCH, inMib } from "../../contracts/push-sizes";
import { byteCount } from "../../settings/units";
import { isDurable, type K8sMonitoringValuesArgs } from "./values-args";

/** Where a collector keeps what outlives its pod. */
export const STORAGE = "/var/lib/alloy";

/** Where one keeps what is to go with its container. */
export const CONTAINER_STORAGE = "/tmp/alloy";

/**
 * Share of the volume that each of the three queues, of lines, spans and samples, may fill. What is left is for holes in
 * their files: a database's file keeps the room of what was sent.
 */
const SHARE = 0.2;

/** Bytes that one of the queues on a receiver's or sampler's volume may hold; tenants with namespaces share what is one's else. */
export function queueBytes({
    settings,
    namespaceTenants = [],
}: Pick<K8sMonitoringValuesArgs, "settings" | "namespaceTenants">): number {
    return Math.floor((byteCount(settings.volumes.queue) * SHARE) / (1 + namespaceTenants.length));
}

/** Batches are sent from this size on, and after a second in any case. */
const WORTH_SENDING = BATCH / 8;

/** By bytes, never by items: a batch of large spans would be refused by the next hop, and so lost. */
const BATCHING = { sizer: "bytes", flushTimeout: "1s", minSize: WORTH_SENDING, maxSize: BATCH } as const;

/**
 * Processors before the queue answer their sender first, and what they hold is gone with the process. Of the two that the
 * chart has, the first passes on what comes; the second holds as little as it can without a write to the volume, which
 * waits for the disk, for each push. Switched off, the chart leaves its closing bracket behind.
 */
export const BEFORE_QUEUE = { first: { timeout: "0s" }, last: { size: 2048, timeout: "200ms" } } as const;

/** Away, refused for the moment, full: tried for ever, since nobody else has what was accepted. */
export const RETRIES = { maxElapsedTime: "0s" } as const;

/** The queues on the volume, as an exporter refers to them. */
export const HANDLER = "otelcol.storage.file.queue.handler";

/**
 * Keeps the queues on the volume; `sendingQueue` refers to it by name. Once a backlog is sent its file is written anew,
 * small: without that it would keep the size of the largest backlog there ever was.
 */
export const FILE_QUEUE = `otelcol.storage.file "queue" {
  directory = "${STORAGE}/otlp-queue"
  fsync     = true
  compaction {
    on_rebound                    = true
    cleanup_on_start              = true
    directory                     = "${STORAGE}/otlp-queue"
    rebound_needed_threshold_mib  = 256
    rebound_trigger_threshold_mib = 64
  }
}
`;

/**
 * The queue of an exporter, as the chart takes it. When it is full whoever sends is made to wait, and then refused, and
 * keeps what it has; without that the oldest promise, an accepted push, would be broken first.
 */
export function sendingQueue(args: K8sMonitoringValuesArgs) {
    const batch = { enabled: true, ...BATCHING };
    if (!isDurable(args.platform)) return { blockOnOverflow: true, batch };
    return {
        blockOnOverflow: true,
        queueSize: queueBytes(args),
        // The chart writes no sizer beside a batch. What stands for the storage it writes as it is.
        storage: `${HANDLER}\n    sizer = "bytes"`,
        batch,
    };
}

/**
 * No queue, but its bound on bytes: what comes is shared out into batches, and whoever sent it waits until the store has
 * all of them. The chart writes no `wait_for_result`; what stands for the storage it writes as it is.
 */
export const ANSWERED = {
    blockOnOverflow: true,
    storage: "null\n    wait_for_result = true",
    // Nothing waits for more; the chart takes 0 for a size that is missing.
    batch: { enabled: true, ...BATCHING, minSize: 1 },
} as const;

/** Lines of one request. While the store is away Alloy has read so many and no more; killed then, it may leave out those whose position it had saved. */
export const BEFORE_ANSWER = { size: 2048, maxSize: 2048, timeout: "1s" } as const;

/** The same queue in Alloy's own words, for a component that the chart has no settings for. */
export function sendingQueueBlock(args: K8sMonitoringValuesArgs): string {
    const kept = isDurable(args.platform)
        ? `queue_size = ${queueBytes(args)}\n  sizer = "bytes"\n  storage = ${HANDLER}`
        : "queue_size = 1000";
    return `sending_queue {
  block_on_overflow = true
  ${kept}
  batch {
    sizer = "${BATCHING.sizer}"
    flush_timeout = "${BATCHING.flushTimeout}"
    min_size = ${BATCHING.minSize}
    max_size = ${BATCHING.maxSize}
  }
}`;
}

/** As Alloy writes sizes. */
export function alloySize(bytes: number): string {
    return `${inMib(bytes)}MiB`;
}

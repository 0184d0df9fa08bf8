import { z } from "zod";
import type { KindSchema, StoreKind } from "./slice";
import { about } from "./types";

/** Tenants and their limits are the hub's. */
const nothingOfTenants = z.strictObject({}).register(about, { allowed: "{}: tenants and their limits are the hub's" });

/** A kind that keeps nothing in this cluster: what its role takes goes on to the hub. */
export function senderKind<Schema extends KindSchema>(schema: Schema, defaults: Omit<z.output<Schema>, "kind">) {
    return {
        kind: "remote",
        namespaces: [],
        charts: [],
        workloads: [],
        told: () => undefined,
        schema,
        defaults: () => ({ kind: "remote", ...defaults }),
        rules: () => [],
        buckets: () => ({}),
        tenant: { schema: nothingOfTenants, rules: () => [] },
        sends: true,
    } satisfies StoreKind<Schema, typeof nothingOfTenants>;
}

const AT_HUB = "remove it, and set it in the hub's stack: this one keeps nothing";

/** What a kind that keeps data has and a sender has not. */
export const CANNOT_KEEP: Readonly<Record<string, string>> = Object.fromEntries(
    [
        "retention",
        "replicationFactor",
        "replicas",
        "volumes",
        "buckets",
        "limits",
        "caches",
        "windows",
        "memory",
        "values",
        "ingest",
        "downsampling",
        "deletionDelay",
        "ingestorRetention",
    ].map((key) => [key, AT_HUB]),
);

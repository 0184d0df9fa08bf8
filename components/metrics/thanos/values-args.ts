import type { Sidecars } from "../../contracts/metrics-store";
import type { BucketAccess, ObjectStore } from "../../contracts/object-store";
import type { PlatformSettings } from "../../settings/platform";
import type { ThanosSettings } from "./settings";

/** What the values follow from; plain data throughout. */
export interface ThanosValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: ThanosSettings;
    readonly objectStore: Pick<ObjectStore, "endpoint" | "region" | "tls" | "pathStyle">;
    readonly access: BucketAccess;
    /** Asked for the newest samples where they upload the rest. */
    readonly sidecars: Pick<Sidecars, "address">;
}

import type { BucketAccess, ObjectStore } from "../../contracts/object-store";
import type { PlatformSettings } from "../../settings/platform";
import type { ThanosSettings } from "./settings";

/** What the values follow from; plain data throughout. */
export interface ThanosValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: ThanosSettings;
    readonly objectStore: Pick<ObjectStore, "endpoint" | "region" | "tls" | "pathStyle">;
    readonly access: BucketAccess;
}

import type { ObjectStore } from "../../contracts/object-store";
import type { PlatformSettings } from "../../settings/platform";
import type { VmSettings } from "./settings";

/** What the values follow from; plain data throughout. */
export interface VmValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: VmSettings;
    /** Undefined where nothing is backed up, or nothing of the stack is. */
    readonly objectStore: Pick<ObjectStore, "endpoint" | "region" | "tls" | "pathStyle"> | undefined;
    /** Rotation of the object store's key pair; undefined where nothing is backed up. */
    readonly credentialsRotation: number | undefined;
    /** How often Prometheus scrapes: one sample of each interval is kept. */
    readonly scrapeInterval: string;
}

import type { AlertReceiver } from "../../contracts/alert-receiver";
import type { BucketAccess, ObjectStore } from "../../contracts/object-store";
import type { PlatformSettings } from "../../settings/platform";
import type { CortexSettings, CortexTenant } from "./settings";

/** What the values follow from; plain data throughout. */
export interface CortexValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: CortexSettings;
    /** Tenants beside the platform's own. */
    readonly tenants: Readonly<Record<string, CortexTenant>>;
    readonly objectStore: Pick<ObjectStore, "endpoint" | "region" | "tls" | "pathStyle">;
    readonly access: BucketAccess;
    readonly alertReceiver: Pick<AlertReceiver, "srvUrl">;
}

import type { BucketAccess, ObjectStore } from "../../contracts/object-store";
import type { PlatformSettings } from "../../settings/platform";
import type { LokiSettings, LokiTenant } from "./settings";

/** What the values follow from; plain data throughout. */
export interface LokiValuesArgs {
    readonly settings: LokiSettings;
    /** Tenants beside the platform's own. */
    readonly tenants: Readonly<Record<string, LokiTenant>>;
    readonly platform: PlatformSettings;
    readonly objectStore: Pick<ObjectStore, "endpoint" | "region" | "tls" | "pathStyle">;
    readonly access: BucketAccess;
    /** URL with the SRV name of the Alertmanagers. */
    readonly alertmanagerUrl: string;
    /** Where samples of recording rules are pushed to. */
    readonly metricsPushUrl: string;
}

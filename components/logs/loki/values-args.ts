import type { ObjectStore } from "../../contracts/object-store";
import type { PlatformSettings } from "../../settings/platform";
import type { LokiSettings, LokiTenant } from "./settings";

/** What the values follow from; plain data throughout. */
export interface LokiValuesArgs {
    readonly settings: LokiSettings;
    /** Tenants beside the platform's own. */
    readonly tenants: Readonly<Record<string, LokiTenant>>;
    readonly platform: PlatformSettings;
    readonly objectStore: Pick<ObjectStore, "endpoint" | "region" | "tls" | "pathStyle">;
    /** Rotation of the S3 key pair: another one rolls the pods. */
    readonly credentialsRotation: number;
    /** URL with the SRV name of the Alertmanagers. */
    readonly alertmanagerUrl: string;
    /** Where samples of recording rules are pushed to. */
    readonly metricsPushUrl: string;
}

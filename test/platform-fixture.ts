import type { Survives } from "../components/placement";
import type { PlatformSettings } from "../components/platform-settings";

/** Settings that all systems share, as a test of one system needs them. */
export function platformOf(survives: Survives, more: Partial<PlatformSettings> = {}): PlatformSettings {
    return {
        cluster: "blue",
        tenant: "team",
        domain: "o11y.example.com",
        survives,
        access: { kind: "none" },
        networkPolicies: true,
        ingestFrom: "labelled",
        protectData: true,
        scheduling: { nodeSelector: { pool: "o11y" }, tolerations: [{ key: "o11y", operator: "Exists" }] },
        ...more,
    };
}

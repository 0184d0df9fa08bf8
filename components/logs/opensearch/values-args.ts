import type { KeyPair, ObjectStore } from "../../contracts/object-store";
import { FROM_OUTSIDE } from "../../kubernetes/nginx-pods";
import type { PlatformSettings } from "../../settings/platform";
import type { OpensearchSettings } from "./settings";

/** What the values follow from; plain data throughout. */
export interface OpensearchValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: OpensearchSettings;
    /** Where snapshots go, and the rotation of the key pair for it; undefined where none are made. */
    readonly snapshots:
        | {
              readonly to: Pick<ObjectStore, "endpoint" | "region" | "tls" | "pathStyle">;
              readonly keys: Pick<KeyPair, "rotation">;
          }
        | undefined;
}

/** Secrets with certificates, each with `tls.crt`, `tls.key` and `ca.crt`. */
export function certificateSecrets({ certificates }: Pick<OpensearchSettings, "certificates">) {
    return certificates.from === "secrets"
        ? { node: certificates.node, admin: certificates.admin }
        : { node: "opensearch-node-tls", admin: "opensearch-admin-tls" };
}

/** Tells `verify` of a Secret with certificates that pods read and somebody else makes. */
export function fromOutside(
    { certificates }: Pick<OpensearchSettings, "certificates">,
    which: "node" | "admin" = "node",
): Record<string, string> {
    return certificates.from === "secrets" ? { [FROM_OUTSIDE]: certificates[which] } : {};
}

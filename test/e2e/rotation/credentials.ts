/** A rotation of one credential, raised from 1 to 2, and all that it may change. */
export interface Rotation {
    readonly credential: string;
    /** The setting that is raised. */
    readonly setting: string;
    /** What the engine changes, as `Kind name`, each list in its order. */
    readonly changes: readonly (readonly string[])[];
    /** The Secret that pods take the credential from, as `namespace/name`; undefined where no pod that runs does. */
    readonly taken: string | undefined;
    /** What pods that take it carry; undefined where they keep running, which `why` explains. */
    readonly rotation?: RegExp;
    readonly why?: string;
}

/** A store that has pods of its own with keys to its buckets: the role that MinIO names its users by, and the system. */
interface Store {
    readonly role: string;
    readonly system: string;
}

const store = ({ role, system }: Store): Rotation => ({
    credential: `${system}'s key to its buckets`,
    setting: `objectStore.rotation.${role}`,
    changes: [[`Secret minio-user-${role}-even`, "Release minio", `Secret ${system}-s3`, `Release ${system}`]],
    taken: `${system}/${system}-s3`,
    rotation: /^2$/,
});

const readers = (roles: readonly string[]): Rotation => ({
    credential: "keys that read for copies",
    setting: "objectStore.rotation.readOnly",
    changes: roles.map((role) => [`Secret minio-user-${role}-reader-even`, "Release minio", `Secret reader-${role}`]),
    taken: undefined,
    why: "the next copy has them",
});

const archive: Rotation = {
    credential: "the key to the database's archive",
    setting: "objectStore.rotation.database",
    changes: [["Secret minio-user-database-even", "Release minio", "Secret archive-s3"]],
    taken: undefined,
    why: "the plugin reads it anew within seconds",
};

export const STORES: readonly Store[] = [
    { role: "metrics", system: "cortex" },
    { role: "logs", system: "loki" },
    { role: "traces", system: "tempo" },
];

const others: readonly Rotation[] = [
    {
        credential: "MinIO's root key",
        setting: "objectStore.rotation.root",
        changes: [["Secret minio-root"]],
        taken: "minio/minio-root",
        why: "all servers are restarted together, by hand",
    },
    {
        credential: "Grafana's password at PostgreSQL",
        setting: "database.rotation",
        changes: [
            ["Secret grafana-db-app", "Release kps"],
            ["Secret grafana-db", "Release kps"],
        ],
        taken: "monitoring/grafana-db",
        rotation: /-database-2/,
    },
    {
        credential: "Grafana's local admin",
        setting: "grafana.rotation",
        changes: [["Secret grafana-admin", "Release kps"]],
        taken: "monitoring/grafana-admin",
        rotation: /admin-2-/,
    },
    {
        credential: "Grafana's client at the provider",
        setting: "grafana.oidc.rotation",
        changes: [["Secret grafana-oidc", "Release kps"]],
        taken: "monitoring/grafana-oidc",
        rotation: /-oidc-2$/,
    },
    {
        credential: "a client's password, from outside",
        setting: "ingestGateway.clients[0].rotation",
        changes: [["Secret push-passwords"], ["Secret push-htpasswd"]],
        taken: "ingest-gateway/push-htpasswd",
        why: "the gateway reads the file at each push",
    },
];

/** Every credential that a number rotates. */
export function rotations({ archived }: { archived: boolean }): Rotation[] {
    const all = [...STORES.map(store), ...others];
    const roles = STORES.map(({ role }) => role);
    return archived ? [...all, archive, readers([...roles, "database"])] : [...all, readers(roles)];
}

/** What is raised: every number, and the secret that only the provider can make. */
export function raised(rotated: readonly Rotation[]): Record<string, number | string> {
    return {
        ...Object.fromEntries(rotated.map(({ setting }) => [setting, 2])),
        "grafana.oidc.clientSecret": "second-client-secret-of-the-test",
    };
}

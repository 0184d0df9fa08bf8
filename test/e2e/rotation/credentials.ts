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
    readonly generation?: RegExp;
    readonly why?: string;
}

const store = (name: string): Rotation => ({
    credential: `${name}'s key to its buckets`,
    setting: `objectStore.rotation.${name}`,
    changes: [[`Secret minio-user-${name}-even`, "Release minio", `Secret ${name}-s3`, `Release ${name}`]],
    taken: `${name}/${name}-s3`,
    generation: /^2$/,
});

/** Every credential that a number rotates. */
export const ROTATIONS: readonly Rotation[] = [
    ...["cortex", "loki", "tempo"].map(store),
    {
        credential: "keys that read for copies",
        setting: "objectStore.rotation.readers",
        changes: ["cortex", "loki", "tempo"].map((name) => [
            `Secret minio-user-${name}-reader-even`,
            "Release minio",
            `Secret reader-${name}`,
        ]),
        taken: undefined,
        why: "the next copy has them",
    },
    {
        credential: "MinIO's root key",
        setting: "objectStore.rotation.root",
        changes: [["Secret minio-root"]],
        taken: "minio/minio-root",
        why: "all servers are restarted together, by hand",
    },
    {
        credential: "Grafana's password at PostgreSQL",
        setting: "postgres.rotation",
        changes: [
            ["Secret grafana-db-app", "Release kps"],
            ["Secret grafana-db", "Release kps"],
        ],
        taken: "monitoring/grafana-db",
        generation: /-database-2/,
    },
    {
        credential: "Grafana's local admin",
        setting: "kubePrometheusStack.rotation.grafanaAdmin",
        changes: [["Secret grafana-admin", "Release kps"]],
        taken: "monitoring/grafana-admin",
        generation: /admin-2-/,
    },
    {
        credential: "Grafana's client at the provider",
        setting: "kubePrometheusStack.grafana.oidc.rotation",
        changes: [["Secret grafana-oidc", "Release kps"]],
        taken: "monitoring/grafana-oidc",
        generation: /-oidc-2$/,
    },
    {
        credential: "a client's password, from outside",
        setting: "outsidePush.clients[0].rotation",
        changes: [["Secret push-passwords"], ["Secret push-htpasswd"]],
        taken: "outside-push/push-htpasswd",
        why: "the gateway reads the file at each push",
    },
];

/** What is raised: every number, and the secret that only the provider can make. */
export const RAISED: Readonly<Record<string, number | string>> = {
    ...Object.fromEntries(ROTATIONS.map(({ setting }) => [setting, 2])),
    "kubePrometheusStack.grafana.oidc.clientSecret": "second-client-secret-of-the-test",
};

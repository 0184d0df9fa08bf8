import { BUCKET_KEYS } from "../../kubernetes/credentials";
import { restrictedContainer } from "../../kubernetes/pod-security";
import { PATIENT } from "../../kubernetes/probes";
import { resources } from "../../kubernetes/resources";
import { made } from "../../settings/make";
import { vmClusterChart } from "./chart";
import { asArguments, common, vmauthFlags } from "./flags";
import { DATA, PORTS, ROUTES, ROUTES_SECRET, S3_SECRET, VMAUTH, type Use } from "./names";
import type { VmValuesArgs } from "./values-args";
import { drained } from "./workload";

/** An image of the same version as the charts'. */
function image(program: string, { platform }: VmValuesArgs): string {
    return `${platform.imageRegistry ?? "docker.io"}/victoriametrics/${program}:${vmClusterChart.appVersion}`;
}

export const routesVolume = { name: ROUTES_SECRET, secret: { secretName: ROUTES_SECRET } };

/** vmauth beside another program of the pod. */
export function vmauthContainer(use: Use, args: VmValuesArgs, volume: string, single: boolean) {
    const metrics = use === "push" ? PORTS.pushMetrics : PORTS.queryMetrics;
    const probe = { httpGet: { path: "/health", port: metrics } };
    return {
        name: `${VMAUTH}-${use}`,
        image: image(VMAUTH, args),
        args: asArguments({ httpListenAddr: `:${PORTS[use]}`, ...vmauthFlags(use, args.platform, single) }),
        ports: [
            { name: use, containerPort: PORTS[use] },
            { name: `${use}-metrics`, containerPort: metrics },
        ],
        // One process stops as a whole.
        ...(!single && drained),
        readinessProbe: { ...probe, periodSeconds: 5 },
        livenessProbe: { ...probe, ...PATIENT, periodSeconds: 30 },
        resources: single ? resources("10m", "32Mi", "128Mi") : resources("100m", "64Mi", "256Mi"),
        securityContext: restrictedContainer(),
        volumeMounts: [{ name: volume, mountPath: ROUTES, readOnly: true }],
    };
}

/** Seconds between two backups, and after one that failed. */
const [EVERY, AGAIN] = [3600, 300];

/**
 * A backup every hour, of what its arguments say. As the first process of a container a shell that waits for another does not
 * hear that it is to stop: it waits for what runs beside it.
 */
function endless(snapshots: string): string {
    return [
        "trap 'kill $! 2>/dev/null; wait $!; exit 0' TERM",
        "while true; do",
        `    /vmbackup-prod "$@" & wait $! && wget -q -O /dev/null ${snapshots} && pause=${EVERY} || pause=${AGAIN}`,
        "    sleep $pause & wait $!",
        "done",
    ].join("\n");
}

/**
 * Makes a snapshot, which costs no space, and uploads what the last backup has not; then deletes the snapshot. One of each
 * volume, which nothing but its own pod has. After a success it asks for the list of snapshots: the server counts that, and
 * an alert misses it (`BackupTooOld`); a program that ends after each backup has no metrics to scrape.
 */
export function backupContainer(
    args: VmValuesArgs,
    bucket: string,
    { volume, port }: { volume: string; port: number },
) {
    const { platform } = args;
    const objectStore = made(args.objectStore);
    const server = `http://127.0.0.1:${port}/snapshot`;
    const flags = asArguments({
        ...common(platform),
        storageDataPath: DATA,
        "snapshot.createURL": `${server}/create`,
        dst: `s3://${bucket}/$(POD_NAME)`,
        customS3Endpoint: `${objectStore.tls ? "https" : "http"}://${objectStore.endpoint}`,
        s3ForcePathStyle: String(objectStore.pathStyle),
        httpListenAddr: "127.0.0.1:8420",
    });
    return {
        name: "vmbackup",
        image: image("vmbackup", args),
        command: ["/bin/sh", "-c", endless(`${server}/list`), "vmbackup"],
        args: flags,
        env: [
            { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "AWS_REGION", value: objectStore.region },
            ...Object.values(BUCKET_KEYS).map((key) => ({
                name: key,
                valueFrom: { secretKeyRef: { name: S3_SECRET, key } },
            })),
        ],
        resources: resources("50m", "128Mi", "512Mi"),
        securityContext: restrictedContainer(),
        volumeMounts: [{ name: volume, mountPath: DATA, readOnly: true }],
    };
}

import { byteCount, cpuCores as coresIn, hours as hoursIn } from "../../components/settings/units";

/** Cores in a Kubernetes CPU quantity as a manifest may have it (`500m`, `2`, 0.5); 0 where there is none. */
export function cpuCores(value: unknown): number {
    return typeof value === "number" ? value : readable(coresIn, value);
}

/** Bytes in a Kubernetes quantity as a manifest may have it (`512Mi`, `1Gi`, 1000); 0 where there is none. */
export function memoryBytes(value: unknown): number {
    return typeof value === "number" ? value : readable(byteCount, value);
}

/** Hours in a span of time as a configuration may have it (`90s`, `30d`, Go's nanoseconds); 0 where there is none. */
export function hours(value: unknown): number {
    return typeof value === "number" ? value / 3.6e12 : readable(hoursIn, value);
}

function readable(read: (text: string) => number, value: unknown): number {
    return typeof value === "string" ? read(value) || 0 : 0;
}

/** Bytes for people, in GiB. */
export function gibibytes(bytes: number): string {
    return bytes === 0 ? "-" : `${(bytes / 2 ** 30).toFixed(bytes < 10 * 2 ** 30 ? 2 : 0)} GiB`;
}

/** Cores for people. */
export function cores(value: number): string {
    return value === 0 ? "-" : value.toFixed(2);
}

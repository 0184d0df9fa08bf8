/** Cores in a Kubernetes CPU quantity (`500m`, `2`, 0.5); 0 where there is none. */
export function cpuCores(value: unknown): number {
    if (typeof value === "number") return value;
    if (typeof value !== "string") return 0;
    return value.endsWith("m") ? Number(value.slice(0, -1)) / 1000 : Number(value);
}

const SUFFIXES: Record<string, number> = {
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
};

/** Bytes in a Kubernetes quantity (`512Mi`, `1Gi`, `1000`); 0 where there is none. */
export function memoryBytes(value: unknown): number {
    if (typeof value === "number") return value;
    if (typeof value !== "string") return 0;
    const [, digits = "0", suffix = ""] = /^([0-9.]+)([A-Za-z]*)$/.exec(value) ?? [];
    return Number(digits) * (SUFFIXES[suffix] ?? 1);
}

/** Bytes for people, in GiB. */
export function gibibytes(bytes: number): string {
    return bytes === 0 ? "-" : `${(bytes / 2 ** 30).toFixed(bytes < 10 * 2 ** 30 ? 2 : 0)} GiB`;
}

/** Cores for people. */
export function cores(value: number): string {
    return value === 0 ? "-" : value.toFixed(2);
}

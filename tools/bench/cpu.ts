import { execFile } from "node:child_process";

/** What was to be measured did not run, or did not end as it should. */
export class BenchError extends Error {}

/**
 * Seconds of user and system time of a Node program and of every process that it waited for.
 * @throws BenchError where the program fails.
 */
export function cpuSeconds(folder: string, argv: readonly string[]): Promise<number> {
    // Node has no times of processes that ended: a shell has, in a form that POSIX states.
    const script = '"$@" >/dev/null || exit; times';
    return new Promise((resolve, reject) => {
        const env = { ...process.env, LC_ALL: "C" };
        execFile(
            "sh",
            ["-c", script, "sh", process.execPath, ...argv],
            { cwd: folder, env },
            (error, stdout, stderr) => {
                if (error) reject(new BenchError(`${argv.join(" ")} in ${folder} failed:\n${stderr}`));
                else resolve(childrenOf(stdout));
            },
        );
    });
}

/** The second line of what `times` prints: `0m1.350s 0m0.340s`, user and system time of the shell's children. */
export function childrenOf(times: string): number {
    const [, children = ""] = times.trim().split("\n");
    const found = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
    if (found.length !== 2) throw new BenchError(`no times of processes in ${JSON.stringify(times)}`);
    return found.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

export function median(values: readonly number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (index: number) => sorted[index] ?? NaN;
    return (at(Math.ceil(sorted.length / 2) - 1) + at(Math.floor(sorted.length / 2))) / 2;
}

import { execFileSync } from "node:child_process";

/** A program failed; what it said of it stands above. */
export class CallError extends Error {}

/**
 * What a program prints.
 * @throws CallError; the error of the call itself would hold what was read until then, secrets too, so it goes no further.
 */
export function call(program: string, args: string[], input = ""): string {
    try {
        return execFileSync(program, args, {
            input,
            encoding: "utf8",
            maxBuffer: 1 << 28,
            stdio: ["pipe", "pipe", "inherit"],
        });
    } catch {
        throw new CallError(`${[program, ...args].join(" ")} failed`);
    }
}

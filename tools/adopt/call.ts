import { execFileSync } from "node:child_process";

/**
 * What a program prints.
 * @throws Error that names the call. That of the call itself would hold what was read until then, secrets too: it goes no
 * further, and what the program said stands above.
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
        throw new Error(`${[program, ...args].join(" ")} failed`);
    }
}

/** Runs a command: an expected error is shown by its message alone, and any error fails the process. */
export function run(main: () => Promise<void> | void): void {
    Promise.resolve()
        .then(main)
        .catch((error: unknown) => {
            console.error(error instanceof Error ? error.message : error);
            process.exitCode = 1;
        });
}

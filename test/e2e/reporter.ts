import { reporters, Runner, type MochaOptions } from "mocha";

/**
 * Mocha's own report, and where tests did not run a last line that says so. Programs and charts that are not there skip
 * tests, and a run in which none passed has proven nothing: it fails.
 */
class Proven extends reporters.Spec {
    private readonly results: Runner;

    constructor(runner: Runner, options: MochaOptions) {
        super(runner, options);
        this.results = runner;
    }

    override done(failures: number, end: (failures: number) => void): void {
        const { passes = 0, pending = 0 } = this.results.stats ?? {};
        if (pending > 0) console.error(`NOT PROVEN: ${pending} tests did not run; above each stands what it wants`);
        end(passes === 0 ? Math.max(1, failures) : failures);
    }
}

module.exports = Proven;

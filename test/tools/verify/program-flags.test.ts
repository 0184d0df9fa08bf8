import { programFlags } from "../../../tools/verify/checks/program-flags";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { workload } from "../../fixtures/verify/manifests";

const told = (...args: string[]) =>
    given(workload({ container: { image: "quay.io/thanos/thanos:v0.42.4", args: ["query", ...args] } }));

describe("verify: program-flags", () => {
    it("pass flags of the program, also those that its help hides, with and without a value, and switched off", () => {
        assertClean(
            programFlags,
            told(
                "--query.replica-label=a",
                "--query-frontend.tenant-header=T",
                "--wait",
                "--no-query.partial-response",
            ),
        );
        // A file beside the text, and what a suffix would tell apart.
        assertClean(programFlags, told("--objstore.config-file=f", "--objstore.config=c", "--index-cache.config=a\nb"));
    });

    it("find one that it does not know, and name the one that was meant", () => {
        assertFound(programFlags, told("--query.replica-lable=a"), /--query\.replica-lable, .*0\.42\.4 does not know/);
        assertFound(programFlags, told("--query.replica-lable=a"), /query\.replica-label\?/);
        assertFound(programFlags, told("--objstore.config-files=f"), /objstore\.config-files/);
    });

    it("leave other programs their own", () => {
        assertClean(programFlags, given(workload({ container: { image: "docker.io/library/a:1", args: ["--x"] } })));
    });
});

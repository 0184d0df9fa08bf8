import { join } from "node:path";

/**
 * How Alloy is asked about a configuration. `alloy validate` makes no component: it passes expressions of stages,
 * statements and selectors that no start survives. A start that succeeds would listen on the receivers' ports, read this
 * machine's journal and send it. So a load is made to fail: Alloy makes every component before it runs the first, names
 * all that it could not make, and ends.
 */
export const LOAD = [
    "run",
    "--disable-reporting",
    "--stability.level=experimental",
    "--storage.path=alloy",
    // Never opened: the load fails before. Zero is refused, since members of a cluster would be told of it.
    "--server.http.listen-addr=127.0.0.1:12345",
];

/** How a program is asked whose start, and not an option, says what it thinks of a configuration. */
export interface Load {
    /** The configuration as it is given to the program, whose working folder is the one named. */
    readonly text: (text: string, folder: string) => string;
    readonly env: (folder: string) => NodeJS.ProcessEnv;
    /** What it refuses, of all that it wrote; empty where it takes the configuration. */
    readonly refusals: (output: string) => string;
}

/** A component that cannot be made, since its file is nowhere. */
const NEVER = `
local.file "never" {
  filename = "no-such-file"
}
`;

/** The configuration whose load ends, with its folders within one that may be written to. */
function loadable(text: string, folder: string): string {
    return `${text.replace(/^(\s*directory\s*=\s*")\//gm, `$1${join(folder, "disk")}/`)}${NEVER}`;
}

/** Without a cluster, even where this machine has one: the load asks nobody. */
function loadEnv(folder: string): NodeJS.ProcessEnv {
    return { ...process.env, KUBECONFIG: undefined, KUBERNETES_SERVICE_HOST: undefined, HOME: folder };
}

/** What is in the pod and not here: the API server, and files that are mounted. */
const ELSEWHERE = /in-cluster configuration|no configuration has been provided|no such file or directory/;

const LOADED = /^Error: could not perform the initial load successfully$/m;

/**
 * A line of Alloy's log. It writes one at a time and a diagnostic in pieces, both to the same place: a line may stand in the
 * middle of what is said of a component.
 */
const LOG_LINE = /ts=\d{4}-\S+ level=[^\n]*\n/g;

/** What Alloy says of a configuration that it does not take; empty where there is nothing. */
function refusals(written: string): string {
    const output = written.replaceAll(LOG_LINE, "");
    if (!LOADED.test(output)) return written.trim().split("\n").slice(-4).join("; ");
    return output
        .split("\n")
        .filter((line) => line.startsWith("Error: ") && !LOADED.test(line) && !ELSEWHERE.test(line))
        .map((line) => line.slice("Error: ".length))
        .join("; ");
}

export const ALLOY_LOAD: Load = { text: loadable, env: loadEnv, refusals };

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

/** What is in the pod and not here: the API server, and files that are mounted. At a line's end, since what a line quotes of a configuration is closed by a quote. */
const ELSEWHERE =
    /(KUBERNETES_SERVICE_PORT must be defined|try setting KUBERNETES_MASTER environment variable|(open|stat|lstat) [^\s"`]+: no such file or directory)$/;

const LOADED = /^Error: could not perform the initial load successfully$/m;
/** Of the component that cannot be made: without it nothing is known of the others. */
const MADE_NONE = /open no-such-file: no such file or directory$/m;

/**
 * A line of Alloy's log. It writes one at a time and a diagnostic in pieces, both to the same place: a line may stand in the
 * middle of what is said of a component.
 */
const LOG_LINE = /ts=\d{4}-\d\d-\d\dT[\d:.]+Z level=(debug|info|warn|error) [^\n]*\n/g;

/** What Alloy says of a configuration that it does not take; empty where there is nothing. */
function refusals(written: string): string {
    const output = written.replaceAll(LOG_LINE, "");
    if (!LOADED.test(output) || !MADE_NONE.test(output)) return lastWords(written);
    return output
        .split("\n")
        .map((line) => line.trimEnd())
        .filter((line) => line.startsWith("Error: ") && !LOADED.test(line) && !ELSEWHERE.test(line))
        .map((line) => line.slice("Error: ".length))
        .join("; ");
}

/** Of a load that came to no end of its own. */
function lastWords(written: string): string {
    const lines = written.split("\n").filter((line) => line.trim() !== "");
    const died = lines.find((line) => /^(panic|fatal error): /.test(line));
    return died ?? (lines.slice(-4).join("; ") || "it ended without a word");
}

export const ALLOY_LOAD: Load = { text: loadable, env: loadEnv, refusals };

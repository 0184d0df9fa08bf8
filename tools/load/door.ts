import { readFileSync } from "node:fs";
import { withoutLogin } from "../../components/settings/problem";
import { UsageError } from "../command";
import { SIGNALS, type Signal } from "./signals";

/** Where pushes of one signal go, as HTTP asks for it. */
export interface Door {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
}

/** What a door said. */
export interface Answer {
    /** Status of HTTP; 0 where nobody answered. */
    readonly status: number;
    /** The beginning of its text, where it refused. */
    readonly said: string;
}

/** Below the address of the gateway for pushes from outside. */
export const PATHS: Readonly<Record<Signal, string>> = {
    metrics: "/api/v1/push",
    logs: "/loki/api/v1/push",
    traces: "/otlp/v1/traces",
};

const FORMAT: Readonly<Record<Signal, Readonly<Record<string, string>>>> = {
    metrics: { "content-encoding": "snappy", "x-prometheus-remote-write-version": "0.1.0" },
    logs: {},
    traces: {},
};

export interface GivenDoor {
    readonly to: readonly string[];
    readonly tenant?: string | undefined;
    readonly user?: string | undefined;
    /** Path of a file with the password, else it is what the environment has. */
    readonly passwordFile?: string | undefined;
}

/** The variable that holds the password where no file is named. A command line is read by everybody on the machine. */
export const PASSWORD = "LOAD_PASSWORD";

/**
 * The door of each signal.
 * @throws UsageError with every problem at once.
 */
export function doorsOf({ to, tenant, user, passwordFile }: GivenDoor, needed: readonly Signal[]): Map<Signal, Door> {
    const problems: string[] = [];
    const addresses = new Map<Signal, string>();
    for (const text of to) {
        const signal = SIGNALS.find((each) => text.startsWith(`${each}=`));
        const address = signal === undefined ? text : text.slice(signal.length + 1);
        if (!isAddress(address)) {
            problems.push(
                `--to ${withoutLogin(text)}: allowed is http:// or https:// and a host, with one of metrics=, logs= and traces= before it where it is one signal's whole address, and no login in it (--user), such as https://push.example.com`,
            );
            continue;
        }
        for (const each of signal === undefined ? SIGNALS : [signal]) {
            if (signal === undefined && addresses.has(each)) continue;
            addresses.set(each, signal === undefined ? address.replace(/\/$/, "") + PATHS[each] : address);
        }
    }
    for (const signal of needed) {
        if (!addresses.has(signal) && problems.length === 0) {
            problems.push(`no address for ${signal}: give --to URL of the ingest gateway, or --to ${signal}=URL`);
        }
    }
    const password = user === undefined ? undefined : passwordOf(passwordFile);
    if (user !== undefined && password === undefined) {
        problems.push(`--user ${user} has no password: give --password-file FILE, or ${PASSWORD} in the environment`);
    }
    if (user === undefined && passwordFile !== undefined) problems.push("--password-file has no --user");
    if (problems.length > 0) throw new UsageError(problems.join("\n"));
    const own = {
        "content-type": "application/x-protobuf",
        ...(tenant !== undefined && { "x-scope-orgid": tenant }),
        ...(user !== undefined && {
            authorization: `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}`,
        }),
    };
    return new Map(
        needed.map((signal) => [signal, { url: addresses.get(signal) ?? "", headers: { ...own, ...FORMAT[signal] } }]),
    );
}

function isAddress(text: string): boolean {
    return /^https?:\/\/[^/?#@]+([/?#][^@]*)?$/.test(text) && URL.canParse(text);
}

function passwordOf(file: string | undefined): string | undefined {
    const text = file === undefined ? process.env[PASSWORD] : readFileSync(file, "utf8");
    return text === undefined || text === "" ? undefined : text.replace(/\r?\n$/, "");
}

/** Characters of what a door says that are kept: the reason stands first. */
const SAID = 300;

/** Pushes once. @param patience milliseconds until nobody has answered. */
export async function push({ url, headers }: Door, body: Buffer, patience: number): Promise<Answer> {
    try {
        const answer = await fetch(url, {
            method: "POST",
            headers,
            body: new Uint8Array(body),
            redirect: "manual",
            signal: AbortSignal.timeout(patience),
        });
        const text = await answer.text();
        return { status: answer.status, said: answer.ok ? "" : text.trim().slice(0, SAID) };
    } catch (error) {
        return { status: 0, said: reasonOf(error) };
    }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    if (error.name === "TimeoutError") return "no answer in time";
    const cause = error.cause as { code?: string; message?: string } | undefined;
    return cause?.code ?? cause?.message ?? error.message;
}

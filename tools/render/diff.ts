import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { Requests } from "../verify/requests";
import { effects, isRestart, type Effect } from "./effects";
import { VALUES_FILE, type KubernetesObject } from "./manifests";
import { difference, requestsIn } from "./requests";

export interface ObjectChange {
    /** `values` is no object: what the program tells Helm. */
    readonly kind: "added" | "removed" | "changed" | "values";
    /** First folder of the path. */
    readonly release: string;
    /** Path from the rendered folder. */
    readonly path: string;
    /** `Kind namespace/name`, and whether it is a hook. */
    readonly title: string;
    /** What the change does to the cluster, where that can be told. */
    readonly effects: readonly Effect[];
    /** Its pods start anew and nothing else changes, as after a change of the configuration that they read. */
    readonly restart: boolean;
    /** What it asks of the cluster more than before. */
    readonly more: Requests;
    /** Unified diff of what changed, without file headers; empty for what is added or removed. */
    readonly diff: string;
}

/** What changed between two rendered folders, in the order of releases and paths. */
export function compare(before: string, after: string): ObjectChange[] {
    const [old, now] = [filesIn(before), filesIn(after)];
    const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
    const texts = diffs(before, after);
    return paths.flatMap((path) => {
        const [was, is] = [old.get(path), now.get(path)];
        if (was === is) return [];
        const release = path.split("/")[0] ?? path;
        const diff = was !== undefined && is !== undefined ? (texts.get(path) ?? "") : "";
        if (path.endsWith(`/${VALUES_FILE}`)) return diff === "" ? [] : [valuesChange(release, path, diff)];
        const [from, to] = [was, is].map((text) =>
            text === undefined ? undefined : (parse(text) as KubernetesObject),
        );
        return [
            {
                kind: from === undefined ? "added" : to === undefined ? "removed" : "changed",
                ...{ release, path, diff },
                title: titleOf(path, to ?? from),
                effects: effects(from, to),
                restart: isRestart(from, to),
                more: difference(requestsIn(from), requestsIn(to)),
            },
        ];
    });
}

function valuesChange(release: string, path: string, diff: string): ObjectChange {
    const title = "what the program tells Helm";
    return { kind: "values", release, path, title, effects: [], restart: false, more: requestsIn(undefined), diff };
}

function titleOf(path: string, object: KubernetesObject | undefined): string {
    const parts = path.split("/");
    const namespace = parts.at(-2);
    const name = object?.metadata.name ?? parts.at(-1) ?? path;
    const where = namespace === "_cluster" ? name : `${namespace ?? ""}/${name}`;
    return `${object?.kind ?? "Object"} ${where}${parts[1] === "hooks" ? " (hook)" : ""}`;
}

function filesIn(folder: string): Map<string, string> {
    if (!existsSync(folder)) throw new Error(`${folder} does not exist`);
    return new Map(
        readdirSync(folder, { recursive: true, encoding: "utf8" })
            .filter((path) => path.endsWith(".yaml"))
            .map((path): [string, string] => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]),
    );
}

/** Unified diffs by path: git is there wherever a pull request is looked at. */
function diffs(before: string, after: string): Map<string, string> {
    const [old, now] = [resolve(before), resolve(after)];
    const options = [
        "--no-color",
        "--no-ext-diff",
        "--no-renames",
        "--src-prefix=a:",
        "--dst-prefix=b:",
        "--unified=3",
    ];
    const quotes = ["-c", "core.quotePath=false"];
    let text: string;
    try {
        text = execFileSync("git", [...quotes, "diff", "--no-index", ...options, old, now], {
            encoding: "utf8",
            maxBuffer: 2 ** 28,
            stdio: ["ignore", "pipe", "pipe"],
        });
    } catch (error) {
        // Status 1 says that there are differences.
        if (!(error instanceof Error && "status" in error && error.status === 1 && "stdout" in error)) throw error;
        text = String(error.stdout);
    }
    return byPath(text, now);
}

/** Takes git's output apart; `folder` is where the new files are. */
export function byPath(text: string, folder: string): Map<string, string> {
    const result = new Map<string, string>();
    for (const part of text.split(/^diff --git .*\n/m).slice(1)) {
        const [, file] = /^\+\+\+ b:(.+?)\t?$/m.exec(part) ?? [];
        const hunks = part.indexOf("\n@@");
        if (file === undefined || hunks < 0) continue;
        const full = file.startsWith("/") ? file : `/${file}`;
        if (full.startsWith(`${folder}/`)) result.set(full.slice(folder.length + 1), part.slice(hunks + 1).trimEnd());
    }
    return result;
}

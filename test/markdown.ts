import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export interface Page {
    /** Path below the repository's root. */
    readonly path: string;
    /** Text with the lines of code blocks emptied. */
    readonly prose: string;
    readonly blocks: readonly { language: string; text: string }[];
}

/** Every page of the repository; what tools fetch or make lies in folders that are left out. */
export function pagesOf(root: string): Page[] {
    const files = (folder: string): string[] =>
        readdirSync(folder, { withFileTypes: true })
            .filter(({ name }) => !["node_modules", "out", ".git"].includes(name))
            .flatMap((entry) => {
                const path = join(folder, entry.name);
                if (entry.isDirectory()) return files(path);
                return entry.name.endsWith(".md") ? [path] : [];
            });
    return files(root).map((file) => pageOf(relative(root, file), readFileSync(file, "utf8")));
}

export function pageOf(path: string, text: string): Page {
    const prose: string[] = [];
    const blocks: { language: string; lines: string[] }[] = [];
    let fence: string | undefined;
    for (const line of text.split("\n")) {
        const [, quote = "", marks, language = ""] = /^([\s>]*)(```+)(\w*)/.exec(line) ?? [];
        if (fence === undefined && marks !== undefined) {
            fence = quote + marks;
            blocks.push({ language, lines: [] });
        } else if (fence !== undefined && line.trimEnd() === fence) {
            fence = undefined;
        } else if (fence !== undefined) {
            blocks.at(-1)?.lines.push(line);
        }
        prose.push(fence === undefined && marks === undefined ? line : "");
    }
    return {
        path,
        prose: prose.join("\n"),
        blocks: blocks.map(({ language, lines }) => ({ language, text: lines.join("\n") })),
    };
}

/** Targets of a page's links, of both ways to write one. */
export function linksOf({ prose }: Page): string[] {
    const text = prose.replace(/`[^`]*`/g, (code) => "`".repeat(code.length));
    const inline = [...text.matchAll(/\]\(([^()\s]+)\)/g)];
    const defined = [...text.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
    return [...inline, ...defined].map(([, target = ""]) => target);
}

/** The anchors that GitHub gives to a page's headings. */
export function anchorsOf({ prose }: Page): Set<string> {
    const anchors = new Set<string>();
    for (const [, heading = ""] of prose.matchAll(/^#{1,6}\s+(.+)$/gm)) {
        const slug = heading
            .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
            .toLowerCase()
            .replace(/[^\p{L}\p{N}\s_-]/gu, "")
            .trim()
            .replace(/\s/g, "-");
        let anchor = slug;
        for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
        anchors.add(anchor);
    }
    return anchors;
}

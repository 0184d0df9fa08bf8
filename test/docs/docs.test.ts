import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parse } from "yaml";
import { readSettings } from "../../components/platform/settings";
import { read } from "../../tools/command";
import { readStackFile } from "../../tools/plan/stack-file";
import { COMMANDS, said, scripts } from "../fixtures/commands";
import { anchorsOf, linksOf, pageOf, pagesOf, type Page } from "../fixtures/markdown";
import { planned, root } from "../fixtures/planned";

const pages = pagesOf(root);

/** Scripts of which every command in the docs is run here: they need Node alone and write nothing. plan.test.ts runs `plan`. */
const RUN_HERE = ["size"];

describe("the docs", () => {
    it("link to files and headings that exist", () => {
        const dead = pages.flatMap((page) => deadLinks(page).map((link) => `${page.path}: ${link}`));
        assert.deepEqual(dead, []);
    });

    it("are held by a check that sees a dead link where there is one", () => {
        const text = "# A `b` c\n[x](gone.md) [y](#a-b-c) [z](#a-b)\n\n[r]: ../gone.md\n```sh\n[not](a-link)\n```\n";
        const page = pageOf("docs/page.md", text);
        assert.deepEqual(deadLinks(page), ["gone.md", "#a-b", "../gone.md"]);
    });

    it("name files of the repository that exist", () => {
        const folders = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory());
        const dead = pages.flatMap(({ path, prose }) =>
            [...prose.matchAll(/`([\w.-]+\/[\w./-]+)`/g)]
                .map(([, file = ""]) => file)
                .filter((file) => folders.includes(file.split("/")[0] ?? "") && !file.startsWith("out/"))
                .filter((file) => !existsSync(join(root, file)))
                .map((file) => `${path}: ${file}`),
        );
        assert.deepEqual(dead, []);
    });

    it("name scripts that exist", () => {
        const wrong = commands().filter(({ script }) => scripts[script] === undefined);
        assert.deepEqual(wrong, []);
    });

    it("give commands options that they know", () => {
        const wrong = commands().flatMap(({ path, script, rest }) =>
            unknownOptions(script, rest).map((option) => `${path}: ${script} ${option}`),
        );
        assert.deepEqual(wrong, []);
    });

    it("are held by a check that finds an option which the tool has not", () => {
        const withOptions = commands().filter(({ script, rest }) => COMMANDS.has(script) && rest.includes(" --"));
        assert.ok(withOptions.length > 10, "hardly any command has options: is the check blind?");
        assert.deepEqual(unknownOptions("size", "-- --series 1M --serie 1M"), ["--serie"]);
    });

    it("name every script in the README", () => {
        const readme = readFileSync(join(root, "README.md"), "utf8");
        const missing = Object.keys(scripts).filter((script) => !new RegExp(`\`[^\`]*\\b${script}\\b`).test(readme));
        assert.deepEqual(missing, []);
    });

    it("ask for outputs that the stack has", async () => {
        const hub = { enabled: true, clusters: [{ name: "edge-eu" }] };
        const { outputs } = await planned("prod", { "observability:ingestGateway": JSON.stringify(hub) });
        const asked = pages.flatMap(({ blocks, path }) =>
            blocks
                .flatMap(({ text }) => [...text.matchAll(/pulumi stack output (?:--\w+ )*(\w+)/g)])
                .map(([, output = ""]) => ({ path, output })),
        );
        assert.ok(asked.length > 0);
        assert.deepEqual(
            asked.filter(({ output }) => !(output in outputs)),
            [],
        );
    });

    it("show settings that prod takes as they are written", () => {
        const { project, config } = readStackFile(root, "prod");
        const shown = pages.flatMap(({ path, blocks, prose }) =>
            blocks.flatMap(({ language, text }) => {
                const settings = language === "yaml" ? settingsIn(text) : {};
                return Object.keys(settings).length > 0 ? [{ path, settings, text: blockTexts(blocks) + prose }] : [];
            }),
        );
        assert.ok(shown.length > 5, "hardly any page shows settings: is the check blind?");
        const refused = shown.flatMap(({ path, settings, text }) => {
            const foreign = Object.keys(settings).filter((key) => !key.startsWith(`${project}:`));
            if (foreign.length > 0) return foreign.map((key) => `${path}: ${key} is read by nobody`);
            // What the same page sets by command, as secrets are.
            const set = [...text.matchAll(/config set --secret --path '(\w+\.\w+)/g)].map(([, at = ""]) => at);
            try {
                readSettings({ ...config, ...settings }, project, {});
                return [];
            } catch (error) {
                const problems = String(error).match(/^ {2}\S.*$/gm) ?? [String(error)];
                return problems
                    .filter((line) => !set.some((at) => line.trim().startsWith(at)))
                    .map((line) => `${path}: ${line.trim()}`);
            }
        });
        assert.deepEqual(refused, []);
    });

    it("are all reached from their index", () => {
        const reached = new Set(["docs/README.md"]);
        for (const path of reached) {
            const page = pages.find((each) => each.path === path);
            const links = page === undefined ? [] : linksOf(page).map((link) => link.split("#")[0] ?? "");
            for (const link of links) reached.add(normalize(join(dirname(path), link)));
        }
        const alone = pages.map(({ path }) => path).filter((path) => !reached.has(path));
        assert.deepEqual(alone, []);
    });

    for (const command of offlineCommands()) {
        it(`run here: ${command}`, async () => {
            const [script = "", ...words] = command.split(/\s+/).slice(2);
            const tool = COMMANDS.get(script) ?? assert.fail(script);
            const { out, err, code } = await said(tool, ...(words[0] === "--" ? words.slice(1) : words));
            assert.deepEqual([err, code], ["", 0]);
            assert.ok(out.length > 200, out);
        });
    }
});

function deadLinks(page: Page): string[] {
    return linksOf(page).filter((link) => {
        if (/^[a-z]+:/.test(link)) return false;
        const [file = "", anchor] = link.split("#");
        const path = file === "" ? page.path : normalize(join(dirname(page.path), file));
        if (file !== "" && !existsSync(join(root, path))) return true;
        if (anchor === undefined) return false;
        const target = file === "" ? page : pages.find((other) => other.path === path);
        return target === undefined || !anchorsOf(target).has(anchor);
    });
}

/** Every `npm run …` in text and blocks, up to where the next command or the rest of a sentence begins. */
function commands(): { path: string; script: string; rest: string }[] {
    return pages.flatMap(({ path, prose, blocks }) => {
        const code = [...prose.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
        return [...code, ...blocks.map(({ text }) => text)].flatMap((text) =>
            [...text.matchAll(/npm run (?:-s |--silent )?([\w-]+)([^\n#|&;)]*)/g)].map(
                ([, script = "", rest = ""]) => ({
                    path,
                    script,
                    rest: rest.trim(),
                }),
            ),
        );
    });
}

/** Commands of blocks and text that need Node alone; a placeholder is not a command. */
function offlineCommands(): string[] {
    const found = commands()
        .filter(({ script, rest }) => RUN_HERE.includes(script) && !/[[\]<>…"]/.test(rest))
        .map(({ script, rest }) => `npm run ${script} ${rest}`.trim());
    return [...new Set(found)].sort();
}

/** The first option of a command that its tool does not know, as it says itself; npm's other scripts are not asked. */
function unknownOptions(script: string, rest: string): string[] {
    const command = COMMANDS.get(script);
    // A usage line names what may be left out in brackets.
    if (command === undefined || rest.includes("[")) return [];
    const words = rest.replace(/^--\s+/, "").split(/\s+/);
    try {
        read(command, words);
        return [];
    } catch (error) {
        const [, option] = /there is no option (--[\w-]+)/.exec(String(error)) ?? [];
        return option === undefined ? [] : [option];
    }
}

/** Settings in a block as the engine hands them over; none where it shows something else. */
function settingsIn(text: string): Record<string, string> {
    const block = parse(text) as unknown;
    const config = block !== null && typeof block === "object" && "config" in block ? block.config : block;
    const entries = Object.entries((config ?? {}) as Record<string, unknown>);
    return Object.fromEntries(
        entries
            .filter(([key]) => key.startsWith("observability"))
            .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
}

function blockTexts(blocks: Page["blocks"]): string {
    return blocks.map(({ text }) => text).join("\n");
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { command, progress, read, UsageError } from "../../tools/command";
import { NoStackError, readStackFile } from "../../tools/plan/stack-file";
import { COMMANDS, said, scripts } from "../fixtures/commands";
import { root } from "../fixtures/planned";

describe("every command", () => {
    it("of package.json that runs a tool is one of them", () => {
        const tools = Object.values(scripts).filter(
            (script) => script.includes("tools/") && !script.includes("eslint"),
        );
        assert.equal(COMMANDS.size, tools.length);
        assert.ok(COMMANDS.size > 15);
        for (const [name, { name: own }] of COMMANDS) assert.equal(own, name);
    });

    for (const [name, each] of COMMANDS) {
        it(`${name} says what it takes and does nothing when it is asked for help`, async () => {
            const { out, err, code } = await said(each, "--help");
            assert.deepEqual([err, code], ["", 0]);
            assert.ok(out.startsWith(`usage: npm run ${name}`), out);
            for (const word of Object.keys(each.words)) assert.match(out, new RegExp(`^  ${word.toUpperCase()} `, "m"));
            for (const option of Object.keys(each.options)) assert.match(out, new RegExp(`^  --${option} `, "m"));
        });

        it(`${name} refuses an option that it does not have, and a word too many, in one line`, async () => {
            const words = Object.keys(each.words).map(() => "dev");
            for (const argv of [
                [...words, "--no-such-option"],
                [...words, "more", "--json=yes"],
            ]) {
                const { out, err, code } = await said(each, ...argv);
                assert.equal(code, 2, err);
                assert.equal(out, "");
                assert.match(err, new RegExp(`^${name}: .*(there is no option|takes no value)[^\n]*$`));
            }
            if (Object.values(each.words).some(({ many }) => many === true)) return;
            const { err, code } = await said(each, ...words, "more");
            assert.equal(code, 2, err);
            assert.match(err, new RegExp(`^${name}: one word too many, more: npm run ${name}[^\n]*$`));
        });
    }

    for (const name of ["plan", "render", "verify", "drift", "images", "adopt"]) {
        it(`${name} of a stack that is not there says which there are`, async () => {
            const found = COMMANDS.get(name);
            assert.ok(found, name);
            assert.deepEqual(await said(found, "nosuch"), {
                out: "",
                err: `${name}: there is no stack nosuch: there are dev, edge, prod`,
                code: 2,
            });
        });
    }

    for (const name of ["render", "verify", "drift", "images"]) {
        it(`${name} is told a version of Kubernetes that is one`, async () => {
            const found = COMMANDS.get(name);
            assert.ok(found, name);
            if (!("kube-version" in found.options)) return;
            const { err, code } = await said(found, "--kube-version", "abc");
            assert.equal(err, `${name}: --kube-version takes a version of Kubernetes, such as 1.35.0; abc is none`);
            assert.equal(code, 2);
        });
    }

    it("that the README lists is there, and every one is listed", () => {
        const readme = readFileSync(join(root, "README.md"), "utf8");
        const listed = new Set([...readme.matchAll(/`npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = ""]) => name));
        for (const name of listed) assert.ok(name in scripts, name);
        // `npm pack` runs it.
        assert.deepEqual(
            [...COMMANDS.keys()].filter((name) => name !== "build" && !listed.has(name)),
            [],
        );
    });
});

describe("a command line", () => {
    const made = command(module, {
        name: "copy",
        about: "Copies.",
        words: { from: { about: "From." }, to: { about: "To.", many: true } },
        options: {
            mode: { value: "MODE", about: "How.", default: "fast" },
            skip: { value: "PATTERN", about: "What not.", many: true },
            loud: { about: "With words." },
        },
        run: ({ mode }) => {
            if (mode === "broken") throw new Error("it broke");
            if (mode === "slip") throw new TypeError("it slipped");
            readFileSync(join(root, "no", "such", "file"));
        },
    });

    it("gives words and options by their names, and defaults for what is left out", () => {
        assert.deepEqual(read(made, ["a", "b"]), { from: "a", to: ["b"], mode: "fast", skip: [], loud: false });
        assert.deepEqual(read(made, ["--skip", "x", "a", "--mode=slow", "b", "c", "--loud", "--skip", "-"]), {
            ...{ from: "a", to: ["b", "c"], mode: "slow", skip: ["x", "-"], loud: true },
        });
    });

    it("takes the default of a word that may be given more than once as a list of one", () => {
        const words = { stack: { about: "Stacks.", default: "dev", many: true } } as const;
        const many = command(module, { name: "many", about: "Takes many.", words, run: () => undefined });
        assert.deepEqual(read(many, []), { stack: ["dev"] });
        assert.deepEqual(read(many, ["prod", "dev"]), { stack: ["prod", "dev"] });
    });

    const wrong: Record<string, [argv: string[], message: RegExp]> = {
        "a name that is nearly right": [["a", "b", "--lout"], /there is no option --lout: did you mean --loud\?/],
        "a name of every object": [["a", "b", "--constructor"], /there is no option --constructor, only --mode/],
        "a short name": [["a", "b", "-x"], /there is no option -x/],
        "a value of a switch": [["a", "b", "--loud=no"], /--loud takes no value/],
        "an option without its value": [["a", "b", "--mode"], /--mode wants a value: --mode MODE/],
        "an option in place of a value": [["a", "b", "--mode", "--loud"], /--mode wants a value/],
        "an option twice": [["a", "b", "--mode", "x", "--mode", "y"], /--mode is given twice/],
        "a word too few": [["a"], /TO is missing: npm run copy -- FROM TO… \[--mode MODE\]/],
    };
    for (const [name, [argv, message]] of Object.entries(wrong)) {
        it(`is refused with ${name}`, () => {
            assert.throws(
                () => read(made, argv),
                (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes("\n"),
            );
        });
    }

    it("ends a command that fails with its message alone, without frames", async () => {
        assert.deepEqual(await said(made, "a", "b", "--mode", "broken"), { out: "", err: "it broke", code: 1 });
        const { err, code } = await said(made, "a", "b");
        assert.match(err, /^there is no file or folder .*\/no\/such\/file$/);
        assert.equal(code, 1);
    });

    it("ends a command that slips with the place where it did", async () => {
        const { err, code } = await said(made, "a", "b", "--mode", "slip");
        assert.match(err, /^TypeError: it slipped\n +at .*commands\.test\.ts:\d+/);
        assert.equal(code, 1);
    });

    it("is told how far the work is at a terminal alone", () => {
        const { error } = console;
        const tty = process.stderr.isTTY;
        const lines: string[] = [];
        console.error = (text: string) => void lines.push(text);
        try {
            process.stderr.isTTY = false;
            progress("Nobody waits");
            process.stderr.isTTY = true;
            progress("Rendering loki");
        } finally {
            console.error = error;
            process.stderr.isTTY = tty;
        }
        assert.deepEqual(lines, ["Rendering loki …"]);
    });

    it("names a stack that has a file", () => {
        assert.throws(() => readStackFile(root, "../dev"), NoStackError);
        assert.equal(readStackFile(root, "dev").project, "observability");
    });

    it("plan tells of a stack that is not there before it plans another", async () => {
        const plan = COMMANDS.get("plan") ?? assert.fail("no plan");
        const { out, err } = await said(plan, "dev", "nowhere");
        assert.equal(out, "");
        assert.match(err, /no stack nowhere: there are dev/);
    });

    it("verify names what it is to check beside the stack and is not there", async () => {
        const verify = COMMANDS.get("verify") ?? assert.fail("no verify");
        const { out, err, code } = await said(verify, "dev", "--with", "nowhere", "--with", "test");
        assert.deepEqual([out, code], ["", 2]);
        assert.match(err, /--with takes a folder.* no nowhere$/m);
    });
});

import { deepEqual, match, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { at, records } from "../../tools/records";
import { APPLICATION } from "../fixtures/example-program";
import { APP, failingShop, type FailingShop } from "../fixtures/failing-shop";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { local } from "./store-configs";
import { until } from "./until";

const run = promisify(execFile);

/*
 * The example application's errors through a server of another make that speaks Sentry's protocol: Bugsink (`pip install
 * bugsink gunicorn`), on SQLite, with its work done while it is asked.
 */

const SETTINGS = `from bugsink.settings.default import *
SECRET_KEY = "of a test"
SNAPPEA = {"TASK_ALWAYS_EAGER": True}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
`;

/** What the example does in place of an SDK. */
const OWN_REPORT = /\/\*\*\n \* An event by Sentry's protocol[\s\S]*?\n}\n/;
const TRACE = "0af7651916cd43dd8448eb211c80319c";

interface Started {
    shop?: FailingShop;
}

describe("a server that speaks Sentry's protocol", () => {
    const folder = mkdtempSync(join(tmpdir(), "errors-"));
    const programs = new Programs(folder);
    const started: Started = {};
    let dsn: string;
    let env: Record<string, string>;

    before(async function () {
        const reasons = missing(["bugsink-manage", "gunicorn"]).map((program) => `${program} is not on PATH`);
        if (reasons.length > 0) {
            console.log(`    not run: ${reasons.join(", ")}`);
            this.skip();
        }
        const [port = 0] = await freePorts(1);
        programs.file("bugsink_conf.py", SETTINGS);
        const databases = { DATABASE_PATH: "errors.sqlite3", SNAPPEA_DATABASE_PATH: "tasks.sqlite3" };
        env = { DJANGO_SETTINGS_MODULE: "bugsink_conf", PYTHONPATH: folder, PORT: String(port), ...databases };
        await manage("migrate");
        await manage("migrate", "snappea", "--database=snappea");
        const told = await ask("from projects.models import Project; print(Project.objects.create(name='shop').dsn)");
        match(told, /^http:\/\/\w+@/);
        dsn = told.replace("localhost", "127.0.0.1");
        const args = ["bugsink.wsgi", "--bind", `127.0.0.1:${port}`, "--timeout", "600"];
        await programs.start("gunicorn", args, `${local(port)}/health/ready`, env);
        started.shop = await failingShop(dsn);
    });

    after(async () => {
        started.shop?.stop();
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    it("keeps the error with the trace that its log line names", async () => {
        const event = await eventOf("shop", started);
        const [exception] = records(at(event, "exception.values"));
        deepEqual([exception?.type, exception?.value], ["Error", "GET / answered 500"]);
        ok(tracesOf(started).includes(at(event, "contexts.trace.trace_id")));
        const refused = started.shop?.lines().filter(({ message }) => message === "error refused");
        deepEqual(refused, []);
    });

    it("keeps what Sentry's SDK for Node sends in the place of the example's own lines, with its stack", async function () {
        const { SENTRY_SDK: sdk = "" } = process.env;
        if (!existsSync(join(sdk, "node_modules/@sentry/node"))) {
            console.log("    not run: SENTRY_SDK names no folder in which @sentry/node is installed");
            this.skip();
        }
        const own = programs.data("sdk");
        symlinkSync(join(sdk, "node_modules"), join(own, "node_modules"));
        copyFileSync(join(APPLICATION, "sentry-sdk/report.mjs"), join(own, "report.mjs"));
        const [before = "", after] = readFileSync(APP, "utf8").split(OWN_REPORT);
        ok(after !== undefined, "the application has no report of its own");
        writeFileSync(join(own, "app.mjs"), `import { report } from "./report.mjs";\n${before}${after}`);
        const bySdk: Started = { shop: await failingShop(dsn, join(own, "app.mjs")) };
        try {
            const event = await eventOf("sentry.javascript.node", bySdk);
            const [exception] = records(at(event, "exception.values"));
            deepEqual([exception?.type, exception?.value], ["Error", "GET / answered 500"]);
            ok(records(at(exception, "stacktrace.frames")).some(({ function: name }) => name === "traced"));
            ok(tracesOf(bySdk).includes(at(event, "contexts.trace.trace_id")));
        } finally {
            bySdk.shop?.stop();
        }
    });

    it("keeps what Sentry's SDK for Python sends, with the trace that it is given", async function () {
        const code = [
            "from report import report, sentry_sdk",
            'try:\n    raise ValueError("no such basket")',
            `except ValueError as error:\n    report(error, "${TRACE}", "00f067aa0ba902b7")`,
            "sentry_sdk.flush()",
        ];
        // Bugsink comes with the SDK, in the same Python.
        await run("python3", ["-c", code.join("\n")], {
            env: {
                ...process.env,
                PYTHONPATH: join(APPLICATION, "sentry-sdk"),
                PYTHONDONTWRITEBYTECODE: "1",
                SENTRY_DSN: dsn,
            },
        });
        const event = await eventOf("sentry.python", started);
        deepEqual(
            [at(event, "contexts.trace.trace_id"), records(at(event, "exception.values"))[0]?.value],
            [TRACE, "no such basket"],
        );
    });

    /** Trace ids of the log lines that tell of an error. */
    function tracesOf({ shop }: Started): unknown[] {
        return (shop?.lines() ?? []).filter(({ level }) => level === "error").map((line) => line.trace_id);
    }

    /** The first event that this made: `shop` is the application by its own lines, others are SDKs, whose names may go on. */
    async function eventOf(made: string, { shop }: Started): Promise<Record<string, unknown>> {
        const read =
            "from events.models import Event; print('[' + ','.join(e.data for e in Event.objects.all()) + ']')";
        let found: Record<string, unknown> | undefined;
        await until(`there is an event of ${made}`, async () => {
            const all = records(JSON.parse(await ask(read)));
            found = all.find((event) => ((at(event, "sdk.name") as string | undefined) ?? "shop").startsWith(made));
            // A server that is asked for the first time may take longer than the application waits.
            if (found === undefined) await shop?.fail();
            return found !== undefined || `there are ${all.length} others`;
        });
        return found ?? {};
    }

    /** What a line of Python says of the server's own data. */
    async function ask(python: string): Promise<string> {
        return (await manage("shell", "-c", python)).trim().split("\n").at(-1) ?? "";
    }

    async function manage(...args: string[]): Promise<string> {
        const { stdout } = await run("bugsink-manage", args, {
            cwd: folder,
            env: { ...process.env, ...env },
            maxBuffer: 64 * 1024 * 1024,
        });
        return stdout;
    }
});

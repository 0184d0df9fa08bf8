import { deepEqual, match, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { at, record, records } from "../../tools/records";
import { failingShop, type FailingShop } from "../fixtures/failing-shop";
import { freePorts, missing } from "./control-plane";
import { Programs } from "./programs";
import { local } from "./store-configs";

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

describe("a server that speaks Sentry's protocol", () => {
    const folder = mkdtempSync(join(tmpdir(), "errors-"));
    const programs = new Programs(folder);
    let shop: FailingShop | undefined;
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
        const dsn = await ask("from projects.models import Project; print(Project.objects.create(name='shop').dsn)");
        match(dsn, /^http:\/\/\w+@/);
        const args = ["bugsink.wsgi", "--bind", `127.0.0.1:${port}`, "--timeout", "600"];
        await programs.start("gunicorn", args, `${local(port)}/health/ready`, env);
        shop = await failingShop(dsn.replace("localhost", "127.0.0.1"));
    });

    after(async () => {
        shop?.stop();
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    it("keeps the error with the trace that its log line names", async () => {
        const [event] = await events();
        ok(event, "no event came");
        const [exception] = records(at(event, "exception.values"));
        deepEqual([exception?.type, exception?.value], ["Error", "GET / answered 500"]);
        const failed = shop?.lines().filter(({ level }) => level === "error") ?? [];
        ok(failed.map((line) => line.trace_id).includes(at(event, "contexts.trace.trace_id")));
        const refused = shop?.lines().filter(({ message }) => message === "error refused");
        deepEqual(refused, []);
    });

    async function events(): Promise<Record<string, unknown>[]> {
        const read =
            "from events.models import Event; print('[' + ','.join(e.data for e in Event.objects.all()) + ']')";
        for (let tries = 0; tries < 10; tries++) {
            const found = records(JSON.parse(await ask(read)));
            if (found.length > 0) return found.map(record);
            // A server that is asked for the first time may take longer than the application waits.
            await shop?.fail();
        }
        return [];
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

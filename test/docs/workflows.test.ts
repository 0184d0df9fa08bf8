import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { isRecord, record, records } from "../../tools/records";

/** The workflows and actions of .github as GitHub will read them; what only a run can show is not asked here. */
const ROOT = resolve(__dirname, "../..");
const GITHUB = join(ROOT, ".github");

interface File {
    readonly path: string;
    readonly text: string;
    readonly content: Record<string, unknown>;
}

const files: File[] = readdirSync(GITHUB, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml") || path.endsWith(".yml"))
    .map((path) => {
        const text = readFileSync(join(GITHUB, path), "utf8");
        return { path, text, content: record(parse(text)) };
    });
const workflows = files.filter(({ path }) => path.startsWith("workflows"));
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
    devDependencies: Record<string, string>;
};

interface Job {
    readonly name: string;
    readonly job: Record<string, unknown>;
}

function jobsOf({ path, content }: File): Job[] {
    return Object.entries(record(content.jobs)).map(([name, job]) => ({ name: `${path} ${name}`, job: record(job) }));
}

function stepsOf({ content }: File): Record<string, unknown>[] {
    const jobs = Object.values(record(content.jobs)).flatMap((job) => records(record(job).steps));
    return [...jobs, ...records(record(content.runs).steps)];
}

const jobs = workflows.flatMap(jobsOf);
const steps = files.flatMap((file) => stepsOf(file).map((step) => ({ path: file.path, step })));
const commands = steps.flatMap(({ path, step }) => (typeof step.run === "string" ? [{ path, run: step.run }] : []));

/** Names of those that do not pass, so that a failure tells where. */
function failing<T extends { name: string }>(list: readonly T[], passes: (each: T) => boolean): string[] {
    return list.filter((each) => !passes(each)).map(({ name }) => name);
}

describe("the workflows", () => {
    it("are there", () => {
        assert.deepEqual(workflows.map(({ path }) => path).sort(), [
            "workflows/drift.yaml",
            "workflows/preview.yaml",
            "workflows/up.yaml",
        ]);
        assert.ok(jobs.length >= 8);
    });

    it("give no right that a job does not name", () => {
        assert.deepEqual(
            workflows.filter(({ content }) => JSON.stringify(content.permissions) !== "{}").map(({ path }) => path),
            [],
        );
        assert.deepEqual(
            failing(jobs, ({ job }) => isRecord(job.permissions)),
            [],
        );
    });

    it("never run the code of a pull request with a right to write", () => {
        assert.deepEqual(
            workflows.filter(({ text }) => text.includes("pull_request_target")).map(({ path }) => path),
            [],
        );
        const writing = jobs.filter(({ job }) =>
            Object.entries(record(job.permissions)).some(([name, level]) => level === "write" && name !== "id-token"),
        );
        assert.ok(writing.length >= 2);
        assert.deepEqual(
            failing(writing, ({ job }) => records(job.steps).every((step) => step.uses === undefined)),
            [],
        );
    });

    it("end every job in bounded time", () => {
        assert.deepEqual(
            failing(
                jobs,
                ({ job }) => typeof job["timeout-minutes"] === "number" && typeof job["runs-on"] === "string",
            ),
            [],
        );
    });

    it("give secrets to jobs with an environment alone, and never to a fork", () => {
        const secret = jobs.filter(({ job }) => JSON.stringify(job).includes("secrets."));
        assert.ok(secret.length >= 4);
        assert.deepEqual(
            failing(secret, ({ job }) => typeof job.environment === "string"),
            [],
        );
        const own = "github.event.pull_request.head.repo.full_name == github.repository";
        const onRequests = workflows.filter(({ content }) => "pull_request" in record(content.on)).flatMap(jobsOf);
        const open = onRequests.filter(({ job }) => JSON.stringify(job).includes("secrets."));
        assert.equal(open.length, 1);
        assert.deepEqual(
            failing(open, ({ job }) => String(job.if).includes(own)),
            [],
        );
    });

    it("pin what they use by commit, and say of which release", () => {
        const uses = files.flatMap(({ path, text }) =>
            [...text.matchAll(/uses: (.+)$/gm)].map(([, used = ""]) => ({ name: `${path} ${used}`, used })),
        );
        assert.ok(uses.length >= 8);
        assert.deepEqual(
            failing(uses, ({ used }) =>
                used.startsWith("./")
                    ? existsSync(join(ROOT, used, "action.yml"))
                    : /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used),
            ),
            [],
        );
    });

    it("leave no token in the checkout", () => {
        const checkouts = steps.filter(({ step }) => String(step.uses).startsWith("actions/checkout"));
        assert.ok(checkouts.length >= 5);
        assert.ok(checkouts.every(({ step }) => record(step.with)["persist-credentials"] === false));
    });

    it("put no expression into a shell, where its text could be a command", () => {
        assert.ok(commands.length >= 10);
        assert.deepEqual(
            commands.filter(({ run }) => run.includes("${{")),
            [],
        );
    });

    it("run scripts that are there, on stacks that are there", () => {
        const scripts = commands.flatMap(({ run }) =>
            [...run.matchAll(/npm run (?:--?[\w-]+ )*([\w-]+)/g)].map(([, s]) => s ?? ""),
        );
        assert.ok(scripts.length >= 6);
        assert.deepEqual(
            scripts.filter((script) => !(script in manifest.scripts)),
            [],
        );
        const stacks = files.flatMap(({ text }) =>
            [...text.matchAll(/(?:stack: |-- )(dev|prod|[a-z]+)$/gm)].map(([, s]) => s ?? ""),
        );
        assert.ok(stacks.includes("prod"));
        assert.deepEqual(
            stacks.filter((stack) => !existsSync(join(ROOT, `Pulumi.${stack}.yaml`))),
            [],
        );
    });

    it("use the CLI of the program's own SDK", () => {
        const versions = files.flatMap(({ text }) => [...text.matchAll(/pulumi-version: (.+)$/gm)].map(([, v]) => v));
        assert.deepEqual(versions, [manifest.devDependencies["@pulumi/pulumi"]]);
    });

    it("never run two ups of a stack at once, nor cut one off", () => {
        const ups = jobs.filter(({ job }) => records(job.steps).some((step) => record(step.with).command === "up"));
        assert.equal(ups.length, 2);
        const groups = ups.map(({ job }) => record(job.concurrency));
        assert.equal(new Set(groups.map(({ group }) => group)).size, 2);
        assert.ok(groups.every((group) => group["cancel-in-progress"] === false));
        assert.ok(ups.some(({ job }) => job.environment === "prod"));
    });
});

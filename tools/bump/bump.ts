import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { compareVersions } from "../versions";
import { imageConstant, isMove, movesOf, type Move, type Request } from "./moves";
import { raiseConstant, recordPrevious, writePin } from "./pins";
import { changedPrograms, commandsFor, hasKeys, type Programs } from "./program-sources";
import { review, type Undone } from "./review";

export interface BumpOptions {
    /** The project's folder. */
    readonly root: string;
    /** Folder of archives in place of the charts' repositories. */
    readonly mirror: string | undefined;
    /** Folders in which the sources of programs lie as `MODULE@VERSION`. */
    readonly sources: readonly string[];
    /** Programs with the versions that the pins have now. */
    readonly programs: () => Programs;
    /** Whether Helm is there, without which nothing is rendered. */
    readonly helm: boolean;
    /** YYYY-MM-DD */
    readonly today: string;
    readonly say: (text: string) => void;
    /** Runs `npm run …` in the project's folder and says whether it succeeded. */
    readonly run: (script: readonly string[], env: Environment) => boolean;
}

type Environment = Readonly<Record<string, string>>;

const STACKS = ["dev", "prod"] as const;

/**
 * Moves pins of charts and makes anew all that follows from them, as far as this machine can, then says what is left.
 * @returns whether every step that was taken succeeded.
 */
export async function bump(request: Request, options: BumpOptions): Promise<boolean> {
    const { root, mirror, say } = options;
    const moves = await movesOf(root, request, mirror);
    for (const move of moves) say(describe(move));
    const moved = moves.filter(isMove);
    if (moved.length === 0) {
        say("nothing to move");
        return true;
    }
    const steps = new Steps(options);
    const env: Environment = mirror === undefined ? {} : { CHART_MIRROR: gathered(root, mirror) };
    const before = options.programs();
    const wasRendered = render("before", steps, options, env);
    write(moved, options);
    const after = options.programs();
    steps.run(["chart-types"], env);
    steps.run(["chart-defaults"], env);
    const keys = readSources(steps, options, before, after);
    steps.run(["typecheck"]);
    compare(wasRendered, steps, options, env);
    say(
        review({
            root,
            moves: moved,
            programs: after,
            keys,
            failed: steps.failed,
            undone: steps.undone,
            mirrored: mirror !== undefined,
        }),
    );
    return steps.failed.length === 0;
}

function describe({ chart, from, to }: Move): string {
    const program = from.appVersion === to.appVersion ? to.appVersion : `${from.appVersion} → ${to.appVersion}`;
    const version = from.version === to.version ? `stays ${to.version}` : `${from.version} → ${to.version}`;
    return `${chart.pin.name} ${version} (program ${program})`;
}

/** What was done, failed or could not be done. */
class Steps {
    readonly failed: string[] = [];
    readonly undone: Undone[] = [];

    constructor(private readonly options: Pick<BumpOptions, "run" | "say">) {}

    run(script: readonly string[], env: Environment = {}): boolean {
        const command = `npm run ${script.length === 1 ? script.join("") : [script[0], "--", ...script.slice(1)].join(" ")}`;
        this.options.say(`\n== ${command}`);
        const isDone = this.options.run(script, env);
        if (!isDone) this.failed.push(command);
        return isDone;
    }
}

function write(moves: readonly Move[], { root, today, say }: BumpOptions): void {
    for (const { chart, from, to } of moves) {
        const { version, appVersion, digest } = to;
        writePin(root, chart, { version, appVersion, digest, checked: today });
        if (from.version !== version) recordPrevious(root, chart.pin.name, from.version);
    }
    const constant = imageConstant(moves);
    if (constant === undefined) return;
    const newest =
        moves
            .map(({ to }) => to.appVersion)
            .sort(compareVersions)
            .at(-1) ?? "";
    const raised = raiseConstant(root, constant.folder, constant.name, newest);
    if (raised !== undefined) say(`${constant.name} → ${raised}`);
}

/** One mirror with the versions from before too, of which the upgrade test has a folder beside it. */
function gathered(root: string, mirror: string): string {
    const folder = join(root, "out/bump/charts");
    rmSync(folder, { recursive: true, force: true });
    gather(
        [mirror, `${resolve(mirror)}-previous`].filter((each) => existsSync(each)),
        folder,
    );
    return folder;
}

/** Links every archive of some folders into a new one. */
export function gather(folders: readonly string[], into: string): void {
    mkdirSync(into, { recursive: true });
    for (const folder of folders) {
        const archives = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
        for (const name of archives.filter((each) => !existsSync(join(into, each)))) {
            symlinkSync(join(resolve(folder), name), join(into, name));
        }
    }
}

function render(when: "before" | "after", steps: Steps, { helm }: BumpOptions, env: Environment) {
    return (
        helm &&
        STACKS.map((stack) => steps.run(["render", stack, "--out", `out/bump/${when}/${stack}`], env)).every(Boolean)
    );
}

/** What the new charts change in the cluster, where both were rendered. */
function compare(wasRendered: boolean, steps: Steps, options: BumpOptions, env: Environment): void {
    const isRendered = render("after", steps, options, env);
    const diff = ["render-diff", "out/bump/before", "out/bump/after", "--stacks", STACKS.join(",")];
    if (wasRendered && isRendered) {
        steps.run(diff);
        return;
    }
    const commands = (when: string) =>
        STACKS.map((stack) => `npm run render -- ${stack} --out out/bump/${when}/${stack}`);
    steps.undone.push({
        what: "the difference that it makes to the cluster",
        why: options.helm ? "a stack did not render" : "helm is not on PATH",
        commands: [
            ...(wasRendered ? [] : ["git stash", ...commands("before"), "git stash pop"]),
            ...(isRendered ? [] : commands("after")),
            `npm run ${diff[0] ?? ""} -- ${diff.slice(1).join(" ")}`,
        ],
    });
}

/**
 * Makes the tables of those programs anew that have another version now and whose source is here.
 * @returns the programs of whose configuration the keys were read.
 */
function readSources(steps: Steps, { root, sources, say }: BumpOptions, before: Programs, after: Programs): string[] {
    const changed = changedPrograms(before, after, sources);
    for (const each of changed) {
        const { name, program, source } = each;
        say(`\n${name} is ${program.version} now`);
        if (source === undefined) {
            steps.undone.push({
                what: `tables of ${name} ${program.version}`,
                why: "its source is not on this machine",
                commands: commandsFor(each, root, join(root, "out/sources")),
            });
        } else if (hasKeys(name)) {
            steps.run(["config-keys", name, source]);
        }
    }
    if (changed.some(({ source }) => source !== undefined)) steps.run(["metric-names", ...sources]);
    return changed.filter(({ name, source }) => source !== undefined && hasKeys(name)).map(({ name }) => name);
}

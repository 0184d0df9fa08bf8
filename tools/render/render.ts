import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { preview, type Plan } from "../plan/engine";
import { readStackFile, type StackFile } from "../plan/stack-file";
import { renderRelease } from "./helm";
import { apiVersionsOf, filesOf, VALUES_FILE, withDefinedScopes, type RenderedObject } from "./manifests";
import { generatedText, programObjects, releasesOf, valuesOf, type ReleaseInputs } from "./releases";

/** Kubernetes that charts are rendered for where no other is named; the default of `--kube-version`. */
export const KUBE_VERSION = "1.35.0";

export interface RenderOptions {
    /** The project's folder. */
    readonly root: string;
    readonly stack: string;
    /** Settings in place of those in the stack's file. */
    readonly file?: StackFile;
    readonly kubeVersion?: string;
    /** What the cluster offers beyond Kubernetes itself and the definitions that the stack installs. */
    readonly apiVersions?: readonly string[];
    /** Refuse every chart archive that is not known to be the pinned one, also from a mirror. */
    readonly strictDigests?: boolean;
    /** Told what is worth knowing and no error, such as a digest that could not be checked. */
    readonly note?: (text: string) => void;
    /** Told what goes on, for whoever waits. */
    readonly progress?: (text: string) => void;
}

export interface RenderedStack {
    readonly plan: Plan;
    readonly kubeVersion: string;
    readonly objects: readonly RenderedObject[];
}

/** Helm processes at a time. */
const PARALLEL = 2;

/**
 * Every object that a first `pulumi up` of the stack asks of the cluster: each release's as Helm renders it with the
 * inputs that the program sends, and those that the program makes itself. CHART_MIRROR of the environment counts, as it
 * does for the program. Secrets hold what was rendered, and are masked as they are written.
 */
export async function renderStack(options: RenderOptions): Promise<RenderedStack> {
    const { root, stack } = options;
    const notes = new Set<string>();
    const note = (text: string) => {
        if (!notes.has(text)) options.note?.(text);
        notes.add(text);
    };
    const file = options.file ?? readStackFile(root, stack);
    options.progress?.(`Running the program of stack ${stack}`);
    const plan = await preview(root, stack, file, generatedText);
    const releases = releasesOf(plan);
    const { kubeVersion = KUBE_VERSION } = options;
    let begun = 0;
    const rendered = await inOrder(releases, PARALLEL, (release, before) => {
        options.progress?.(`Rendering ${release.name}, ${++begun} of ${releases.length}`);
        return renderRelease(
            release,
            {
                kubeVersion,
                apiVersions: [...(options.apiVersions ?? []), ...apiVersionsOf(before)],
            },
            { strictDigests: options.strictDigests ?? false, note },
        );
    });
    return { plan, kubeVersion, objects: withDefinedScopes([...programObjects(plan), ...rendered]) };
}

/**
 * Runs `render` for each release once those before it are done, so that a chart sees the definitions that will be there
 * when it is installed, and no others. At the first error no other release starts.
 */
export async function inOrder(
    releases: readonly ReleaseInputs[],
    parallel: number,
    render: (release: ReleaseInputs, before: RenderedObject[]) => Promise<RenderedObject[]>,
): Promise<RenderedObject[]> {
    const done = new Map<string, RenderedObject[]>();
    const waiting = new Set(releases);
    const known = new Set(releases.map(({ name }) => name));
    const running = new Map<string, Promise<void>>();
    const before = (release: ReleaseInputs) => release.after.filter((name) => known.has(name));
    while (waiting.size > 0 || running.size > 0) {
        for (const release of waiting) {
            if (running.size >= parallel) break;
            const names = before(release);
            if (!names.every((name) => done.has(name))) continue;
            waiting.delete(release);
            const task = render(
                release,
                names.flatMap((name) => done.get(name) ?? []),
            ).then((objects) => {
                done.set(release.name, objects);
                running.delete(release.name);
            });
            running.set(release.name, task);
        }
        if (running.size === 0) {
            throw new Error(`releases wait for each other: ${[...waiting].map(({ name }) => name).join(", ")}`);
        }
        try {
            await Promise.race(running.values());
        } catch (error) {
            // What still runs has a temporary folder to clear away.
            await Promise.allSettled(running.values());
            throw error;
        }
    }
    return releases.flatMap(({ name }) => done.get(name) ?? []);
}

/**
 * Writes one file per object into a folder, and one with each release's values, in place of what an earlier run has left
 * there.
 * @returns how many objects there are.
 */
export function writeStack({ plan, objects }: RenderedStack, folder: string): number {
    const files = filesOf(objects);
    const values = [...valuesOf(plan)].map(([release, text]): [string, string] => [`${release}/${VALUES_FILE}`, text]);
    clear(folder);
    for (const [path, text] of [...files, ...values]) {
        const file = join(folder, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
    }
    writeFileSync(join(folder, MARK), "Made by `npm run render`, which replaces all of it.\n");
    return files.size;
}

/** Its presence says that the folder is an earlier run's and may be replaced. */
const MARK = ".rendered";

function clear(folder: string): void {
    const there = statSync(folder, { throwIfNoEntry: false });
    if (there?.isDirectory() === false) throw new Error(`${folder} is a file: name a folder`);
    mkdirSync(folder, { recursive: true });
    const entries = readdirSync(folder);
    if (entries.length > 0 && !entries.includes(MARK)) {
        throw new Error(`${folder} is not empty and not from an earlier run: name another folder`);
    }
    for (const entry of entries) rmSync(join(folder, entry), { recursive: true });
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Move } from "./moves";
import type { Programs } from "./program-sources";

/** A step that this machine could not take. */
export interface Undone {
    readonly what: string;
    readonly why: string;
    readonly commands: readonly string[];
}

export interface ReviewInput {
    readonly root: string;
    readonly moves: readonly Move[];
    readonly programs: Programs;
    readonly undone: readonly Undone[];
    /** Commands that failed. */
    readonly failed: readonly string[];
    /** Programs whose tables of keys were made anew. */
    readonly keys: readonly string[];
    /** Charts came from a folder. */
    readonly mirrored: boolean;
}

/** What is left after a pin has moved: what failed, what could not be done here, what only a person can judge. */
export function review(input: ReviewInput): string {
    const undone = [...withoutDigest(input.moves), ...input.undone];
    return [
        ...section(
            "Failed",
            input.failed.map((command) => `${command}: see its output above`),
        ),
        ...section(
            "Not done here",
            undone.flatMap(({ what, why, commands }) => [`${what}: ${why}`, ...commands.map((line) => `    ${line}`)]),
        ),
        ...section("Look at", lookAt(input)),
    ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
    return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function withoutDigest(moves: readonly Move[]): Undone[] {
    return moves
        .filter(({ to }) => to.digest === undefined)
        .map(({ chart: { pin }, to }) => ({
            what: `the digest of ${pin.name} ${to.version}`,
            why: "only its repository's index has it, a mirror may have packed the chart anew",
            commands: [`env -u CHART_MIRROR npm run bump -- ${pin.name} ${to.version}`],
        }));
}

function lookAt(input: ReviewInput): string[] {
    const { root, moves, programs, mirrored } = input;
    const folders = [...new Set(moves.map(({ chart }) => chart.folder))];
    const names = moves.map(({ chart }) => chart.pin.name);
    const models = moves.flatMap(({ chart }) => chart.models.map((file) => `tools/verify/operators/${file}`));
    const within = [...programs]
        .filter(([, { charts }]) => charts.some((chart) => names.includes(chart)))
        .map(([name, { version }]) => `${name} ${version}`);
    const versionMoves = moves.filter(({ from, to }) => from.version !== to.version);
    const archives = versionMoves.map(({ chart, from }) => `${chart.pin.name}-${from.version}.tgz`).join(" ");
    return [
        ...folders.map(
            (folder) => `${sectionOf(root, folder)}: what this system asks of whoever moves it; add what you learn`,
        ),
        ...versionMoves
            .filter(isMajor)
            .map(({ chart, to }) => `the release notes of ${chart.pin.name} ${to.version}, a major version`),
        ...(models.length === 0
            ? []
            : [`${models.join(", ")}: what the operator makes, in its new sources, and its images`]),
        ...input.keys.map(
            (name) =>
                `the table of ${name}'s keys: modules that are not on this machine are taken as they come; go mod download in the source brings them, then npm run config-keys again`,
        ),
        ...(within.length === 0 ? [] : [`tools/programs.ts, against the images above: ${within.join(", ")}`]),
        "npm run verify -- prod; npm run verify -- dev",
        "npm test; npm run e2e, with the stores' programs of the new version on PATH where you have them",
        ...(archives === ""
            ? []
            : [
                  `the way from the version before: ${archives} into the folder beside CHART_MIRROR that has its name and -previous, then UPGRADE=1 npm run e2e -- --grep earlier`,
              ]),
        `what mirrors need to copy: npm run images -- prod${mirrored ? ", and what yours lacks" : ""}`,
        "CHANGELOG.md, and docs/how-to/upgrade.md where people have to do something",
    ];
}

function isMajor({ from, to }: Move): boolean {
    return from.version.split(".")[0] !== to.version.split(".")[0];
}

/** The section of a system's README on moving its version. */
function sectionOf(root: string, folder: string): string {
    const file = `${folder}/README.md`;
    const text = existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "";
    const [, title] = /^## (.*\b[Mm]oving\b.*)$/m.exec(text) ?? [];
    return title === undefined ? file : `${file}, "${title}"`;
}

import { parseSettings } from "../../components/platform/settings";
import { at } from "../records";
import { allowedIn, asWritten, settingEntries, type Entry } from "./entries";

const EXAMPLE = { cluster: "example", domain: "observability.example.com" };

/** The page docs/reference/settings.md, made from the schema and from the defaults of each shape. */
export function settingsReference(): string {
    const entries = settingEntries();
    const shapes = ["nothing", "node", "zone"].map((survives) => defaultsOf(survives));
    const rows = entries.map((entry) => row(entry, shapes));
    const fixed = entries.filter((entry) => entry.meaning.immutable !== undefined);
    return [
        "# Settings",
        "",
        "<!-- Made by `npm run settings-reference` from the schema; a test says when it is stale. -->",
        "",
        "Keys of `Pulumi.<stack>.yaml`, each below `observability:`. A map in the stack file is merged over the defaults, so",
        "one line changes one thing. Defaults follow `survives`: where they differ they are given as nothing / node / zone.",
        "Unknown keys are refused. Credentials are set by `pulumi config set --secret --path observability:<key>`.",
        "",
        "## What must not change after the first deployment",
        "",
        "| setting | why |",
        "| --- | --- |",
        ...fixed.map((entry) => `| \`${entry.path}\` | ${entry.meaning.immutable ?? ""} |`),
        "",
        "## All settings",
        "",
        "| setting | meaning | allowed | default |",
        "| --- | --- | --- | --- |",
        ...rows,
        "",
    ].join("\n");
}

function row(entry: Entry, shapes: unknown[]): string {
    const { path, meaning, optional } = entry;
    const defaults = shapes
        .map((shape) => at(shape, path))
        .map((value) => (value === undefined ? "-" : JSON.stringify(value)));
    const text = new Set(defaults).size === 1 ? defaults[0] : defaults.join(" / ");
    const cells = [
        `\`${path}\``,
        `${meaning.description ?? ""}${meaning.secret === true ? " **Secret.**" : ""}`,
        `${allowedIn(entry)}${optional ? " (optional)" : ""}`,
        EXAMPLE_KEYS.has(path) ? "none: must be given" : `\`${text ?? "-"}\``,
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const EXAMPLE_KEYS = new Set([...Object.keys(EXAMPLE), "survives"]);

function defaultsOf(survives: string): unknown {
    const result = parseSettings({ ...EXAMPLE, survives });
    if ("problems" in result) throw new Error(`The defaults of ${survives} are no right settings.`);
    return asWritten(result.settings);
}

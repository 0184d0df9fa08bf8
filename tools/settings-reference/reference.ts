import type { Survives } from "../../components/kubernetes/placement";
import { ROLES, type Role } from "../../components/platform/roles";
import { parseSettings } from "../../components/platform/settings";
import { slicesOf } from "../../components/platform/slices";
import { alternatives } from "../../components/settings/places";
import type { RoleKind } from "../../components/settings/slice";
import { at } from "../records";
import { allowedIn, asWritten, settingEntries, type Entry } from "./entries";

/** What stands below `metrics` too, with the same meaning and defaults. */
const AS_BELOW_METRICS = /^secondMetrics\.(?!kind$)/;

const SHAPES: readonly Survives[] = ["nothing", "node", "zone"];
const EXAMPLE = { cluster: "example", domain: "observability.example.com" };

/** The page docs/reference/settings.md, made from the schema and from the defaults of each shape. */
export function settingsReference(): string {
    const entries = settingEntries().filter(({ path }) => !AS_BELOW_METRICS.test(path));
    const shapes = SHAPES.map((survives) => defaultsOf(survives));
    const rows = entries.map((entry) => row(entry, shapes));
    const fixed = entries.filter((entry) => entry.meaning.immutable !== undefined);
    return [
        "# Settings",
        "",
        "<!-- Made by `npm run settings-reference` from the schema; a test says when it is stale. -->",
        "",
        "Keys of `Pulumi.<stack>.yaml`, each below `observability:`. A map in the stack file is merged over the defaults, so",
        "one line changes one thing. Defaults follow `survives`: where they differ they are given as nothing / node / zone;",
        "those of a kind that has to be written stand behind its name.",
        "A key below a map that may be left out is asked for, or has its default, where that map is there.",
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
    const { path, meaning, within } = entry;
    const usual = spoken(shapes.map((shape, i) => at(shape, path) ?? at(defaultsWith(within, SHAPES[i]), path)));
    const others = ofOtherKinds(path, within)
        .filter(({ text }) => text !== usual)
        .map(({ kind, text }) => `${kind}: ${text}`);
    const text = [...(usual === NONE && others.length > 0 ? [] : [usual]), ...others].join("; ");
    const cells = [
        `\`${path}\``,
        `${meaning.description ?? ""}${meaning.secret === true ? " **Secret.**" : ""}`,
        `${allowedIn(entry)}${wanted(entry, text === NONE)}`,
        EXAMPLE_KEYS.has(path) ? "none: must be given" : `\`${text}\``,
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const NONE = "-";

/** Whether a key may be left out, or is wanted with a map that may be. */
function wanted({ optional, within, options }: Entry, hasNoDefault: boolean): string {
    if (optional) return " (optional)";
    if (within === undefined || !hasNoDefault) return "";
    const places = options?.map((option) => `\`${within}.${option}\``) ?? [`\`${within}\``];
    return ` (required with ${alternatives(places)})`;
}

/** Settings below one key, as far as an empty map stands at a place that may be left out. */
function switchedOn(within: string): Record<string, unknown> {
    const [, ...below] = within.split(".");
    return below.reduceRight<Record<string, unknown>>((inner, key) => ({ [key]: inner }), {});
}

/** Defaults, as written, of the first kind or the one system below a key, where such a map is there. */
function defaultsWith(within: string | undefined, survives: Survives = "node"): unknown {
    const [key = ""] = within?.split(".") ?? [];
    const slice = slicesOf({})[key];
    return within === undefined || slice === undefined ? {} : { [key]: slice.defaults(survives, switchedOn(within)) };
}

/** A setting's default in each shape, once where they are the same. */
function spoken(defaults: readonly unknown[]): string {
    const texts = defaults.map((value) => (value === undefined ? NONE : JSON.stringify(value)));
    return new Set(texts).size === 1 ? (texts[0] ?? NONE) : texts.join(" / ");
}

/** Its defaults in the kinds that do not stand in the role unless they are written. */
function ofOtherKinds(path: string, within = ""): { readonly kind: string; readonly text: string }[] {
    const [role = "", ...below] = path.split(".");
    // By this key they are chosen.
    if (!(role in ROLES) || below.join(".") === "kind") return [];
    const [, ...others]: readonly RoleKind[] = ROLES[role as Role];
    return others
        .map((each) => {
            const values = SHAPES.map((survives) =>
                at(each.defaults(survives, { ...switchedOn(within), kind: each.kind }), below.join(".")),
            );
            return { kind: each.kind, text: spoken(values) };
        })
        .filter(({ text }) => text !== NONE);
}

const EXAMPLE_KEYS = new Set([...Object.keys(EXAMPLE), "survives"]);

function defaultsOf(survives: string): unknown {
    const result = parseSettings({ ...EXAMPLE, survives });
    if ("problems" in result) throw new Error(`The defaults of ${survives} are no right settings.`);
    return asWritten(result.settings);
}

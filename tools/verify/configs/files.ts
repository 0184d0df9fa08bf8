import { parseGoYaml } from "../../go-yaml";
import { at, record, records } from "../../records";
import type { Pods } from "../pods";
import { nameOf, specOf, type ClusterModel } from "../cluster-model";
import { AGREEMENTS, type Agreements } from "../program";
import { held, mounted, type HeldText } from "./mounts";

/** `runtime` is what a store reads again while it runs: the limits of single tenants. */
export type Kind = "main" | "runtime" | "datasources";

/** A container that reads a configuration. */
export interface Reader {
    readonly pods: Pods;
    readonly image: string;
    readonly args: readonly string[];
}

/** A configuration as a program will find it. */
export interface ConfigFile extends HeldText {
    readonly program: string;
    readonly kind: Kind;
    /** Empty where an operator mounts it. */
    readonly readers: readonly Reader[];
}

/** A program is told to read a file that nothing gives it. */
export interface MissingFile {
    readonly object: string;
    readonly file: string;
}

export interface ConfigFiles {
    readonly files: readonly ConfigFile[];
    readonly missing: readonly MissingFile[];
}

const known = new WeakMap<ClusterModel, ConfigFiles>();

/** Every configuration that a program of the stack reads, found by what its containers mount. */
export function configFiles(model: ClusterModel): ConfigFiles {
    const found = known.get(model) ?? readFiles(model);
    known.set(model, found);
    return found;
}

/** A file that somebody is to read, whether it is there or not. */
interface Wanted {
    readonly object: string;
    readonly file: string;
    readonly program: string;
    readonly kind: Kind;
    readonly held: HeldText | undefined;
    readonly readers: readonly Reader[];
}

function readFiles(model: ClusterModel): ConfigFiles {
    const files = new Map<string, ConfigFile>();
    const wanted = [...containerFiles(model), ...operatorFiles(model)];
    for (const { held: found, program, kind, readers } of wanted) {
        if (found === undefined) continue;
        const id = `${nameOf(found.holder)} ${found.key}`;
        files.set(id, { ...found, program, kind, readers: [...(files.get(id)?.readers ?? []), ...readers] });
    }
    const missing = wanted.filter((each) => each.held === undefined && each.kind !== "datasources");
    return { files: [...files.values()], missing };
}

/** Programs that are told by a flag or by habit where their configuration is. */
const PROGRAMS: readonly { program: string; image: RegExp; file?: string; datasources?: string }[] = [
    ...AGREEMENTS.map(({ program }) => ({ program, image: new RegExp(`(^|/)${program}[:@]`) })),
    { program: "nginx", image: /(^|\/)nginx(-unprivileged)?[:@]/, file: "/etc/nginx/nginx.conf" },
    {
        program: "grafana",
        image: /(^|\/)grafana[:@]/,
        file: "/etc/grafana/grafana.ini",
        datasources: "/etc/grafana/provisioning/datasources/datasources.yaml",
    },
];

function containerFiles(model: ClusterModel): Wanted[] {
    return model.pods.flatMap((pods) =>
        records(pods.spec.containers).flatMap((container): Wanted[] => {
            const image = String(container.image);
            const args = [...list(container.command), ...list(container.args)];
            const told = PROGRAMS.find((each) => each.image.test(image));
            if (told === undefined) return [];
            const { program, file, datasources } = told;
            const read = (kind: Kind, path: unknown): Wanted[] =>
                typeof path !== "string"
                    ? []
                    : [
                          {
                              ...{ program, kind, object: nameOf(pods.owner), file: path },
                              held: mounted(model, pods, container, path),
                              readers: [{ pods, image, args }],
                          },
                      ];
            const main = read("main", file ?? flag(args, "config.file"));
            const limits = agreementsOf(program)?.tenantLimits;
            const config = main[0]?.held && limits !== undefined ? parseGoYaml(main[0].held.text).value : undefined;
            const runtime = at(config, limits ?? "");
            return [...main, ...read("datasources", datasources), ...read("runtime", runtime)];
        }),
    );
}

/** What a store's configuration must agree with; undefined for other programs. */
export function agreementsOf(program: string): Agreements | undefined {
    return AGREEMENTS.find((each) => each.program === program);
}

/** The value of a flag, the last one counting, as Go's programs read it. */
export function flag(args: readonly string[], name: string): string | undefined {
    const flags = args.map((arg) => /^--?([\w.-]+)=(.*)$/.exec(arg)).filter((match) => match?.[1] === name);
    return flags.at(-1)?.[2];
}

function list(value: unknown): string[] {
    return Array.isArray(value) ? value.map(String) : [];
}

/** Configurations that operators mount: they are named in the operators' resources. */
function operatorFiles(model: ClusterModel): Wanted[] {
    const alertmanagers = model.ofKind("Alertmanager").map((each): Wanted => {
        const name = text(specOf(each.object).configSecret) ?? `alertmanager-${each.object.metadata.name}`;
        const file = "alertmanager.yaml";
        const found = held(model, "Secret", each.namespace, name, file);
        return { program: "alertmanager", kind: "main", object: nameOf(each), file, held: found, readers: [] };
    });
    // The operator installs Alloy's chart, whose own names these are.
    const alloys = model.ofKind("Alloy").map((each): Wanted => {
        const { name, key } = record(at(each.object.spec, "alloy.configMap"));
        const file = text(key) ?? "config.alloy";
        const found = held(model, "ConfigMap", each.namespace, text(name) ?? each.object.metadata.name, file);
        return { program: "alloy", kind: "main", object: nameOf(each), file, held: found, readers: [] };
    });
    return [...alertmanagers, ...alloys];
}

function text(value: unknown): string | undefined {
    return typeof value === "string" ? value : undefined;
}

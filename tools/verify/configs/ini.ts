/** Values of an INI file as Grafana reads it, by section and key: `auth.anonymous`, `enabled`. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads an INI file; keys before the first section stand below an empty name, and later values count. */
export function parseIni(text: string): Ini {
    const sections = new Map<string, Map<string, string>>();
    let current = "";
    for (const line of text.split("\n").map((each) => each.trim())) {
        const [, section] = /^\[(.+)\]$/.exec(line) ?? [];
        const [, key, value = ""] = /^([^=;#[][^=]*?)\s*=\s*(.*)$/.exec(line) ?? [];
        if (section !== undefined) current = section.trim();
        else if (key !== undefined) {
            const own = sections.get(current) ?? new Map<string, string>();
            sections.set(current, own.set(key, value.replace(/^(["'`])(.*)\1$/, "$2")));
        }
    }
    return sections;
}

/** Order of versions, `v1.2.3` and `1.2.3` alike; a preview such as `1.2.3-rc.1` comes before what it previews. */
export function compareVersions(one: string, other: string): number {
    const [[a, previewA], [b, previewB]] = [parts(one), parts(other)];
    const numbers = a.localeCompare(b, "en", { numeric: true });
    if (numbers !== 0) return numbers;
    if (previewA === "" || previewB === "") return Number(previewA === "") - Number(previewB === "");
    return previewA.localeCompare(previewB, "en", { numeric: true });
}

function parts(version: string): [string, string] {
    const [, numbers = "", preview = ""] = /^v?([^-+]*)-?([^+]*)/.exec(version) ?? [];
    return [numbers, preview];
}

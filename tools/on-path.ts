import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export function onPath(program: string): boolean {
    return pathOf(program) !== undefined;
}

/** The file that a program's name stands for; undefined where it is not on PATH. */
export function pathOf(program: string): string | undefined {
    const paths = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, program));
    return paths.find((path) => {
        try {
            accessSync(path, constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });
}

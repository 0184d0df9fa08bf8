/** What a program that is set by arguments alone may be told. `npm run verify` holds renderings to it. */
export interface ProgramFlags {
    /** As its image is called. */
    readonly program: string;
    /** As people call it. */
    readonly title: string;
    readonly table: FlagTable;
}

/** Made by `npm run config-keys`. */
export interface FlagTable {
    readonly program: string;
    readonly version: string;
    /** Names without dashes, those that help texts hide among them, of any of its commands. */
    readonly flags: readonly string[];
}

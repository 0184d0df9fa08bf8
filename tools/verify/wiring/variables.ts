/**
 * What a name means to a program: a text; `null` where it is set, to something that only the cluster can tell;
 * `undefined` where nothing sets it.
 */
export type Lookup = (name: string) => string | null | undefined;

/** Stand around a variable's name where its value is not known, so that an address shows that it holds one. */
export const UNSET = { open: "\u0001", close: "\u0002" };
export const RUNTIME = { open: "\u0003", close: "\u0004" };

/** `${NAME}`, `${env:NAME}`, `${NAME:default}`, `${NAME:-default}` and `$(NAME)`; a doubled `$` is no variable. Ruby's `#{ENV['NAME']}`. */
const VARIABLE =
    /(\$?)\$(?:\{(?:env:)?([A-Za-z_]\w*)(?::-?([^}]*))?\}|\(([A-Za-z_]\w*)\))|#\{ENV\[['"]([A-Za-z_]\w*)['"]\]\}/g;

/** The text as a program reads it: variables filled in, as the stores, Kubernetes, Alloy, OpenTelemetry's collector, Fluentd and shells write them. */
export function filled(text: string, lookup: Lookup): string {
    return text.replace(VARIABLE, (written: string, escape = "", ...groups: (string | undefined)[]) => {
        const [braced, or, round, ruby] = groups;
        const name = braced ?? round ?? ruby;
        if (escape !== "" || name === undefined) return written;
        const value = lookup(name);
        if (value === null) return `${RUNTIME.open}${name}${RUNTIME.close}`;
        return value ?? or ?? `${UNSET.open}${name}${UNSET.close}`;
    });
}

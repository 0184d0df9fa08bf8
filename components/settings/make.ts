import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { RoleKind, StoreKind } from "./slice";

/** What follows from the kind: its settings, and of a store what tenants have of their own in it. */
type Own<Kind extends RoleKind> = { readonly settings: z.output<Kind["schema"]> } & ([Kind] extends [StoreKind]
    ? { readonly tenants: Readonly<Record<string, z.output<Kind["tenant"]["schema"]>>> }
    : unknown);

type Make<Args, Made> = (args: Args, opts: pulumi.ComponentResourceOptions) => Made;

/** How each kind of a role is made, by its name: a kind without an entry does not compile. */
type Makers<Kinds extends readonly RoleKind[], Shared, Made> = {
    readonly [Kind in Kinds[number] as z.output<Kind["schema"]>["kind"] & string]: Make<Shared & Own<Kind>, Made>;
};

/**
 * What a kind is made with, and not every stack has.
 * @throws Error where it was not made: a fault of the program, never of the settings.
 */
export function made<Part>(part: Part | undefined): Part {
    if (part === undefined) throw new Error("A system needs what this stack does not make.");
    return part;
}

/**
 * Makes the system that the settings choose.
 * @typeParam Shared what every kind of the role is given beside its settings and tenants.
 */
export function maker<Kinds extends readonly RoleKind[], Shared, Made>(
    makers: Makers<Kinds, Shared, Made>,
): Make<Shared & Own<Kinds[number]>, Made> {
    return (args, opts) => {
        const kind = args.settings.kind as keyof typeof makers;
        // Settings and tenants' limits were read by this kind's schemas, which the compiler cannot follow by its name.
        const make = makers[kind] as Make<Shared & Own<Kinds[number]>, Made>;
        return make(args, opts);
    };
}

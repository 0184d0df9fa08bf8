import { records } from "../../records";
import type { Check } from "../check";
import { nameOf, type ClusterModel } from "../cluster-model";
import type { Found } from "../finding";
import { FLAGS, suggestion, type ProgramFlags } from "../program";

export const programFlags: Check = {
    name: "program-flags",
    promise: "No program that is set by arguments alone is given one that its version does not know",
    run: (model) => FLAGS.flatMap((each) => unknownFlags(model, each)),
};

/** Such a program ends at its start, and again. */
function unknownFlags(model: ClusterModel, { program, title, table }: ProgramFlags): Found[] {
    const image = new RegExp(`(^|/)${program}[:@]`);
    const known = new Set([...table.flags, ...table.flags.map((flag) => `no-${flag}`)]);
    return model.pods.flatMap((pods) =>
        records(pods.spec.containers)
            .filter((container) => image.test(String(container.image)))
            .flatMap(({ args }) => (Array.isArray(args) ? args.map(String) : []))
            .flatMap((arg) => /^--([\w.-]+)/.exec(arg)?.[1] ?? [])
            .filter((flag) => !known.has(flag))
            .map((flag) => ({
                object: nameOf(pods.owner),
                found: `--${flag}, which ${title} ${table.version} does not know`,
                wanted: `an argument of it: ${suggestion(flag, table.flags)}`,
                hint: "write another in the values of the chart, or take it away",
            })),
    );
}

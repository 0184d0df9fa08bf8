import assert from "node:assert/strict";
import { parse } from "yaml";
import { z } from "zod";
import { settingsSchema } from "../../components/platform/settings";
import { ENCRYPTED } from "../../tools/plan/stack-file";
import { meaningOf, unwrap } from "../../components/settings/places";

interface Leaf {
    readonly path: string;
    readonly schema: z.ZodType;
    readonly outer: z.ZodType;
}

/** Every place of the schema where a value stands, whatever is above it: a new setting is among them by itself. */
function leaves(path: string, outer: z.ZodType): Leaf[] {
    const schema = unwrap(outer);
    const own = { path, schema, outer };
    if (schema instanceof z.ZodObject) {
        const fields = Object.entries<z.ZodType>(schema.shape);
        return fields.length === 0 ? [own] : fields.flatMap(([key, inner]) => leaves(`${path}.${key}`, inner));
    }
    if (schema instanceof z.ZodDiscriminatedUnion) {
        return (schema.options as unknown as z.ZodType[]).flatMap((option) => leaves(path, option));
    }
    if (schema instanceof z.ZodArray) return leaves(`${path}[]`, schema.element as z.ZodType);
    if (schema instanceof z.ZodRecord) {
        const keys = leaves(`${path}.<key>`, schema.keyType as unknown as z.ZodType);
        return [...keys, ...leaves(`${path}.<name>`, schema.valueType as z.ZodType)];
    }
    return [own];
}

/** Values of charts are the chart's to judge: their keys are checked by `test/platform/values.test.ts`. */
const IS_CHARTS = /\.(\w+V|v)alues\.<(key|name)>$/;

const LEAVES = leaves("", settingsSchema)
    .map((leaf) => ({ ...leaf, path: leaf.path.slice(1) }))
    .filter(({ path }) => !IS_CHARTS.test(path));

const taken = ({ schema }: Leaf, value: unknown) => schema.safeParse(value).success;

/** What no setting takes, whichever it is. */
const NEVER: Readonly<Record<string, unknown>> = {
    "a megabyte of letters": "a".repeat(1_000_000),
    "a megabyte of digits": "1".repeat(1_000_000),
    "a number beyond all": 1e300,
    "minus a number beyond all": -1e300,
    "a number that is none": Number.NaN,
    infinity: Number.POSITIVE_INFINITY,
    "half of one": 0.5,
    nothing: null,
    "a list": [],
};

/** What no span of time and no size is: beyond Go's clock, 64 bits, every disk; and below one. */
const NO_MEASURE = [
    "100000000000000000000d",
    "999999999d",
    "99999999999999999Gi",
    "999999999Ti",
    "0d",
    "0Gi",
    "1.5d",
    "1e3Gi",
];

/** What a text of one line never is. */
const NO_LINE: Readonly<Record<string, string>> = {
    "two lines": "a\nb",
    "a null character": "a\0b",
    "a line end": "a\n",
};

/** Numbers of a load may be halves, since they are sums. */
const IS_AMOUNT = /^load\./;

describe("every leaf of the schema", () => {
    it("is found, secret or not, in lists and maps too", () => {
        const paths = new Set(LEAVES.map(({ path }) => path));
        for (const path of [
            "cluster",
            "logs.schema[].from",
            "alerting.receivers.<name>.slack.apiUrl",
            "tenants.<key>",
        ]) {
            assert.ok(paths.has(path), `${path} is not among ${[...paths].join(" ")}`);
        }
        assert.ok(paths.size > 200, String(paths.size));
    });

    for (const [what, value] of Object.entries(NEVER)) {
        it(`refuses ${what}`, () => {
            const wrong = LEAVES.filter((leaf) => taken(leaf, value)).map(({ path }) => path);
            const known = what === "half of one" ? wrong.filter((path) => !IS_AMOUNT.test(path)) : wrong;
            assert.deepEqual(known, []);
        });
    }

    for (const value of NO_MEASURE) {
        it(`of spans and sizes refuses ${value}`, () => {
            const measures = LEAVES.filter(({ outer }) => /^\d+([smhd]|[MGT]i)$/.test(meaningOf(outer).example ?? ""));
            assert.ok(measures.length > 30, String(measures.length));
            const wrong = measures.filter((leaf) => taken(leaf, value)).map(({ path }) => path);
            assert.deepEqual(wrong, []);
        });
    }

    for (const [what, value] of Object.entries(NO_LINE)) {
        it(`of texts refuses ${what}, but for credentials`, () => {
            const wrong = LEAVES.filter((leaf) => taken(leaf, value) && meaningOf(leaf.outer).secret !== true);
            assert.deepEqual(
                wrong.map(({ path }) => path),
                [],
            );
        });
    }

    it("of a credential takes what stands in a plan for one that is encrypted", () => {
        const refused = LEAVES.filter((leaf) => meaningOf(leaf.outer).secret === true && !taken(leaf, ENCRYPTED));
        assert.deepEqual(
            refused.map(({ path }) => path),
            [],
        );
    });

    it("says in words what is allowed", () => {
        const silent = LEAVES.filter(
            ({ outer, schema }) =>
                meaningOf(outer).allowed === undefined &&
                !(schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral || schema instanceof z.ZodUnknown),
        );
        assert.deepEqual(
            silent.map(({ path }) => path),
            [],
        );
    });

    it("has an example that is right, but for credentials", () => {
        for (const leaf of LEAVES) {
            const { example, secret } = meaningOf(leaf.outer);
            if (secret === true || leaf.schema instanceof z.ZodLiteral) continue;
            assert.ok(example !== undefined, `${leaf.path} has no example`);
            const values: unknown[] = [example, parse(example)];
            assert.ok(
                values.some((value) => taken(leaf, value)),
                `${leaf.path} does not take its own example ${example}`,
            );
        }
    });
});

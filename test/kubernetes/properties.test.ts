import assert from "node:assert/strict";
import fc from "fast-check";
import { mergeValues } from "../../components/kubernetes/merge-values";
import { holds } from "../fixtures/property";

type Values = Record<string, unknown>;

/** Values of a chart, of few keys, so that two of them meet. */
const key = fc.constantFrom("a", "b", "c", "image", "grafana.ini", "constructor", "toString", "");
const scalar = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
const { values } = fc.letrec<{ values: Values; value: unknown }>((tie) => ({
    values: fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
    value: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        scalar,
        tie("values"),
        fc.array(tie("value"), { maxLength: 3 }),
    ),
}));

function isMap(value: unknown): value is Values {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every path of a tree down to what is no map, with what stands there. */
function leaves(value: unknown, path: readonly string[] = []): [readonly string[], unknown][] {
    if (!isMap(value)) return [[path, value]];
    return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

/** What stands at a path; undefined where a map on the way has no such key of its own. */
function at(value: unknown, path: readonly string[]): unknown {
    return path.reduce<unknown>(
        (inner, name) => (isMap(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
        value,
    );
}

describe("merged values of a chart, whatever they are", function () {
    this.timeout(0);

    it("are the one where the other is empty", () => {
        holds(
            fc.property(values, (some) => {
                assert.deepEqual(mergeValues(some, {}), some);
                assert.deepEqual(mergeValues({}, some), some);
            }),
        );
    });

    it("have all that was written over them: null too, and lists as they are", () => {
        holds(
            fc.property(values, values, (base, over) => {
                const merged = mergeValues(base, over);
                for (const [path, value] of leaves(over)) assert.deepEqual(at(merged, path), value, path.join("/"));
            }),
        );
    });

    it("keep of what is below them all that nothing was written over", () => {
        holds(
            fc.property(values, values, (base, over) => {
                const merged = mergeValues(base, over);
                for (const [path, value] of leaves(base)) {
                    // Something of `over` that is no map stands on the way, or at the place itself.
                    const covered = path.some((_, length) => {
                        const there = at(over, path.slice(0, length + 1));
                        return there !== undefined && (!isMap(there) || length === path.length - 1);
                    });
                    if (!covered) assert.deepEqual(at(merged, path), value, path.join("/"));
                }
            }),
        );
    });

    it("have no key that neither has", () => {
        holds(
            fc.property(values, values, (base, over) => {
                for (const [path] of leaves(mergeValues(base, over))) {
                    assert.ok(at(base, path) !== undefined || at(over, path) !== undefined, path.join("/"));
                }
            }),
        );
    });

    it("are the same when merged once more", () => {
        holds(
            fc.property(values, values, (base, over) => {
                const once = mergeValues(base, over);
                assert.deepEqual(mergeValues(once, over), once);
                assert.deepEqual(mergeValues(base, base), base);
            }),
        );
    });

    it("leave both as they were, and share no map with them that a later change would reach", () => {
        holds(
            fc.property(values, values, (base, over) => {
                const [baseBefore, overBefore] = [structuredClone(base), structuredClone(over)];
                const merged = mergeValues(base, over);
                assert.deepEqual([base, over], [baseBefore, overBefore]);
                for (const name of Object.keys(merged)) merged[name] = "changed";
                assert.deepEqual([base, over], [baseBefore, overBefore]);
            }),
        );
    });

    it("cannot reach what all objects have in common", () => {
        const evil = JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": {"polluted": true}}}') as Values;
        mergeValues({ a: {} }, evil);
        assert.equal(({} as Values).polluted, undefined);
    });
});

import { createRequire } from "node:module";

type Read = (properties: object, proxySecrets: boolean) => object;

// The framework makes values of a message anew for each policy that is asked of it, and for each policy on the whole stack of
// each resource again, which took longer than the rules. No policy changes what it is shown: all are shown the same.
const values = createRequire(require.resolve("@pulumi/policy"))("./deserialize") as { deserializeProperties: Read };
const { deserializeProperties: read } = values;
const known = new WeakMap<object, object>();

values.deserializeProperties = (properties, proxySecrets) => {
    if (proxySecrets) return read(properties, proxySecrets);
    const before = known.get(properties);
    if (before !== undefined) return before;
    const made = read(properties, proxySecrets);
    known.set(properties, made);
    return made;
};

import { createRequire } from "node:module";

type Read = (properties: object, proxySecrets: boolean) => object;

// The framework makes values of a message anew for each policy that is asked of it, and for each policy on the whole stack of
// each resource again, which took longer than the rules. No policy changes what it is shown: all are shown the same.
const framework = createRequire(require.resolve("@pulumi/policy"));
const values = framework("./deserialize") as { deserializeProperties: Read };
const proxies = framework("./proxy") as { readonly getSpecialProxyTarget: string };
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

/**
 * The values that the framework made of a resource's message, which all policies are shown the same; undefined for any other
 * values, which may be changed between two questions.
 * @param props as a policy is shown them.
 */
export function madeOf(props: Readonly<Record<string, unknown>>): object | undefined {
    const made = props[proxies.getSpecialProxyTarget];
    return typeof made === "object" && made !== null ? made : undefined;
}

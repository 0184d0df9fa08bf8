import { randomUUID } from "node:crypto";
import { isSecretMark, RELEASE, SECRET_MARK, type Plan, type PlannedResource } from "../plan/engine";
import { isRecord, record } from "../records";
import { generatedValues, isGenerated, placeholder } from "./generated";
import type { LiveObjects } from "./live";

type Inputs = Record<string, unknown>;

/** A resource in a state, as `pulumi stack import` takes it. */
export interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly custom: boolean;
    readonly id?: string;
    readonly parent?: string;
    readonly provider?: string;
    readonly dependencies?: string[];
    readonly protect?: boolean;
    readonly inputs?: Inputs;
    readonly outputs?: Inputs;
}

export interface Adopted {
    readonly resources: StateResource[];
    /** What the plan has and the cluster has not, as `type name`; `pulumi up` will make it. */
    readonly left: string[];
}

const SECRET = "kubernetes:core/v1:Secret";

/** What the provider adds to the inputs of each release before it keeps them (helm_release.go, setDefaults). */
const RELEASE_DEFAULTS = {
    ...Object.fromEntries(
        [
            ...["allowNullValues", "atomic", "cleanupOnFail", "createNamespace", "dependencyUpdate", "devel"],
            ...["disableCRDHooks", "disableOpenapiValidation", "disableWebhooks", "forceUpdate", "lint"],
            ...["recreatePods", "renderSubchartNotes", "replace", "resetValues", "reuseValues", "skipAwait"],
            ...["skipCrds", "verify", "waitForJobs"],
        ].map((key) => [key, false]),
    ),
    description: "",
    keyring: "",
    postrender: "",
};

/**
 * The state that a deployment of this plan would have left, so that Pulumi takes what runs for its own: inputs from the
 * plan, generated values and Secrets from the cluster. What a provider reads by itself comes with `pulumi refresh`.
 * @param plan with `placeholder(name)` for each generated value.
 * @param providers their inputs, by package: `version` and what the stack configures.
 */
export function stateOf(plan: Plan, live: LiveObjects, providers: Record<string, Inputs>): Adopted {
    const values = generatedValues(plan, live);
    const [stack, ...others] = plan.resources;
    if (stack === undefined) return { resources: [], left: [] };
    const here = others.filter((one) => isHere(one, live, values));
    const made = Object.fromEntries(
        Object.entries(providers).map(([name, inputs]) => [name, defaultProvider(stack.urn, name, inputs)]),
    );
    const known = new Set([stack, ...here].map(({ urn }) => urn));
    const adopted = here.map((one): StateResource => {
        const base = {
            urn: one.urn,
            type: one.type,
            custom: one.custom,
            parent: one.parent,
            dependencies: one.dependencies.filter((urn) => known.has(urn)),
            protect: one.protect,
        };
        // What a component says of itself is compared, too.
        if (!one.custom) return { ...base, inputs: filled(one.inputs, values) as Inputs };
        const provider = made[one.type.split(":")[0] ?? ""];
        if (provider === undefined) throw new Error(`no provider is known for ${one.type}`);
        return { ...base, provider: `${provider.urn}::${provider.id}`, ...contents(one, live, values) };
    });
    return {
        resources: [{ urn: stack.urn, type: stack.type, custom: false }, ...Object.values(made), ...adopted],
        left: others.filter((one) => !here.includes(one)).map(({ type, name }) => `${type} ${name}`),
    };
}

/** A release is asked for by `pulumi refresh`, which takes it out of the state where there is none. */
function isHere(resource: PlannedResource, live: LiveObjects, values: Map<string, string>): boolean {
    if (!resource.custom || resource.type === RELEASE) return true;
    return isGenerated(resource) ? values.has(resource.name) : live.get(resource.inputs) !== undefined;
}

/** What the Kubernetes provider compares with are the inputs that it keeps in `__inputs`; of a release, as a secret. */
function contents(
    resource: PlannedResource,
    live: LiveObjects,
    values: Map<string, string>,
): Required<Pick<StateResource, "id" | "inputs" | "outputs">> {
    const { type, name } = resource;
    const inputs = filled(resource.inputs, values) as Inputs;
    const value = values.get(name);
    if (isGenerated(resource) && value !== undefined) {
        const secret = type.endsWith(":RandomPassword");
        // The provider calls every password "none", since an id is no secret.
        return { id: secret ? "none" : value, inputs, outputs: { ...inputs, result: secret ? marked(value) : value } };
    }
    if (type === RELEASE) {
        // The SDK sends `compat` with each release, and the provider keeps it with none.
        const whole = Object.fromEntries(
            Object.entries({ ...RELEASE_DEFAULTS, ...inputs }).filter(([key]) => key !== "compat"),
        );
        return { id: idOf(inputs), inputs: whole, outputs: { ...whole, __inputs: marked(whole) } };
    }
    const { data, fieldManager } = live.get(resource.inputs) ?? {};
    const { stringData, ...rest } = inputs;
    const whole = type === SECRET && stringData !== undefined ? { ...rest, data: marked(data) } : inputs;
    return {
        id: idOf(inputs.metadata),
        inputs: whole,
        outputs: {
            ...whole,
            __inputs: whole,
            __initialApiVersion: inputs.apiVersion,
            // Under another name the next change would be refused: it would take fields from somebody else.
            ...(fieldManager !== undefined && { __fieldManager: fieldManager }),
        },
    };
}

/** `namespace/name`, or the name of what no namespace holds. */
function idOf(metadata: unknown): string {
    const { namespace, name } = record(metadata);
    return [namespace, name].filter((part) => typeof part === "string").join("/");
}

/** The provider that the engine makes for resources that name none. */
function defaultProvider(
    stackUrn: string,
    name: string,
    inputs: Inputs,
): Required<Pick<StateResource, "id">> & StateResource {
    const [, stack = "", project = ""] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(stackUrn) ?? [];
    const version = String(inputs.version).replaceAll(".", "_");
    const type = `pulumi:providers:${name}`;
    return {
        urn: `urn:pulumi:${stack}::${project}::${type}::default_${version}`,
        type,
        custom: true,
        id: randomUUID(),
        inputs: { __internal: {}, ...inputs },
        outputs: inputs,
    };
}

/** A secret as a state file has it before it is encrypted, which `pulumi stack import` does. */
export function marked(value: unknown): Inputs {
    return { ...SECRET_MARK, plaintext: JSON.stringify(value) };
}

/** Inputs with generated values in place, and secrets in the form of a state. */
function filled(value: unknown, values: Map<string, string>): unknown {
    if (isSecretMark(value)) return marked(filled(value.value, values));
    if (typeof value === "string") {
        return [...values].reduce((text, [name, own]) => text.replaceAll(placeholder(name), () => own), value);
    }
    if (Array.isArray(value)) return value.map((item) => filled(item, values));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, values)]));
}

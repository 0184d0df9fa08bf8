import { stringify } from "yaml";
import { plain, RELEASE, UNKNOWN_TEXT, type Plan, type PlannedResource } from "../plan/engine";
import { isRecord } from "../records";
import { MASK, placed, PROGRAM, YAML_FORM, type KubernetesObject, type RenderedObject } from "./manifests";

/** A Release's inputs, as far as they decide what Helm makes of it. */
export interface ReleaseInputs {
    readonly name: string;
    readonly namespace: string;
    /** Name in a repository, path of an archive, or `oci://` address. */
    readonly chart: string;
    readonly version: string;
    readonly repository: string | undefined;
    readonly skipCrds: boolean;
    readonly values: Record<string, unknown>;
    /** Releases that are up before this one is made. */
    readonly after: readonly string[];
}

/** Stands for the value that a resource generates: a text of its own each, so that it shows where one is used. */
export function generatedText(resource: string): string {
    return `${UNKNOWN_TEXT} ${resource}`;
}

/** Inputs that would change what Helm makes and that no Release of this project uses. */
const NOT_RENDERED = ["valueYamlFiles", "postrender", "dependencyUpdate", "devel"];

/** The plan's Releases, in its order. */
export function releasesOf(plan: Plan): ReleaseInputs[] {
    return plan.resources
        .filter((resource) => resource.type === RELEASE)
        .map((resource) => {
            const inputs = plain(resource.inputs) as Record<string, unknown>;
            const unused = NOT_RENDERED.filter((key) => inputs[key] !== undefined);
            if (unused.length > 0) throw new Error(`Release ${resource.name}: cannot render its ${unused.join(", ")}`);
            const repositoryOpts = isRecord(inputs.repositoryOpts) ? inputs.repositoryOpts : {};
            return {
                name: text(inputs, "name", resource.name),
                namespace: text(inputs, "namespace", resource.name),
                chart: text(inputs, "chart", resource.name),
                version: text(inputs, "version", resource.name),
                repository: typeof repositoryOpts.repo === "string" ? repositoryOpts.repo : undefined,
                skipCrds: inputs.skipCrds === true,
                values: isRecord(inputs.values) ? inputs.values : {},
                after: releasesBefore(resource, plan),
            };
        });
}

/** Each Release's values as YAML with sorted keys; what is encrypted in the settings is masked. */
export function valuesOf(plan: Plan): Map<string, string> {
    const releases = plan.resources.filter(({ type }) => type === RELEASE);
    return new Map(
        releases.map(({ inputs }) => [
            String(inputs.name),
            stringify(
                plain(inputs.values ?? {}, () => MASK),
                YAML_FORM,
            ),
        ]),
    );
}

function text(inputs: Record<string, unknown>, key: string, name: string): string {
    const value = inputs[key];
    if (typeof value !== "string") throw new Error(`Release ${name}: ${key} is not known before it is deployed`);
    return value;
}

/** Names of the releases that a resource waits for, by way of anything, its components' dependencies included. */
function releasesBefore(resource: PlannedResource, plan: Plan): string[] {
    const byUrn = new Map(plan.resources.map((each) => [each.urn, each]));
    const seen = new Set<string>();
    const names = new Set<string>();
    const visit = (from: PlannedResource) => {
        for (let at: PlannedResource | undefined = from; at; at = byUrn.get(at.parent)) {
            for (const urn of at.dependencies) {
                const other = byUrn.get(urn);
                if (other === undefined || seen.has(urn) || other === resource) continue;
                seen.add(urn);
                if (other.type === RELEASE) names.add(other.inputs.name as string);
                visit(other);
            }
        }
    };
    visit(resource);
    return [...names].sort();
}

/** Objects that the program makes without Helm. */
export function programObjects(plan: Plan): RenderedObject[] {
    const objects = plan.resources
        .filter(({ custom, type }) => custom && type.startsWith("kubernetes:") && type !== RELEASE)
        .map(({ inputs, name }) => {
            const object = plain(inputs) as Partial<KubernetesObject>;
            if (typeof object.kind !== "string" || typeof object.metadata?.name !== "string") {
                throw new Error(`${name}: its kind or name is not known before it is deployed`);
            }
            return withKnownData(object as KubernetesObject);
        });
    return placed(PROGRAM, "default", objects);
}

/** A Secret of what another stack has said: neither its values nor its keys are known offline. */
function withKnownData(object: KubernetesObject): KubernetesObject {
    return object.kind === "Secret" && object.stringData === UNKNOWN_TEXT ? { ...object, stringData: {} } : object;
}

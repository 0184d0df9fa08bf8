import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { PlannedResource } from "./engine";
import type { Level, PolicyConfig, PolicyInfo } from "./policy-config";

/** What a policy said of a resource, or of the stack. */
export interface Diagnostic {
    readonly policy: string;
    readonly level: Level;
    /** Empty where the policy speaks of the whole stack. */
    readonly urn: string;
    readonly message: string;
}

export interface Pack {
    readonly name: string;
    readonly version: string;
    readonly policies: PolicyInfo[];
}

/** A policy pack that runs, in this process or in one of its own. */
export interface Analyzer {
    pack(): Promise<Pack>;
    configure(config: ReadonlyMap<string, PolicyConfig>): Promise<void>;
    /** What the policies say of one resource, which they see as the engine would show it before a deployment. */
    analyze(resource: PlannedResource): Promise<Diagnostic[]>;
    /** What the policies say of all resources together. Before a deployment outputs are little but the inputs. */
    analyzeStack(resources: readonly PlannedResource[]): Promise<Diagnostic[]>;
}

export const LEVELS: Record<Level, analyzer.EnforcementLevel> = {
    advisory: analyzer.EnforcementLevel.ADVISORY,
    mandatory: analyzer.EnforcementLevel.MANDATORY,
    remediate: analyzer.EnforcementLevel.REMEDIATE,
    disabled: analyzer.EnforcementLevel.DISABLED,
};

export function levelOf(level: analyzer.EnforcementLevel): Level {
    const names = Object.keys(LEVELS) as Level[];
    return names.find((name) => LEVELS[name] === level) ?? "advisory";
}

/** A resource as the protocol asks about it. */
export function questionOf(resource: PlannedResource): analyzer.AnalyzeRequest {
    return new analyzer.AnalyzeRequest()
        .setType(resource.type)
        .setUrn(resource.urn)
        .setName(resource.name)
        .setProperties(propertiesOf(resource))
        .setOptions(optionsOf(resource));
}

/** A stack as the protocol asks about it. */
export function questionOfAll(resources: readonly PlannedResource[]): analyzer.AnalyzeStackRequest {
    return new analyzer.AnalyzeStackRequest().setResourcesList(
        resources.map((resource) =>
            new analyzer.AnalyzerResource()
                .setType(resource.type)
                .setUrn(resource.urn)
                .setName(resource.name)
                .setParent(resource.parent)
                .setDependenciesList(resource.dependencies)
                .setProperties(propertiesOf(resource))
                .setOptions(optionsOf(resource)),
        ),
    );
}

/** @param urn of the resource that was asked about; empty for a stack. */
export function diagnosticsOf(response: analyzer.AnalyzeResponse, urn: string): Diagnostic[] {
    return response.getDiagnosticsList().map((diagnostic) => diagnosticOf(diagnostic, urn));
}

/** A resource is asked about by itself, and among all: who changes one asks about a copy. */
const asked = new WeakMap<PlannedResource, Struct>();

/** Marks for secrets and unknowns pass as they are; keys that begin with `__` are the engine's own. */
function propertiesOf(resource: PlannedResource): Struct {
    const before = asked.get(resource);
    if (before !== undefined) return before;
    const given = Object.fromEntries(Object.entries(resource.inputs).filter(([key]) => !key.startsWith("__")));
    const made = structOf(given);
    asked.set(resource, made);
    return made;
}

export function structOf(value: Record<string, unknown>): Struct {
    return Struct.fromJavaScript(value as Record<string, JavaScriptValue>);
}

function optionsOf(resource: PlannedResource): analyzer.AnalyzerResourceOptions {
    return new analyzer.AnalyzerResourceOptions()
        .setProtect(resource.protect)
        .setParent(resource.parent)
        .setCustomtimeouts(new analyzer.AnalyzerResourceOptions.CustomTimeouts());
}

function diagnosticOf(diagnostic: analyzer.AnalyzeDiagnostic, urn: string): Diagnostic {
    // The host puts the policy's description before each message.
    const description = `${diagnostic.getDescription()}\n`;
    const message = diagnostic.getMessage();
    return {
        policy: diagnostic.getPolicyname(),
        level: levelOf(diagnostic.getEnforcementlevel()),
        urn: diagnostic.getUrn() === "" ? urn : diagnostic.getUrn(),
        message: (message.startsWith(description) ? message.slice(description.length) : message).trim(),
    };
}

import { createHash } from "node:crypto";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { isRecord } from "../records";
import { ProgramError, programOf, runInline, type Done, type Monitor } from "./program";
import type { StackFile } from "./stack-file";

/** A resource as the program registered it. Inputs hold the protocol's marks for secrets and unknowns. */
export interface PlannedResource {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly parent: string;
    readonly custom: boolean;
    readonly inputs: Record<string, unknown>;
    readonly dependencies: string[];
    readonly protect: boolean;
    /** Outputs that a component registered. */
    readonly outputs?: Record<string, unknown>;
}

export { ProgramError };

export interface Plan {
    readonly resources: PlannedResource[];
    readonly outputs: Record<string, unknown>;
}

// Marks of the resource protocol: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** The envelope of a secret, without the secret. */
export const SECRET_MARK = { [SECRET_SIGNATURE]: SECRET };
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isSecretMark(value: unknown): value is { value: unknown } {
    return isRecord(value) && value[SECRET_SIGNATURE] === SECRET;
}

/** Stands for what only a deployment can tell where people read it. */
export const UNKNOWN_TEXT = "(unknown until deployed)";

/** Takes the resource protocol's envelopes off, secrets' by `open`. */
export function plain(value: unknown, open: (secret: unknown) => unknown = plain): unknown {
    if (isSecretMark(value)) return open(value.value);
    if (value === UNKNOWN) return UNKNOWN_TEXT;
    if (Array.isArray(value)) return value.map((item) => plain(item, open));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner, open)]));
}

/** Pulumi's type of a Helm release. */
export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Stands for a password's digest: another one for each, from which it cannot be read. */
function digestOf(password: string): string {
    return `$2a$10$${createHash("sha256").update(password).digest("hex")}`;
}

/** What deployments alone can tell, by resource type, with what stands for the generated value. */
const GENERATED_OUTPUTS: Record<string, (value: string) => Record<string, JavaScriptValue>> = {
    "random:index/randomPassword:RandomPassword": (value) => ({
        result: { ...SECRET_MARK, value },
        bcryptHash: { ...SECRET_MARK, value: value === UNKNOWN ? value : digestOf(value) },
    }),
    "random:index/randomString:RandomString": (value) => ({ result: value }),
};

/**
 * Runs the unmodified program by Pulumi's own SDK against an engine in memory, in preview mode: no CLI, no cluster, no
 * provider, no network. Providers' checks do not run; what only a deployment can tell stays unknown. The program's modules
 * are loaded once, however often it is planned; what `main` names runs each time.
 * @throws ProgramError with what the program refuses.
 */
export function preview(root: string, stack: string, file: StackFile, generated?: Generated): Promise<Plan> {
    return recorded(file.project, stack, generated, (monitor) =>
        runInline(file, stack, monitor, programOf(root, file.secretKeys)),
    );
}

/**
 * Text in place of the value that a resource of this name will generate. Without it the value is unknown, as in a preview,
 * and with it all of the map that holds it: a Secret's keys are then not told.
 */
export type Generated = (name: string, inputs: Readonly<Record<string, unknown>>) => string;

/** What a program registers with the monitor in memory that is there for as long as it runs. */
export async function recorded(
    project: string,
    stack: string,
    generated: Generated = () => UNKNOWN,
    run: (monitor: Monitor) => Promise<unknown>,
): Promise<Plan> {
    const recorder = new Recorder(project, stack, generated);
    await run(recorder.monitor());
    return { resources: recorder.resources, outputs: recorder.outputs };
}

/** The service that a program registers its resources with, reduced to what a preview needs. */
class Recorder {
    readonly resources: PlannedResource[] = [];
    outputs: Record<string, unknown> = {};
    private rootUrn = "";

    constructor(
        private readonly project: string,
        private readonly stack: string,
        private readonly generated: Generated,
    ) {}

    monitor(): Monitor {
        const refuse = (request: { getTok(): string }, done: Done<never>) => {
            done(new Error(`no function runs offline: ${request.getTok()}`));
        };
        const empty = (_request: unknown, done: Done<Empty>) => {
            done(null, new Empty());
        };
        return {
            supportsFeature: (request, done) => {
                const known = ["secrets", "resourceReferences", "aliasSpecs", "deletedWith"].includes(request.getId());
                done(null, new resource.SupportsFeatureResponse().setHassupport(known));
            },
            registerResource: (request, done) => {
                done(null, this.register(request));
            },
            registerResourceOutputs: (request, done) => {
                this.registerOutputs(request.getUrn(), request.getOutputs()?.toJavaScript() ?? {});
                done(null, new Empty());
            },
            invoke: refuse,
            call: refuse,
            // What another stack has said: nothing is asked of it offline.
            readResource: (request, done) => {
                done(null, this.read(request));
            },
            signalAndWaitForShutdown: empty,
            close: () => undefined,
        };
    }

    private register(request: resource.RegisterResourceRequest): resource.RegisterResourceResponse {
        const type = request.getType();
        const inputs = request.getObject()?.toJavaScript() ?? {};
        const urn = this.urn(request.getParent(), type, request.getName());
        if (type === "pulumi:pulumi:Stack") this.rootUrn = urn;
        this.resources.push({
            urn,
            type,
            name: request.getName(),
            parent: request.getParent(),
            custom: request.getCustom(),
            inputs,
            dependencies: request.getDependenciesList(),
            protect: request.getProtect() ?? false,
        });
        const generated = GENERATED_OUTPUTS[type]?.(this.generated(request.getName(), inputs));
        const response = new resource.RegisterResourceResponse().setUrn(urn).setObject(
            // The message that came is whole, and to make it takes as long as to make the resource.
            generated === undefined ? request.getObject() : Struct.fromJavaScript({ ...inputs, ...generated }),
        );
        return request.getCustom() ? response.setId(UNKNOWN) : response;
    }

    private read(request: resource.ReadResourceRequest): resource.ReadResourceResponse {
        const known = request.getProperties()?.toJavaScript() ?? {};
        return new resource.ReadResourceResponse()
            .setUrn(this.urn(request.getParent(), request.getType(), request.getName()))
            .setProperties(Struct.fromJavaScript({ ...known, outputs: UNKNOWN, secretOutputNames: UNKNOWN }));
    }

    private registerOutputs(urn: string, outputs: Record<string, unknown>): void {
        if (urn === this.rootUrn) this.outputs = outputs;
        const at = this.resources.findIndex((resource) => resource.urn === urn);
        const component = this.resources[at];
        if (component !== undefined) this.resources[at] = { ...component, outputs };
    }

    private urn(parent: string, type: string, name: string): string {
        const parentType = parent.split("::")[2];
        const qualified =
            parentType === undefined || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
        return `urn:pulumi:${this.stack}::${this.project}::${qualified}::${name}`;
    }
}

import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Platform } from "../components/platform";
import { readSettings } from "../components/settings";
import { preview, type Plan, type PlannedResource } from "../tools/plan/engine";
import { readStackFile } from "../tools/plan/stack-file";

export const root = resolve(__dirname, "..");

const plans = new Map<string, Promise<Plan>>();

/** The plan of a stack as its file stands; the program runs once for all tests. */
export function planned(stack: string): Promise<Plan> {
    const plan = plans.get(stack) ?? preview(root, stack, readStackFile(root, stack));
    plans.set(stack, plan);
    return plan;
}

export function releasesOf(plan: Plan): PlannedResource[] {
    return plan.resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
}

export type Registered = Pick<PlannedResource, "type" | "name" | "inputs">;

/**
 * The platform as after a deployment: each generated value is known, `generated-<name of the resource>`, and secret.
 * In a preview the protocol's mark for unknowns hides which of them are secret.
 */
export async function deployed(stack: string): Promise<Registered[]> {
    const { project, config } = readStackFile(root, stack);
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs }) => ({
                id: name,
                state: {
                    ...(inputs as object),
                    ...(type.startsWith("random:") && { result: pulumi.secret(`generated-${name}`) }),
                },
            }),
            call: ({ token }) => {
                throw new Error(`no function runs offline: ${token}`);
            },
        },
        project,
        stack,
    );
    const registered: Registered[] = [];
    const monitor = pulumi.runtime.getMonitor() as unknown as {
        registerResource: (request: RegisterResourceRequest, done: unknown) => unknown;
    };
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, done) => {
        const inputs = request.getObject()?.toJavaScript() ?? {};
        registered.push({ type: request.getType(), name: request.getName(), inputs });
        return register(request, done);
    };
    new Platform("observability", readSettings(config, project, {}));
    await pulumi.runtime.disconnect();
    return registered;
}

import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Platform } from "../components/platform";
import { readSettings } from "../components/settings";
import { preview, type Plan, type PlannedResource } from "../tools/plan/engine";
import { readStackFile } from "../tools/plan/stack-file";

export const root = resolve(__dirname, "..");

// What is planned here is the repository's, whatever mirror the shell names for its own runs.
delete process.env.CHART_MIRROR;

const plans = new Map<string, Promise<Plan>>();

/**
 * The plan of a stack as its file stands; the program runs once for all tests.
 * @param more settings beside those of the file, as the engine has them.
 */
export function planned(stack: string, more: Record<string, string> = {}): Promise<Plan> {
    const key = JSON.stringify([stack, more]);
    const file = readStackFile(root, stack);
    const plan = plans.get(key) ?? preview(root, stack, { ...file, config: { ...file.config, ...more } });
    plans.set(key, plan);
    return plan;
}

export function releasesOf(plan: Plan): PlannedResource[] {
    return plan.resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
}

export type Registered = Pick<PlannedResource, "type" | "name" | "inputs">;

/**
 * The platform as after a deployment: each generated value is known, `generated-<name of the resource>`, with the number
 * of its rotation from the second on, and secret. In a preview the protocol's mark for unknowns hides which are secret.
 * @param more configuration beside the stack's file.
 */
export async function deployed(stack: string, more: Record<string, string> = {}): Promise<Registered[]> {
    const { project, config } = readStackFile(root, stack);
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs }) => ({
                id: name,
                state: {
                    ...(inputs as object),
                    ...(type.startsWith("random:") && {
                        result: pulumi.secret(`generated-${name}${rotationOf(inputs)}`),
                    }),
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
    new Platform("observability", readSettings({ ...config, ...more }, project, {}));
    await pulumi.runtime.disconnect();
    return registered;
}

function rotationOf(inputs: unknown): string {
    const { keepers } = inputs as { keepers?: { rotation?: string } };
    return keepers?.rotation === undefined || keepers.rotation === "1" ? "" : `-${keepers.rotation}`;
}

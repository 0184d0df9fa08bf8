import { createRequire } from "node:module";
import { resolve } from "node:path";
import type { Policies } from "@pulumi/policy";
import type * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { NAME, policies } from "../../policies/pack";
import { diagnosticsOf, questionOf, questionOfAll, type Analyzer, type Diagnostic, type Pack } from "./analyzer";
import type { PlannedResource } from "./engine";
import type { PolicyConfig } from "./policy-config";

type Policy = Policies[number];

type Answer<Request> = (
    call: { readonly request: Request },
    done: (error: Error | null | undefined, response?: proto.AnalyzeResponse) => void,
) => void;

type Analyze<Request> = (pack: string, version: string, level: string, policies: Policies) => Answer<Request>;

/** What `@pulumi/policy` answers the engine with; its declarations leave them out. */
interface Functions {
    readonly makeAnalyzeRpcFun: Analyze<proto.AnalyzeRequest>;
    readonly makeAnalyzeStackRpcFun: Analyze<proto.AnalyzeStackRequest>;
}

// The pack may have a copy of its own beside it: errors for unknown values must be of the class that the pack knows.
const load = createRequire(resolve(__dirname, "../../policies/package.json"));
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = load("@pulumi/policy/server") as Functions;
const { version } = load("./package.json") as { version: string };

/** The level of a policy that names none, as `@pulumi/policy` has it. */
const LEVEL = "advisory";

/**
 * The policy pack in this process: what Pulumi's host calls for each question of the engine, without the process, the
 * sockets and the second copy of the SDK. A test holds its verdict against the host's.
 */
export class PolicyPack implements Analyzer {
    private readonly policies = policies();
    private analyzeOne = makeAnalyzeRpcFun(NAME, version, LEVEL, this.policies);
    private analyzeAll = makeAnalyzeStackRpcFun(NAME, version, LEVEL, this.policies);

    pack(): Promise<Pack> {
        const told = this.policies.map(({ name, enforcementLevel, configSchema }) => ({
            name,
            level: enforcementLevel ?? LEVEL,
            properties: configSchema?.properties ?? {},
            required: configSchema?.required ?? [],
        }));
        return Promise.resolve({ name: NAME, version, policies: told });
    }

    configure(config: ReadonlyMap<string, PolicyConfig>): Promise<void> {
        const configured = this.policies.map((policy) => withConfig(policy, config.get(policy.name)));
        this.analyzeOne = makeAnalyzeRpcFun(NAME, version, LEVEL, configured);
        this.analyzeAll = makeAnalyzeStackRpcFun(NAME, version, LEVEL, configured);
        return Promise.resolve();
    }

    async analyze(resource: PlannedResource): Promise<Diagnostic[]> {
        return diagnosticsOf(await answer(this.analyzeOne, questionOf(resource)), resource.urn);
    }

    async analyzeStack(resources: readonly PlannedResource[]): Promise<Diagnostic[]> {
        return diagnosticsOf(await answer(this.analyzeAll, questionOfAll(resources)), "");
    }
}

/** A policy that reads these settings, and is as strict as they say. */
function withConfig(policy: Policy, config: PolicyConfig | undefined): Policy {
    if (config === undefined) return policy;
    const enforcementLevel = config.level;
    const getConfig = <T extends object>() => structuredClone(config.properties) as T;
    if ("validateStack" in policy) {
        const { validateStack } = policy;
        return {
            ...policy,
            enforcementLevel,
            validateStack: (args, report) => validateStack({ ...args, getConfig }, report),
        };
    }
    const validations = [policy.validateResource ?? []].flat();
    return {
        ...policy,
        enforcementLevel,
        validateResource: validations.map(
            (validate): typeof validate =>
                (args, report) =>
                    validate({ ...args, getConfig }, report),
        ),
    };
}

function answer<Request>(ask: Answer<Request>, request: Request): Promise<proto.AnalyzeResponse> {
    return new Promise((resolve, reject) => {
        ask({ request }, (error, response) => {
            if (response === undefined) reject(error ?? new Error("no answer from the policy pack"));
            else resolve(response);
        });
    });
}

import { spawn, type ChildProcess } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import {
    diagnosticsOf,
    LEVELS,
    levelOf,
    questionOf,
    questionOfAll,
    structOf,
    type Analyzer,
    type Diagnostic,
    type Pack,
} from "./analyzer";
import type { PlannedResource } from "./engine";
import type { PolicyConfig, PolicyInfo } from "./policy-config";

/** A policy pack could not be run. */
export class PolicyHostError extends Error {}

type Done<T> = (error: grpc.ServiceError | null, value?: T) => void;

/** A policy pack in Pulumi's own Node host: the process and the protocol that `pulumi preview --policy-pack` uses. */
export class PolicyHost implements Analyzer {
    private constructor(
        private readonly child: ChildProcess,
        private readonly client: analyzerGrpc.AnalyzerClient,
    ) {}

    /** Starts the pack in `directory`; end it with `stop`. */
    static async start(directory: string): Promise<PolicyHost> {
        // The pack's first argument is the engine's address, to which a pack has nothing to say.
        const child = spawn(process.execPath, [hostOf(directory), "no-engine", directory], {
            cwd: directory,
            env: { ...process.env, PULUMI_NODEJS_DRY_RUN: "true" },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let out = "";
        let errors = "";
        child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
        const port = await new Promise<number>((resolve, reject) => {
            const refuse = () => {
                reject(new PolicyHostError(`The policy pack in ${directory} did not start.\n${out}${errors}`.trim()));
            };
            child.on("error", refuse);
            child.on("close", refuse);
            child.stdout.on("data", (chunk: Buffer) => {
                out += chunk.toString();
                if (!out.includes("\n")) return;
                const first = Number(out.split("\n")[0]);
                if (Number.isInteger(first)) resolve(first);
                else child.kill();
            });
        });
        const client = new analyzerGrpc.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
            "grpc.max_receive_message_length": -1,
            "grpc.max_send_message_length": -1,
        });
        return new PolicyHost(child, client);
    }

    stop(): void {
        this.client.close();
        this.child.kill();
    }

    async pack(): Promise<Pack> {
        const info = await answer<analyzer.AnalyzerInfo>((done) => {
            this.client.getAnalyzerInfo(new Empty(), done);
        });
        return { name: info.getName(), version: info.getVersion(), policies: info.getPoliciesList().map(infoOf) };
    }

    async configure(config: ReadonlyMap<string, PolicyConfig>): Promise<void> {
        const request = new analyzer.ConfigureAnalyzerRequest();
        for (const [name, { level, properties }] of config) {
            const one = new analyzer.PolicyConfig()
                .setEnforcementlevel(LEVELS[level])
                .setProperties(structOf(properties));
            request.getPolicyconfigMap().set(name, one);
        }
        await answer<Empty>((done) => {
            this.client.configure(request, done);
        });
    }

    async analyze(resource: PlannedResource): Promise<Diagnostic[]> {
        const response = await answer<analyzer.AnalyzeResponse>((done) => {
            this.client.analyze(questionOf(resource), done);
        });
        return diagnosticsOf(response, resource.urn);
    }

    async analyzeStack(resources: readonly PlannedResource[]): Promise<Diagnostic[]> {
        const response = await answer<analyzer.AnalyzeResponse>((done) => {
            this.client.analyzeStack(questionOfAll(resources), done);
        });
        return diagnosticsOf(response, "");
    }
}

/** The host that the pack itself depends on, as the CLI finds it. */
function hostOf(directory: string): string {
    try {
        return require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [directory] });
    } catch {
        throw new PolicyHostError(`The policy pack in ${directory} did not start: run \`npm install\` there.`);
    }
}

function infoOf(info: analyzer.PolicyInfo): PolicyInfo {
    const schema = info.getConfigschema();
    return {
        name: info.getName(),
        level: levelOf(info.getEnforcementlevel()),
        properties: schema?.getProperties()?.toJavaScript() ?? {},
        required: schema?.getRequiredList() ?? [],
    };
}

function answer<T>(call: (done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
        call((error, value) => {
            if (error || value === undefined) reject(new PolicyHostError(error?.details ?? "no answer from the pack"));
            else resolve(value);
        });
    });
}

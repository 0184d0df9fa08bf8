import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { freePorts } from "../ports";
import { ROOT } from "../rendered";
import { until } from "../until";
import { clientObjects, PROXY_PORT } from "./client";
import { FRIEND, type Deployment } from "./deployment";

/** Series each 15 s, lines and spans a second. */
export interface Load {
    readonly series: number;
    readonly lines: number;
    readonly spans: number;
}

const POD = "load";
const SIGNALS = ["metrics", "logs", "traces"] as const;

/**
 * The generator of `npm run load`, which pushes from this machine through a pod that passes it on to the stores' gateways and
 * the receivers: a pod of an application's namespace, for which policies hold. What it lacks while the API server is away is
 * said by it, and is no loss.
 */
export class SteadyLoad {
    private readonly generators = new Set<ChildProcess>();
    private readonly forwards = new Set<ChildProcess>();
    private stopped = false;
    private port = 0;

    constructor(private readonly deployed: Deployment) {}

    /** Makes the pod, and the way to it. */
    async open(): Promise<void> {
        const { kubectl, image, outputs } = this.deployed;
        const { push } = outputs;
        const to = {
            metrics: push.metrics ?? "",
            logs: push.logs ?? "",
            traces: `${push.otlpHttp ?? ""}/v1/traces`,
        };
        for (const object of clientObjects(FRIEND, image, undefined, { name: POD, proxied: to })) kubectl.apply(object);
        await this.deployed.ready();
        [this.port = 0] = await freePorts(1);
        this.forward();
        await until(
            "the way to the doors is open",
            async () => {
                await fetch(`http://127.0.0.1:${this.port}/`);
                return true;
            },
            2000,
        );
    }

    /** Pushes until it is stopped. */
    start(load: Load): void {
        this.generate([...rates(load), "--for", "10h"]);
    }

    /** Ends what is pushed; the way to the doors stays open. */
    async halt(): Promise<void> {
        const ended = [...this.generators].map((child) => new Promise((resolve) => child.once("close", resolve)));
        this.generators.forEach((child) => child.kill("SIGKILL"));
        await Promise.all(ended);
    }

    /** Pushes for so long, or ever more; what the generator says of it. */
    async run(load: Load, seconds: number, more: readonly string[] = []): Promise<string> {
        const child = this.generate([...rates(load), "--for", `${seconds}s`, ...more]);
        let said = "";
        child.stdout?.on("data", (chunk) => (said += String(chunk)));
        await new Promise((resolve) => child.once("close", resolve));
        return said;
    }

    stop(): void {
        this.stopped = true;
        [...this.generators, ...this.forwards].forEach((child) => child.kill("SIGKILL"));
    }

    private generate(args: readonly string[]): ChildProcess {
        const to = SIGNALS.flatMap((signal) => ["--to", `${signal}=http://127.0.0.1:${this.port}/${signal}`]);
        const all = ["-r", "./transpile.js", join("tools", "load", "main.ts"), ...to];
        const child = spawn(process.execPath, [...all, "--tenant", this.deployed.outputs.tenant, ...args], {
            cwd: ROOT,
            stdio: ["ignore", "pipe", "inherit"],
        });
        this.generators.add(child.once("close", () => this.generators.delete(child)));
        return child;
    }

    /** It ends with the API server, and is made again. */
    private forward(): void {
        const args = ["port-forward", "--kubeconfig", this.deployed.ground.kubeconfig, "-n", FRIEND, `pod/${POD}`];
        const child = spawn("kubectl", [...args, `${this.port}:${PROXY_PORT}`], { stdio: "ignore" });
        this.forwards.add(child);
        child.once("close", () => {
            this.forwards.delete(child);
            if (this.stopped) return;
            setTimeout(() => {
                this.forward();
            }, 1000).unref();
        });
    }
}

const rates = ({ series, lines, spans }: Load) =>
    Object.entries({ series, lines, spans }).flatMap(([name, value]) => [`--${name}`, String(value)]);

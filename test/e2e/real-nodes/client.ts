import { spawn } from "node:child_process";

/** What came back of a call: the status, or 0 where nobody answered. */
export interface Reply {
    readonly status: number;
    readonly body: string;
}

export interface Call {
    readonly headers?: Readonly<Record<string, string>>;
    /** Makes it a POST. */
    readonly body?: string | Buffer;
    /** Seconds until nobody has answered. */
    readonly patience?: number;
    /** Speaks HTTP/2 from the first byte on, as gRPC does. */
    readonly http2?: boolean;
}

/** A pod of a namespace, from which calls are made: policies hold for them as for any application's. */
export class Client {
    constructor(
        private readonly kubeconfig: string,
        readonly namespace: string,
        readonly pod = CLIENT,
    ) {}

    async call(url: string, { headers = {}, body, patience = 120, http2 = false }: Call = {}): Promise<Reply> {
        const given = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
        const data = body === undefined ? [] : ["--data-binary", "@-"];
        const flags = [
            "-s",
            "-g",
            "--max-time",
            String(patience),
            "-w",
            "\n%{http_code}",
            ...(http2 ? ["--http2-prior-knowledge"] : []),
        ];
        const { code, output } = await this.run(["curl", ...flags, ...given, ...data, url], body);
        const end = output.lastIndexOf("\n");
        const status = Number(output.slice(end + 1));
        // 6: no answer from DNS; 7, 28: refused, timed out; 52, 56: hung up. All else is a mistake of this test.
        if (code !== 0 && ![6, 7, 28, 52, 56].includes(code)) throw new Error(`curl ${url}: ${code} ${output}`);
        return { status, body: output.slice(0, end) };
    }

    /** Which of these, each `host/port`, take a connection within some seconds. */
    async reached(addresses: readonly string[], patience: number): Promise<Set<string>> {
        const tries = addresses.map(
            (each) => `(timeout ${patience} bash -c 'exec 3<>/dev/tcp/${each}' && echo 'open ${each}') &`,
        );
        const { output } = await this.run(["bash", "-c", `${tries.join("\n")}\nwait`]);
        if (output.includes("not known")) throw new Error(output);
        return new Set([...output.matchAll(/^open (.+)$/gm)].map(([, address = ""]) => address));
    }

    /** Of numbered traces those that a store has, asked one after another on one connection: a process for each is a load of its own. */
    async tracesFound(url: string, headers: Call["headers"], traces: readonly (readonly [number, string])[]) {
        const given = Object.entries(headers ?? {}).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
        const flags = ["-s", "--max-time", "20", "-w", "%{http_code}\n", "-K", "-"];
        const input = traces.map(([, id]) => `url = "${url}${id}"\noutput = "/dev/null"\n`).join("");
        if (traces.length === 0) return [];
        const { output } = await this.run(["curl", ...flags, ...given], input);
        const codes = output.trim().split("\n");
        if (codes.length !== traces.length)
            throw new Error(`${traces.length} traces, ${codes.length} answers: ${output}`);
        return traces.flatMap(([number], i) => (codes[i] === "200" ? [number] : []));
    }

    /** Writes a line as a container's process does, to where the kubelet keeps its log. */
    async log(line: string): Promise<void> {
        await this.run(["sh", "-c", "cat > /proc/1/fd/1"], `${line}\n`);
    }

    /** Runs a script in the pod until that ends, whoever has started it; what it says goes to a file there. */
    async detach(script: string, file: string): Promise<void> {
        await this.run(
            ["bash", "-c", `script=$(cat); setsid bash -c "$script" > ${file} 2>/dev/null < /dev/null &`],
            script,
        );
    }

    /** Runs a script of the shell; what it says. */
    async script(script: string): Promise<string> {
        const { code, output } = await this.run(["bash", "-c", script]);
        if (code !== 0) throw new Error(`${code}: ${output}`);
        return output;
    }

    private async run(command: readonly string[], input?: string | Buffer) {
        const args = ["exec", "--kubeconfig", this.kubeconfig, "-n", this.namespace, this.pod];
        const child = spawn("kubectl", [...args, "--stdin", "--", ...command], { stdio: "pipe" });
        child.stdin.on("error", () => undefined).end(input ?? "");
        const chunks: Buffer[] = [];
        child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
        child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
        await new Promise((resolve) => child.once("close", resolve));
        const output = Buffer.concat(chunks).toString();
        const exit = /command terminated with exit code (\d+)/.exec(output);
        if (exit === null && child.exitCode !== 0) throw new Error(output);
        return {
            code: Number(exit?.[1] ?? 0),
            output: output.replace(/\n?command terminated with exit code \d+\s*$/, ""),
        };
    }
}

/** Name of a pod to call from, and of its label. */
export const CLIENT = "client";
/** Where the pod serves, and has a metric `e2e_client_up`. */
export const CLIENT_PORT = 8080;
/** Where it passes on what it is sent. */
export const PROXY_PORT = 8081;

/** @param proxied addresses by the first word of the path under which they are reached. */
function nginx(proxied: Readonly<Record<string, string>>): string {
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((of) => `${of}_temp_path /tmp/${of};`);
    const passed = Object.entries(proxied).map(([path, url]) => `location = /${path} { proxy_pass ${url}; }`);
    return `
pid /tmp/nginx.pid;
error_log stderr;
events {}
http {
    access_log off;
    client_max_body_size 16m;
    proxy_http_version 1.1;
    proxy_next_upstream off;
    ${temporary.join(" ")}
    server {
        listen ${CLIENT_PORT};
        location / { default_type text/plain; return 200 "e2e_client_up 1\n"; }
    }
    server {
        listen ${PROXY_PORT};
        location / { return 404; }
        ${passed.join("\n        ")}
    }
}
`;
}

interface ClientPod {
    readonly name?: string;
    /** Beside its name: what policies select. */
    readonly podLabels?: Readonly<Record<string, string>>;
    readonly proxied?: Readonly<Record<string, string>>;
}

/**
 * A pod that calls and is called, such as Pod Security takes everywhere. Its metric is scraped by annotation.
 * @param image with a shell and curl beside nginx.
 * @param labels those of its namespace, which is made too; absent where it stands already.
 */
export function clientObjects(
    namespace: string,
    image: string,
    labels?: Readonly<Record<string, string>>,
    { name = CLIENT, podLabels = {}, proxied = {} }: ClientPod = {},
): object[] {
    const annotations = { "k8s.grafana.com/scrape": "true", "k8s.grafana.com/metrics.portNumber": String(CLIENT_PORT) };
    const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace, labels: { "app.kubernetes.io/name": name, ...podLabels }, annotations },
        spec: {
            terminationGracePeriodSeconds: 0,
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
                {
                    name,
                    image,
                    // Without, it has what nobody else wants: on a busy node nothing, and what it measures is its own wait.
                    resources: { requests: { cpu: "50m", memory: "32Mi" } },
                    env: [{ name: "NGINX", value: nginx(proxied) }],
                    command: [
                        "sh",
                        "-c",
                        `echo "$NGINX" > /tmp/nginx.conf; exec nginx -e stderr -c /tmp/nginx.conf -g "daemon off;"`,
                    ],
                    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                },
            ],
        },
    };
    if (labels === undefined) return [pod];
    return [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } }, pod];
}

import { spawn, type ChildProcess } from "node:child_process";
import type { Client } from "./client";
import type { Outputs } from "./doors";

export const SIGNALS = ["metrics", "logs", "traces"] as const;
export type Signal = (typeof SIGNALS)[number];

/** A write, by its number: when it was answered, how, and after how long. */
export interface Write {
    readonly signal: Signal;
    readonly number: number;
    /** Unix milliseconds at which the answer came. */
    readonly at: number;
    readonly status: number;
}

/** A read of what was written shortly before: when it was answered, and whether with what it asked for. */
export interface Read {
    readonly signal: Signal;
    readonly at: number;
    readonly whole: boolean;
}

export const taken = ({ status }: Write) => status >= 200 && status < 300;

/** Milliseconds until a stream that ended is asked for again. */
const AGAIN = 1000;

/**
 * Writes one sample, one line and one span a second, each numbered, from a pod, and never repeats one: what an application
 * without patience sees; and reads what it wrote in the last two minutes. Samples and lines go to the stores' gateways, spans to
 * the receivers. It does so whether or not the API server is there: the pod keeps what came of it in files, which are read here.
 */
export class Writer {
    readonly writes: Write[] = [];
    /** One of each signal every other second, by the addresses that Grafana asks. */
    readonly reads: Read[] = [];
    private readonly children = new Set<ChildProcess>();
    private generation = 0;

    /** @param run a name of 16 hexadecimal digits that nothing had before. */
    constructor(
        private readonly kubeconfig: string,
        private readonly client: Client,
        private readonly outputs: Outputs,
        private readonly run: string,
    ) {}

    /** Starts, and starts again where the pod has died with its node: the numbers go on above those before. */
    async start(): Promise<void> {
        this.generation++;
        for (const signal of SIGNALS) {
            const [writes, reads] = ["writes", "reads"].map((of) => `/tmp/${of}-${signal}-${this.generation}`) as [
                string,
                string,
            ];
            await this.client.detach(this.writing(signal), writes);
            await this.client.detach(this.reading(signal, writes), reads);
            this.follow(writes, (line) => {
                const [number = 0, at = 0, status = 0] = line.split(" ").map(Number);
                this.writes.push({ signal, number, at, status });
            });
            this.follow(reads, (line) => {
                const [at = 0, whole = 0] = line.split(" ").map(Number);
                this.reads.push({ signal, at, whole: whole === 1 });
            });
        }
    }

    stop(): void {
        this.generation++;
        this.children.forEach((child) => child.kill("SIGKILL"));
    }

    /** Numbers of a signal that are there; of traces only these are asked for. */
    async found(signal: Signal, asked: readonly Write[]): Promise<Set<number>> {
        const headers = { "X-Scope-OrgID": this.outputs.tenant };
        const { query } = this.outputs;
        if (signal === "traces") {
            // A search tells of most at once; what it does not know of yet is asked for by its id.
            const known = await this.tracesSearched(headers);
            const rest = asked.map(({ number }) => number).filter((number) => !known.has(number));
            const ids = rest.map((number) => [number, this.id(number)] as const);
            const byId = await this.client.tracesFound(`${query.traces}/api/traces/`, headers, ids);
            return new Set([...known, ...byId]);
        }
        const url =
            signal === "metrics"
                ? `${query.metrics}/api/v1/query?query=${encodeURIComponent(`e2e_written{job="${this.run}"}[1h]`)}`
                : `${query.logs}/loki/api/v1/query_range?since=1h&limit=5000&query=${encodeURIComponent(`{service_name="${this.run}"}`)}`;
        const { status, body } = await this.client.call(url, { headers, patience: 10 });
        if (status !== 200) throw new Error(`${signal}: ${status} ${body.slice(0, 200)}`);
        const { data } = JSON.parse(body) as { data: { result: readonly { values: readonly [unknown, string][] }[] } };
        return new Set(data.result.flatMap(({ values }) => values.map(([, value]) => Number(value))));
    }

    private async tracesSearched(headers: Readonly<Record<string, string>>): Promise<Set<number>> {
        const now = Math.floor(Date.now() / 1000);
        const asked = { q: `{resource.service.name="${this.run}"}`, limit: "5000", start: now - 3600, end: now };
        const query = Object.entries(asked).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
        const url = `${this.outputs.query.traces}/api/search?${query.join("&")}`;
        const { status, body } = await this.client.call(url, { headers, patience: 30 });
        if (status !== 200) return new Set();
        const { traces = [] } = JSON.parse(body) as { traces?: readonly { traceID: string }[] };
        return new Set(traces.map(({ traceID }) => Number(`0x${traceID.padStart(32, "0").slice(16)}`)));
    }

    private id(number: number): string {
        return this.run + number.toString(16).padStart(16, "0");
    }

    private writing(signal: Signal): string {
        const { url, body, headers } = this.request(signal);
        const given = ["Content-Type: application/json", ...headers].map((header) => `-H '${header}'`).join(" ");
        return `
i=${this.generation * 100_000}
while :; do
    i=$((i + 1)); t=$(date +%s%3N); h=$(printf %016x $i)
    s=$(echo '${body}' | sed "s/@i@/$i/g; s/@t@/$t/g; s/@h@/$h/g" |
        curl -s -o /dev/null -w '%{http_code}' --max-time 5 ${given} --data-binary @- '${url}')
    echo "$i $(date +%s%3N) $s"
    sleep 1
done`;
    }

    /** Of spans it asks for the oldest of the last twenty that were taken, of the others for those of two minutes. */
    private reading(signal: Signal, writes: string): string {
        const { query, tenant } = this.outputs;
        const recent = (selector: string) => encodeURIComponent(`count_over_time(${selector}[2m])`);
        const [url, needle] = {
            metrics: [`${query.metrics}/api/v1/query?query=${recent(`e2e_written{job="${this.run}"}`)}`, '"value"'],
            logs: [`${query.logs}/loki/api/v1/query?query=${recent(`{service_name="${this.run}"}`)}`, '"value"'],
            traces: [`${query.traces}/api/traces/${this.run}$(printf %016x $n)`, "write"],
        }[signal] as [string, string];
        return `
while sleep 2; do
    n=$(tail -n 20 ${writes} | awk '$3 ~ /^2/ {print $1; exit}')
    [ -n "$n" ] || continue
    curl -s -f --max-time 5 -H 'X-Scope-OrgID: ${tenant}' "${url}" | grep -q '${needle}' && whole=1 || whole=0
    echo "$(date +%s%3N) $whole"
done`;
    }

    /** Reads the lines of a file in the pod from an offset on, and again where that is cut off. */
    private follow(file: string, told: (line: string) => void, from = 0, { generation } = this): void {
        const args = ["exec", "--kubeconfig", this.kubeconfig, "-n", this.client.namespace, this.client.pod];
        const tail = [...args, "--", "tail", "-c", `+${from + 1}`, "-f", file];
        const child = spawn("kubectl", tail, { stdio: ["ignore", "pipe", "ignore"] });
        this.children.add(child);
        let rest = "";
        let read = from;
        child.stdout.on("data", (chunk) => {
            const lines = (rest + String(chunk)).split("\n");
            rest = lines.pop() ?? "";
            for (const line of lines) {
                read += line.length + 1;
                told(line);
            }
        });
        child.once("close", () => {
            this.children.delete(child);
            setTimeout(() => {
                if (generation === this.generation) this.follow(file, told, read);
            }, AGAIN).unref();
        });
    }

    private request(signal: Signal): { url: string; body: string; headers: string[] } {
        const { push, tenant } = this.outputs;
        const named = [{ key: "service.name", value: { stringValue: this.run } }];
        const headers = [`X-Scope-OrgID: ${tenant}`];
        if (signal === "metrics") {
            const point = { timeUnixNano: "@t@000000", asDouble: "@i@" };
            const metric = { name: "e2e_written", gauge: { dataPoints: [point] } };
            const body = {
                resourceMetrics: [{ resource: { attributes: named }, scopeMetrics: [{ metrics: [metric] }] }],
            };
            const url = (push.metrics ?? "").replace(/\/push$/, "/otlp/v1/metrics");
            return { url, body: JSON.stringify(body).replace('"@i@"', "@i@"), headers };
        }
        if (signal === "logs") {
            const body = { streams: [{ stream: { service_name: this.run }, values: [["@t@000000", "@i@"]] }] };
            return { url: push.logs ?? "", body: JSON.stringify(body), headers };
        }
        const span = { traceId: `${this.run}@h@`, id: "@h@", name: "write", localEndpoint: { serviceName: this.run } };
        const body = JSON.stringify([{ ...span, timestamp: "@t@", duration: 1000 }]);
        return { url: push.zipkin ?? "", body: body.replace('"@t@"', "@t@000"), headers: [] };
    }
}

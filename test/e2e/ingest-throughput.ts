/**
 * What a push costs the ingest gateway: seconds of nginx' own processor time, which a busy machine does not change.
 * `node -r ./transpile.js test/e2e/ingest-throughput.ts` prints pushes a second and core, by proof and size.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, request as plain, type ClientRequest } from "node:http";
import { Agent as SecureAgent, request as secure } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PORT, TLS_PORT } from "../../components/ingest-gateway/names";
import { ingestGatewayDefaults } from "../../components/ingest-gateway/settings";
import { htpasswdLine } from "../../components/ingest-gateway/users";
import { table } from "../../tools/table";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { answered, startPushGateway, type Ground } from "./push-gateway";

const KIB = 1024;
const BODIES = [4 * KIB, 32 * KIB, 256 * KIB, 1024 * KIB];
const SENDERS = 8;

async function main(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "push-throughput-"));
    const programs = new Programs(folder);
    const [storePort = 0] = await freePorts(1);
    const store = createServer((request, answer) => {
        request.resume().on("end", () => answer.writeHead(204).end());
    });
    await new Promise<void>((resolve) => store.listen(storePort, "127.0.0.1", resolve));
    try {
        const rows: string[][] = [];
        for (const by of ["password", "certificate"] as const) {
            const send = await started(by, { programs, folder, storePort });
            for (const bytes of BODIES) rows.push([by, `${bytes / KIB} KiB`, ...(await cost(send, bytes, folder))]);
        }
        console.log(table("", ["proof", "push", "pushes/s and core", "MiB/s and core"], rows));
    } finally {
        await programs.stop();
        store.close();
        rmSync(folder, { recursive: true });
    }
}

type Send = () => ClientRequest;

async function started(by: "password" | "certificate", ground: Ground): Promise<Send> {
    const limits = { requestsPerSecond: 100_000, concurrentRequests: 1000 };
    const settings = { ...ingestGatewayDefaults("node"), limits, clusters: [{ name: "eu" }] };
    const to = { host: "127.0.0.1", method: "POST", path: "/api/v1/push" };
    if (by === "password") {
        writeFileSync(join(ground.folder, "htpasswd"), `${htpasswdLine("eu", "eu")}\n`);
        const port = (await startPushGateway(ground, settings)).ports.get(PORT);
        const agent = new Agent({ keepAlive: true });
        return () => plain({ ...to, port, auth: "eu:eu", agent });
    }
    for (const name of ["clients", "push"]) certificate(join(ground.folder, name), name === "push" ? "push" : "eu");
    const auth = { by, clientCa: "ca", serverCertificate: { from: "secret" as const, secretName: "push" } };
    const port = (await startPushGateway(ground, { ...settings, auth })).ports.get(TLS_PORT);
    const file = (name: string) => readFileSync(join(ground.folder, "clients", name));
    const agent = new SecureAgent({ keepAlive: true });
    const own = { cert: file("tls.crt"), key: file("tls.key"), rejectUnauthorized: false };
    return () => secure({ ...to, ...own, port, agent });
}

/** Signed by itself, and so its own authority. */
function certificate(folder: string, name: string): void {
    mkdirSync(folder);
    const made = ["-keyout", "tls.key", "-out", "tls.crt", "-days", "1", "-subj", `/CN=${name}`];
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    execFileSync("openssl", ["req", "-x509", ...key, ...made], { cwd: folder, stdio: "ignore" });
    writeFileSync(join(folder, "ca.crt"), readFileSync(join(folder, "tls.crt")));
}

async function cost(send: Send, bytes: number, folder: string): Promise<string[]> {
    const pushes = Math.min(1600, (128 * KIB * KIB) / bytes);
    const body = Buffer.alloc(bytes, "x");
    await many(send, body, SENDERS);
    const before = seconds(folder);
    await many(send, body, pushes);
    const each = (seconds(folder) - before) / pushes;
    return [(1 / each).toFixed(0), (bytes / each / KIB / KIB).toFixed(0)];
}

async function many(send: Send, body: Buffer, pushes: number): Promise<void> {
    let left = pushes;
    const sender = async () => {
        while (left-- > 0) {
            const status = await answered(send(), body);
            if (status !== 204) throw new Error(`a push was answered ${status}`);
        }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
}

/** What all of the gateways have had of the processor. */
function seconds(folder: string): number {
    const pids = readdirSync(folder)
        .filter((name) => name.startsWith("nginx-"))
        .map((name) => readFileSync(join(folder, name, "nginx.pid"), "utf8").trim());
    const nanoseconds = pids.map((pid) => Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]));
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e9;
}

void main();

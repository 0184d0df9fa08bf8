import assert from "node:assert/strict";
import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "../until";
import { record } from "../../../tools/records";

/** What this needs on PATH. */
export const S3_PROGRAMS = ["minio", "mc"];

const PATH = process.env.PATH ?? "";

export interface Keys {
    readonly id: string;
    readonly secret: string;
}

/** What a user may do, as the MinIO chart's values have it. */
export interface Statement {
    readonly actions: string[];
    readonly resources: string[];
}

const ROOT: Keys = { id: "root", secret: "root-of-a-test" };

/** A MinIO on loopback with one drive, and mc with its root key. */
export class S3Server {
    readonly root = ROOT;
    private constructor(
        readonly url: string,
        private readonly folder: string,
        private readonly server: ChildProcess,
    ) {}

    static async start(): Promise<S3Server> {
        const folder = mkdtempSync(join(tmpdir(), "s3-"));
        const address = `127.0.0.1:${await freePort()}`;
        const env = { PATH, HOME: folder, MINIO_ROOT_USER: ROOT.id, MINIO_ROOT_PASSWORD: ROOT.secret };
        const args = ["server", "--quiet", "--address", address, "--console-address", "127.0.0.1:0"];
        const child = spawn("minio", [...args, join(folder, "drive")], { env, stdio: "ignore" });
        const server = new S3Server(`http://${address}`, folder, child);
        try {
            await until(`MinIO is ready at ${address}`, async () => {
                assert.equal(child.exitCode, null, "it has ended");
                return (await fetch(`${server.url}/minio/health/ready`)).ok;
            });
        } catch (error) {
            server.stop();
            throw error;
        }
        return server;
    }

    stop(): void {
        this.server.kill("SIGKILL");
        rmSync(this.folder, { recursive: true, force: true });
    }

    /** Runs mc, to which this server is `s3`; throws where it fails. */
    mc(args: readonly string[], input: string | Buffer = "", keys: Keys = this.root): Buffer {
        const env = this.environment(keys);
        return execFileSync("mc", ["--quiet", ...args], { env, input, stdio: "pipe", maxBuffer: 1 << 28 });
    }

    /** The same while others go on; what it wrote. */
    async startMc(args: readonly string[], input: string, keys: Keys): Promise<string> {
        const running = promisify(execFile)("mc", ["--quiet", ...args], { env: this.environment(keys) });
        running.child.stdin?.end(input);
        return (await running).stdout;
    }

    private environment({ id, secret }: Keys): Record<string, string> {
        return { ...mcHome(this.folder), MC_HOST_s3: this.url.replace("//", `//${id}:${secret}@`) };
    }

    /** Makes a user who may do this and nothing else. */
    user(keys: Keys, statements: readonly Statement[]): void {
        const file = join(this.folder, `${keys.id}.json`);
        const allowed = statements.map(({ actions, resources }) => ({
            Effect: "Allow",
            Action: actions,
            Resource: resources,
        }));
        writeFileSync(file, JSON.stringify({ Version: "2012-10-17", Statement: allowed }));
        this.mc(["admin", "policy", "create", "s3", keys.id, file]);
        this.mc(["admin", "user", "add", "s3", keys.id, keys.secret]);
        this.mc(["admin", "policy", "attach", "s3", keys.id, "--user", keys.id]);
    }

    /** Writes many objects at once. */
    put(bucket: string, objects: ReadonlyMap<string, Buffer>): void {
        const from = mkdtempSync(join(this.folder, "put-"));
        for (const [key, body] of objects) {
            const path = join(from, key);
            execFileSync("mkdir", ["-p", join(path, "..")]);
            writeFileSync(path, body);
        }
        this.mc(["mirror", "--overwrite", from, `s3/${bucket}`]);
        rmSync(from, { recursive: true });
    }

    /** SHA-256 of every object of a bucket, as it is read now. */
    sums(path: string): Map<string, string> {
        const to = mkdtempSync(join(this.folder, "sums-"));
        this.mc(["mirror", `s3/${path}`, to]);
        const files = execFileSync("find", [to, "-type", "f"], { encoding: "utf8" }).split("\n").filter(Boolean);
        const sums = files.map((file): [string, string] => [file.slice(to.length + 1), sha256(readFileSync(file))]);
        rmSync(to, { recursive: true });
        return new Map(sums.sort());
    }

    /** Number of versions of every object below a path. */
    versions(path: string): Map<string, number> {
        const versions = new Map<string, number>();
        const lines = this.mc(["--json", "ls", "--recursive", "--versions", `s3/${path}`]).toString();
        for (const line of lines.split("\n").filter(Boolean)) {
            const key = String(record(JSON.parse(line)).key);
            versions.set(key, (versions.get(key) ?? 0) + 1);
        }
        return versions;
    }
}

export function sha256(body: Buffer): string {
    return createHash("sha256").update(body).digest("hex");
}

/** Environment of an mc that keeps its files in a folder. */
export function mcHome(folder: string): Record<string, string> {
    return { PATH, HOME: folder, MC_CONFIG_DIR: join(folder, ".mc") };
}

function freePort(): Promise<number> {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.once("error", reject).listen(0, "127.0.0.1", () => {
            const { port } = server.address() as AddressInfo;
            server.close(() => {
                resolve(port);
            });
        });
    });
}

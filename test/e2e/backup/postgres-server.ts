import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { missing } from "../control-plane";
import { freePorts } from "../ports";
import { until } from "../until";

/** Debian keeps each version's programs in a folder of its own, off the PATH. */
const DEBIAN = "/usr/lib/postgresql";
const OWN = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, "bin")) : [];
export const POSTGRES_PATH = [process.env.PATH ?? "", ...OWN].join(delimiter);

/** Programs that are needed and not here. */
export function missingPrograms(programs: readonly string[]): string[] {
    const before = process.env.PATH;
    process.env.PATH = POSTGRES_PATH;
    try {
        return missing(programs);
    } finally {
        process.env.PATH = before;
    }
}

/** A PostgreSQL server on a socket of its own, which root must not run: then it is run by the user `postgres`. */
export class PostgresServer {
    readonly folder = mkdtempSync(join(tmpdir(), "database-"));
    readonly data = join(this.folder, "data");
    private readonly user = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
    private server: ChildProcess | undefined;

    private constructor(
        private readonly port: number,
        private readonly env: Record<string, string>,
    ) {
        if (this.user.uid !== undefined) chownSync(this.folder, this.user.uid, this.user.gid);
    }

    /** @param env environment of whatever is run beside it, and by it. */
    static async inNewFolder(env: Record<string, string>): Promise<PostgresServer> {
        const [port = 0] = await freePorts(1);
        return new PostgresServer(port, { PATH: POSTGRES_PATH, ...env });
    }

    /** Runs a program as the server's user, to whom the server is the one that libpq finds. */
    run(program: string, args: readonly string[]): string {
        const libpq = { PGHOST: this.folder, PGPORT: String(this.port), PGUSER: "postgres", HOME: this.folder };
        const env = { ...this.env, ...libpq };
        return execFileSync(program, args, { env, ...this.user, cwd: this.folder, encoding: "utf8", stdio: "pipe" });
    }

    query(sql: string): string {
        return this.run("psql", ["--no-psqlrc", "--tuples-only", "--no-align", "--command", sql, "postgres"]).trim();
    }

    initialize(): void {
        this.run("initdb", ["--auth=trust", "--username=postgres", "--no-sync", this.data]);
    }

    /** Adds to the configuration, and starts it. */
    async start(parameters: Readonly<Record<string, string>>): Promise<void> {
        const lines = Object.entries(parameters).map(([key, value]) => `${key} = '${value.replaceAll("'", "''")}'\n`);
        const config = join(this.data, "postgresql.auto.conf");
        writeFileSync(config, readFileSync(config, "utf8") + lines.join(""));
        const args = ["-D", this.data, "-p", String(this.port), "-k", this.folder, "-c", "listen_addresses="];
        const options = { env: { ...this.env, HOME: this.folder }, ...this.user, cwd: this.folder };
        this.server = spawn("postgres", args, { ...options, stdio: "ignore" });
        await until("the server takes writes", () => this.query("SELECT pg_is_in_recovery()") === "f");
    }

    /** Waits until the log up to now is in the archive. */
    async archived(): Promise<void> {
        const file = this.query("SELECT pg_walfile_name(pg_switch_wal())");
        await until(`${file} is archived`, () => {
            return this.query("SELECT last_archived_wal FROM pg_stat_archiver").slice(0, 24) >= file;
        });
    }

    /** As a node's loss: no shutdown, and nothing left. */
    async destroy(): Promise<void> {
        if (this.server !== undefined) {
            const ended = new Promise((resolve) => this.server?.once("exit", resolve));
            this.server.kill("SIGQUIT");
            if (this.server.exitCode === null) await ended;
        }
        rmSync(this.folder, { recursive: true, force: true });
    }
}

function idOf(flag: "-u" | "-g"): number {
    return Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
}

import { execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer, request, type Server } from "node:https";
import { join } from "node:path";
import { nodeConfig, securityConfig } from "../../components/logs/opensearch/config";
import {
    DASHBOARDS_USERS,
    DATA_STREAM,
    PATTERN,
    USERS,
    type DashboardsUser,
    type User,
} from "../../components/logs/opensearch/names";
import { opensearchDefaults, type OpensearchSettings } from "../../components/logs/opensearch/settings";
import { goneUsers, setupFiles } from "../../components/logs/opensearch/setup";
import { userBody } from "../../components/logs/opensearch/users";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import type { Programs } from "./programs";

/** User that a node runs as where this is root, which it refuses to be. */
const NOBODY = 65_534;
const ROOT = process.getuid?.() === 0;

/** Certificates as the chart mounts them: `tls.crt`, `tls.key`, `ca.crt`, each of a folder of its own. */
function certificates(folder: string): { node: string; admin: string } {
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    openssl(
        ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"],
        ...["-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt"],
    );
    const extensions = join(folder, "extensions");
    writeFileSync(
        extensions,
        "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=CA:FALSE\n",
    );
    const made = (name: string): string => {
        const own = join(folder, name);
        mkdirSync(own);
        const [key, csr, crt] = ["tls.key", "tls.csr", "tls.crt"].map((file) => join(own, file)) as [
            string,
            string,
            string,
        ];
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=opensearch-${name}`, "-keyout", key, "-out", csr);
        openssl(
            ...["x509", "-req", "-in", csr, "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"],
            ...["-days", "2", "-extfile", extensions, "-out", crt],
        );
        cpSync(join(folder, "ca.crt"), join(own, "ca.crt"));
        return own;
    };
    return { node: made("node"), admin: made("admin") };
}

/** Where a node of it listens, and what ends it without a warning. */
interface NodeHere {
    readonly name: string;
    readonly port: number;
    readonly transport: number;
    kill: () => Promise<void>;
}

/**
 * Milliseconds that an answer is waited for. A line that a node took while it lost the others is answered once there is a
 * manager again, whatever the request's own limit is: whoever sends has to have one, as Vector has (60 s).
 */
const LONGEST_ANSWER = 30_000;

/** Passwords with their digests by bcrypt, as the provider of the program makes them. */
const DIGESTS: Readonly<Record<string, string>> = {
    writerpw: "$2a$10$abcdefghijklmnopqrstuupeJYhuWhSsOjN2H8vhf4TRgiYhNHTuS",
    readerpw: "$2a$10$abcdefghijklmnopqrstuuv0WWtslHLzNTOqkLnTG9F28hREhUPb2",
    monitorpw: "$2a$10$abcdefghijklmnopqrstuuwvkxKSBMI/5hae55uidDKzmsGViufmO",
    writerpw2: "$2a$10$abcdefghijklmnopqrstuuDiE4PjMJudXAGHhRsSPRw8HiY83xb8y",
};

/** The users' passwords to begin with. */
export const PASSWORDS: Readonly<Record<User | DashboardsUser, string>> = {
    writer: "writerpw",
    reader: "readerpw",
    monitor: "monitorpw",
    dashboards: "monitorpw",
    viewer: "readerpw",
};

/** Where its parts are, and what it is told. */
export interface Given {
    /**
     * Folder as of a distribution: `lib`, `modules`, `plugins/opensearch-security`. Of the parts on Maven Central one
     * is made of `org.opensearch:opensearch`, `org.opensearch.plugin:transport-netty4-client` with netty as a module, and the
     * archive of `org.opensearch.plugin:opensearch-security`, of one version.
     */
    readonly home: string;
    /** Java, which runs it. */
    readonly java: string;
    readonly settings?: OpensearchSettings;
}

/** An OpenSearch as the program configures it, on loopback, with the security plugin: one node, or one in each zone. */
export class OpensearchHere {
    private readonly policies = new Map<string, number>();
    private proxy: Server | undefined;
    private setups = 0;

    private constructor(
        private readonly programs: Programs,
        private readonly given: Given,
        /** Folder of the admin's certificate. */
        readonly admin: string,
        private readonly node: string,
        readonly nodes: readonly NodeHere[],
    ) {}

    /** Starts it, and waits until each node answers. */
    static async start(programs: Programs, folder: string, given: Given): Promise<OpensearchHere> {
        const { node, admin } = certificates(folder);
        const { zones } = given.settings ?? {};
        const names = zones ?? ["a"];
        const ports = await freePorts(2 * names.length);
        const nodes = names.map((name, i) => ({
            name,
            port: ports[2 * i] ?? 0,
            transport: ports[2 * i + 1] ?? 0,
            kill: () => Promise.resolve(),
        }));
        // The user that nodes run as has to reach them.
        if (ROOT) chmodSync(folder, 0o755);
        const here = new OpensearchHere(programs, given, admin, node, nodes);
        for (const each of nodes) here.prepare(each);
        await Promise.all(nodes.map((each) => here.launch(each)));
        return here;
    }

    private get first(): Pick<NodeHere, "port"> {
        const [first] = this.nodes;
        if (first === undefined) throw new Error("OpenSearch has no node.");
        return first;
    }

    private folderOf({ name }: NodeHere): string {
        return this.programs.data(`opensearch-${name}`);
    }

    private prepare(node: NodeHere): void {
        const own = this.folderOf(node);
        for (const part of ["lib", "modules", "plugins"])
            cpSync(join(this.given.home, part), join(own, part), { recursive: true });
        for (const part of ["config/certs", "config/opensearch-security", "data", "logs", "tmp"])
            mkdirSync(join(own, part), { recursive: true });
        cpSync(this.node, join(own, "config/certs"), { recursive: true });
        const settings = this.given.settings ?? opensearchDefaults("nothing");
        const config = nodeConfig(settings).replaceAll("/usr/share/opensearch", own).replace("0.0.0.0", "127.0.0.1");
        writeFileSync(join(own, "config/opensearch.yml"), config);
        for (const [name, text] of Object.entries(securityConfig()))
            writeFileSync(join(own, "config/opensearch-security", name), text);
        writeFileSync(
            join(own, "config/log4j2.properties"),
            "appender.c.type = Console\nappender.c.name = c\nrootLogger.level = warn\nrootLogger.appenderRef.c.ref = c\n",
        );
        if (ROOT) execFileSync("chown", ["-R", `${NOBODY}:${NOBODY}`, own]);
    }

    /** Starts a node, with what is on its volume. */
    async launch(node: NodeHere): Promise<void> {
        const own = this.folderOf(node);
        const [probe = 0] = await freePorts(1);
        // Whoever waits for it asks by HTTP, and knows no authority.
        const ready = createPlainServer((_, answer) => {
            this.ask("GET", "/_plugins/_security/api/roles", undefined, undefined, node).then(
                ({ status }) => answer.writeHead(status).end(),
                () => answer.writeHead(503).end(),
            );
        });
        ready.listen(probe, "127.0.0.1");
        const properties = {
            "java.security.manager": "allow",
            "java.io.tmpdir": join(own, "tmp"),
            "opensearch.path.home": own,
            "opensearch.path.conf": join(own, "config"),
            "opensearch.distribution.type": "tar",
        };
        const all = this.nodes.map(({ name }) => name).join(",");
        // As the chart says it, by the environment.
        const cluster =
            this.nodes.length === 1
                ? { "discovery.type": "single-node" }
                : {
                      "node.roles": "master,data,ingest",
                      "cluster.initial_master_nodes": all,
                      "discovery.seed_hosts": this.nodes.map(({ transport }) => `127.0.0.1:${transport}`).join(","),
                  };
        const said = {
            ...{ "node.name": node.name, "cluster.name": "e2e", ...cluster },
            ...{ "http.port": node.port, "transport.port": node.transport },
            // How full the disk of this machine is says nothing of the volumes.
            "cluster.routing.allocation.disk.threshold_enabled": false,
        };
        const args = [
            ...["-Xms512m", "-Xmx512m", ...Object.entries(properties).map(([key, value]) => `-D${key}=${value}`)],
            ...["-cp", `${own}/lib/*`, "org.opensearch.bootstrap.OpenSearch"],
            ...Object.entries(said).map(([key, value]) => `-E${key}=${value}`),
        ];
        const { java } = this.given;
        const asNobody = ["--reuid", String(NOBODY), "--regid", String(NOBODY), "--clear-groups", java];
        try {
            const end = await this.programs.startAs(
                `opensearch-${node.name}`,
                ROOT ? "setpriv" : java,
                ROOT ? [...asNobody, ...args] : args,
                `http://127.0.0.1:${probe}/`,
                { ZONE: node.name },
            );
            node.kill = () => end("SIGKILL");
        } finally {
            ready.close();
        }
    }

    /** A request as the admin, by its certificate, or as somebody with a password. */
    async ask(
        method: string,
        path: string,
        body?: string,
        login?: string | { readonly bearer: string },
        { port } = this.first,
    ): Promise<{ status: number; text: string }> {
        const file = (name: string) => readFileSync(join(this.admin, name));
        const certificate = login === undefined && { cert: file("tls.crt"), key: file("tls.key") };
        const headers = {
            ...(body !== undefined && {
                "content-type": method === "PUT" ? "application/json" : "application/x-ndjson",
            }),
            ...(typeof login === "object" && { authorization: `Bearer ${login.bearer}` }),
        };
        return await new Promise((resolve, reject) => {
            const asked = request(
                {
                    host: "127.0.0.1",
                    servername: "localhost",
                    port,
                    method,
                    path,
                    headers,
                    signal: AbortSignal.timeout(LONGEST_ANSWER),
                    ca: file("ca.crt"),
                    ...certificate,
                    ...(typeof login === "string" && { auth: login }),
                },
                (answer) => {
                    let text = "";
                    answer.on("data", (part: Buffer) => (text += part.toString()));
                    answer.on("end", () => {
                        resolve({ status: answer.statusCode ?? 0, text });
                    });
                },
            );
            asked.on("error", reject);
            asked.end(body);
        });
    }

    /**
     * Its address for the setup. Policies of indices' life are answered by a stand-in: the plugin that has them is in the
     * distribution alone, and not where its parts are published one by one. The stand-in asks for versions as the plugin does.
     */
    private async setupUrl(): Promise<string> {
        if (this.proxy !== undefined) return addressOf(this.proxy);
        const read = (name: string) => readFileSync(join(this.node, name));
        const server = createServer({ key: read("tls.key"), cert: read("tls.crt") }, (asked, answer) => {
            let body = "";
            asked.on("data", (part: Buffer) => (body += part.toString()));
            asked.on("end", () => {
                const { method = "GET", url = "/" } = asked;
                const own = this.policy(method, url);
                const said = own === undefined ? this.ask(method, url, body) : Promise.resolve(own);
                said.then(
                    ({ status, text }) => answer.writeHead(status).end(text),
                    () => answer.writeHead(502).end(),
                );
            });
        });
        this.proxy = server;
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return addressOf(server);
    }

    private policy(method: string, url: string): { status: number; text: string } | undefined {
        const [path = "", query = ""] = url.split("?");
        if (!path.startsWith("/_plugins/_ism/")) return undefined;
        if (!path.includes("/policies/")) return { status: 200, text: '{"failures":false}' };
        const seen = this.policies.get(path);
        if (method === "GET") {
            if (seen === undefined) return { status: 404, text: "{}" };
            return { status: 200, text: JSON.stringify({ _id: "logs", _seq_no: seen, _primary_term: 1 }) };
        }
        const asked = seen === undefined ? "" : `if_seq_no=${seen}&if_primary_term=1`;
        if (query !== asked) return { status: 409, text: "version conflict" };
        this.policies.set(path, (seen ?? 6) + 1);
        return { status: seen === undefined ? 201 : 200, text: "{}" };
    }

    /** Runs what the Job runs, with the Job's environment; these passwords are the users' from then on. */
    async setUp(
        passwords: Readonly<Record<User | DashboardsUser, string>>,
        settings = this.given.settings ?? opensearchDefaults("nothing"),
    ): Promise<{ status: number | null; output: string }> {
        this.setups++;
        const [setup, users] = [this.programs.data(`setup-${this.setups}`), this.programs.data(`users-${this.setups}`)];
        for (const [name, text] of Object.entries(setupFiles(settings))) writeFileSync(join(setup, name), text);
        for (const user of [...USERS, ...(settings.dashboards.enabled ? DASHBOARDS_USERS : [])])
            writeFileSync(join(users, `${user}.json`), userBody(DIGESTS[passwords[user]] ?? ""));
        const env = {
            ...{ URL: await this.setupUrl(), TLS: this.admin, SETUP: setup, USERS: users, DATA_STREAM, PATTERN },
            GONE: goneUsers(settings),
            ANSWER: join(this.programs.data("answers"), "answer"),
        };
        return await new Promise((resolve) => {
            const run = spawn("bash", [join(setup, "setup.sh")], { env: { ...process.env, ...env } });
            let output = "";
            for (const stream of [run.stdout, run.stderr])
                stream.on("data", (part: Buffer) => (output += part.toString()));
            run.on("exit", (status) => {
                resolve({ status, output });
            });
        });
    }

    stop(): void {
        this.proxy?.close();
    }
}

function addressOf(server: Server): string {
    return `https://localhost:${(server.address() as { port: number }).port}`;
}

/** Where a distribution is, and the Java that runs it; skips what needs them, and says so, where they are not there. */
export function opensearchHome(context: Mocha.Context): Pick<Given, "home" | "java"> {
    const home = process.env.OPENSEARCH_HOME ?? "";
    const java = process.env.OPENSEARCH_JAVA ?? "java";
    const programs = missing(["openssl", "curl", ...(process.env.OPENSEARCH_JAVA === undefined ? [java] : [])]);
    const why = [
        ...(home === "" ? ["OPENSEARCH_HOME names no OpenSearch with the security plugin"] : []),
        ...(home !== "" && !existsSync(join(home, "plugins/opensearch-security"))
            ? [`${home} has no security plugin`]
            : []),
        ...programs.map((program) => `${program} is not on PATH`),
    ];
    if (why.length > 0) {
        console.log(`    not run: ${why.join(", ")}`);
        context.skip();
    }
    return { home, java };
}

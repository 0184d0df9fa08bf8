import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer, request, type Server } from "node:https";
import { join } from "node:path";
import { nodeConfig, securityConfig } from "../../components/logs/opensearch/config";
import { opensearchDefaults, type OpensearchSettings } from "../../components/logs/opensearch/settings";
import { freePorts } from "./control-plane";
import type { Programs } from "./programs";

/** User that a node runs as where this is root, which it refuses to be. */
const NOBODY = 65_534;

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

/** An OpenSearch as the program configures it, on loopback, with the security plugin. */
export class OpensearchHere {
    private readonly policies = new Map<string, number>();
    private proxy: Server | undefined;

    private constructor(
        private readonly port: number,
        /** Folder of the admin's certificate. */
        readonly admin: string,
        private readonly node: string,
    ) {}

    /**
     * Starts it.
     * @param home folder as of a distribution: `lib`, `modules`, `plugins/opensearch-security`. Of the parts on Maven Central one
     * is made of `org.opensearch:opensearch`, `org.opensearch.plugin:transport-netty4-client` with netty as a module, and the
     * archive of `org.opensearch.plugin:opensearch-security`, of one version.
     * @param java which runs it.
     */
    static async start(programs: Programs, folder: string, home: string, java: string): Promise<OpensearchHere> {
        const { node, admin } = certificates(folder);
        const [port = 0, transport = 0, probe = 0] = await freePorts(3);
        const own = programs.data("opensearch");
        for (const part of ["lib", "modules", "plugins"])
            cpSync(join(home, part), join(own, part), { recursive: true });
        for (const part of ["config/certs", "config/opensearch-security", "data", "logs", "tmp"])
            mkdirSync(join(own, part), { recursive: true });
        cpSync(node, join(own, "config/certs"), { recursive: true });
        const settings: OpensearchSettings = opensearchDefaults("nothing");
        const config = nodeConfig(settings).replaceAll("/usr/share/opensearch", own).replace("0.0.0.0", "127.0.0.1");
        writeFileSync(join(own, "config/opensearch.yml"), config);
        for (const [name, text] of Object.entries(securityConfig()))
            writeFileSync(join(own, "config/opensearch-security", name), text);
        writeFileSync(
            join(own, "config/log4j2.properties"),
            "appender.c.type = Console\nappender.c.name = c\nrootLogger.level = warn\nrootLogger.appenderRef.c.ref = c\n",
        );
        const here = new OpensearchHere(port, admin, node);
        // Whoever waits for it asks by HTTP, and knows no authority.
        const ready = createPlainServer((_, answer) => {
            here.ask("GET", "/_plugins/_security/api/roles").then(
                ({ status }) => answer.writeHead(status).end(),
                () => answer.writeHead(503).end(),
            );
        });
        ready.listen(probe, "127.0.0.1");
        const root = process.getuid?.() === 0;
        if (root) {
            execFileSync("chown", ["-R", `${NOBODY}:${NOBODY}`, own]);
            chmodSync(folder, 0o755);
        }
        const properties = {
            "java.security.manager": "allow",
            "java.io.tmpdir": join(own, "tmp"),
            "opensearch.path.home": own,
            "opensearch.path.conf": join(own, "config"),
            "opensearch.distribution.type": "tar",
        };
        const said = { "node.name": "a", "cluster.name": "e2e", "discovery.type": "single-node", "http.port": port };
        const args = [
            ...["-Xms512m", "-Xmx512m", ...Object.entries(properties).map(([key, value]) => `-D${key}=${value}`)],
            ...["-cp", `${own}/lib/*`, "org.opensearch.bootstrap.OpenSearch"],
            ...Object.entries({ ...said, "transport.port": transport }).map(([key, value]) => `-E${key}=${value}`),
        ];
        const asNobody = ["--reuid", String(NOBODY), "--regid", String(NOBODY), "--clear-groups", java];
        try {
            await programs.startAs(
                "opensearch",
                root ? "setpriv" : java,
                root ? [...asNobody, ...args] : args,
                `http://127.0.0.1:${probe}/`,
            );
        } finally {
            ready.close();
        }
        return here;
    }

    /** A request as the admin, by its certificate, or as somebody with a password. */
    async ask(method: string, path: string, body?: string, login?: string): Promise<{ status: number; text: string }> {
        const file = (name: string) => readFileSync(join(this.admin, name));
        const proof = login === undefined ? { cert: file("tls.crt"), key: file("tls.key") } : { auth: login };
        const headers = body === undefined ? {} : { "content-type": "application/x-ndjson" };
        return await new Promise((resolve, reject) => {
            const asked = request(
                {
                    host: "127.0.0.1",
                    servername: "localhost",
                    port: this.port,
                    method,
                    path,
                    headers,
                    ca: file("ca.crt"),
                    ...proof,
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
    async setupUrl(): Promise<string> {
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
        return `https://localhost:${(server.address() as { port: number }).port}`;
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

    stop(): void {
        this.proxy?.close();
    }
}

/** Where a distribution is, or why none is used. */
export function opensearchHome(): { home: string } | { why: string } {
    const home = process.env.OPENSEARCH_HOME ?? "";
    if (home === "") return { why: "OPENSEARCH_HOME names no OpenSearch with the security plugin" };
    if (!existsSync(join(home, "plugins/opensearch-security"))) return { why: `${home} has no security plugin` };
    return { home };
}

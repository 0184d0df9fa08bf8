import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secretDataOf } from "../../components/egress-gateway/stack";
import { PORT, TLS_PORT } from "../../components/ingest-gateway/names";
import { ingestGatewayDefaults, type IngestGatewaySettings } from "../../components/ingest-gateway/settings";
import { htpasswdLine } from "../../components/ingest-gateway/users";
import { authority, signed } from "./certificates";
import { startEgressGateway } from "./egress";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { startPushGateway } from "./push-gateway";

const PATHS = ["/api/v1/push", "/loki/api/v1/push", "/otlp/v1/metrics", "/otlp/v1/logs", "/otlp/v1/traces"];
/** What the store answers to a body. */
const ANSWERS: Readonly<Record<string, number>> = { bad: 400, much: 429 };
const EDGE = [{ name: "edge-eu", tenant: "edge" }];

/** Both ends in real nginxes: what a sending cluster's gateway hands on, a hub's ingest gateway takes. */
describe("the way from a sending cluster to its hub, in real nginxes", function () {
    const folder = mkdtempSync(join(tmpdir(), "hub-"));
    const programs = new Programs(folder);
    const seen: { path: string | undefined; tenant: unknown; authorization: unknown; body: string }[] = [];
    let store: Server;
    let storePort = 0;
    const ends: ((signal: NodeJS.Signals) => Promise<void>)[] = [];

    before(async function () {
        const absent = missing(["nginx", "openssl", "envsubst"]);
        if (absent.length > 0) {
            console.log(`      not run: ${absent.join(", ")} not on PATH`);
            this.skip();
        }
        [storePort = 0] = await freePorts(1);
        store = createServer((request, answer) => {
            const { url: path, headers } = request;
            let body = "";
            request.on("data", (part) => (body += String(part)));
            request.on("end", () => {
                seen.push({ path, tenant: headers["x-scope-orgid"], authorization: headers.authorization, body });
                answer.writeHead(ANSWERS[body] ?? 204).end();
            });
        });
        await new Promise<void>((resolve) => store.listen(storePort, "127.0.0.1", resolve));
        for (const name of ["clients", "strangers", "servers"]) authority(folder, name);
        // nginx compares the names of a certificate, and here the hub's is its address.
        signed(folder, "servers", "push", "/CN=push", ["127.0.0.1"]);
        signed(folder, "clients", "edge", "/CN=edge-eu");
    });

    after(async () => {
        // A master that is killed leaves its workers behind.
        for (const end of ends) await end("SIGTERM");
        await programs.stop();
        (store as Server | undefined)?.close();
        rmSync(folder, { recursive: true });
    });

    beforeEach(() => {
        seen.length = 0;
    });

    /** The hub's gateway; its port for clients, and what ends it. */
    async function hub(auth: IngestGatewaySettings["auth"]) {
        const ground = { programs, folder, storePort };
        const settings = { ...ingestGatewayDefaults("node"), auth, clients: EDGE };
        const { ports, end } = await startPushGateway(ground, settings);
        const port = (of: number) => `127.0.0.1:${ports.get(of)}`;
        return { url: auth.by === "password" ? `http://${port(PORT)}` : `https://${port(TLS_PORT)}`, end };
    }

    const sender = async (secret: Record<string, string>): Promise<number> => {
        const { port, end } = await startEgressGateway(programs, mkdtempSync(join(folder, "egress-")), secret);
        ends.push(end);
        return port;
    };

    const push = async (port: number, path = "/api/v1/push", body = "body") => {
        const headers = { "X-Scope-OrgID": "stolen" };
        return (await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body, headers })).status;
    };

    const joined = (url: string, password: string) =>
        secretDataOf(
            { "edge-eu": { url, tenant: "edge", username: "edge-eu", password } },
            { stack: "acme/observability/prod", cluster: "edge-eu" },
        );

    it("is passed by every kind of push with the hub's password, as the tenant that the hub has for the cluster", async () => {
        const odd = 'p":$w \\%&';
        writeFileSync(join(folder, "htpasswd"), `${htpasswdLine("edge-eu", odd)}\n`);
        const { url } = await hub({ by: "password" });
        const port = await sender(joined(`${url}/`, odd));
        for (const path of PATHS) assert.equal(await push(port, path), 204, path);
        assert.deepEqual(
            seen.map(({ path }) => path),
            ["/api/v1/push", "/loki/api/v1/push", "/api/v1/otlp/v1/metrics", "/otlp/v1/logs", "/v1/traces"],
        );
        assert.deepEqual(new Set(seen.map(({ tenant }) => tenant)), new Set(["edge"]), "whatever a sender says");
        assert.ok(seen.every(({ authorization, body }) => authorization === undefined && body === "body"));
        assert.equal(await push(port, "/prometheus/api/v1/query"), 404, "nothing that reads");
    });

    it("costs nothing while the hub is away or does not know the password, and what the hub refuses for good stays refused", async () => {
        writeFileSync(join(folder, "htpasswd"), `${htpasswdLine("edge-eu", "old")}\n`);
        const { url, end } = await hub({ by: "password" });
        const port = await sender(joined(url, "new"));
        assert.equal(await push(port), 503, "tried again, where 401 would be given up");
        writeFileSync(join(folder, "htpasswd"), `${htpasswdLine("edge-eu", "new")}\n`);
        assert.equal(await push(port), 204, "the hub reads a changed password without a restart");
        assert.equal(await push(port, "/api/v1/push", "bad"), 400, "of the store, for what it can never take");
        assert.equal(await push(port, "/loki/api/v1/push", "much"), 503, "collectors of lines would drop it at 429");
        await end();
        assert.equal(await push(port), 502);
    });

    it("is passed with a certificate, and by no hub that is of another authority", async () => {
        const auth = {
            by: "certificate",
            clientCa: "ca",
            serverCertificate: { from: "secret", secretName: "push" },
        } as const;
        const { url } = await hub(auth);
        const files = (ca: string) => {
            const read = (path: string) => execFileSync("cat", [join(folder, path)], { encoding: "utf8" });
            return {
                url,
                "ca.crt": read(`${ca}/ca.crt`),
                "tls.crt": read("edge/tls.crt"),
                "tls.key": read("edge/tls.key"),
            };
        };
        const port = await sender(files("servers"));
        for (const path of PATHS) assert.equal(await push(port, path), 204, path);
        assert.deepEqual(new Set(seen.map(({ tenant }) => tenant)), new Set(["edge"]));
        assert.equal(await push(await sender(files("strangers"))), 502, "it may be anybody");
    });
});

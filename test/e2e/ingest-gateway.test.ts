import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { request as secure } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PORT, TLS_PORT } from "../../components/ingest-gateway/names";
import { ingestGatewayDefaults, type IngestGatewaySettings } from "../../components/ingest-gateway/settings";
import { htpasswdLine } from "../../components/ingest-gateway/users";
import { authority, openssl, signed } from "./certificates";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { answered, pushedBy, startPushGateway } from "./push-gateway";

const CERTIFICATE = {
    by: "certificate",
    clientCa: "ca",
    serverCertificate: { from: "secret", secretName: "push" },
} as const;
const PATHS = ["/api/v1/push", "/loki/api/v1/push", "/otlp/v1/metrics", "/otlp/v1/logs", "/otlp/v1/traces"];

/** What a store behind the gateway was sent. */
interface Seen {
    readonly path: string | undefined;
    readonly tenant: unknown;
    readonly authorization: unknown;
}

describe("the gateway for pushes from outside, in a real nginx", function () {
    const folder = mkdtempSync(join(tmpdir(), "push-"));
    const programs = new Programs(folder);
    const seen: Seen[] = [];
    let store: Server;
    let storePort = 0;

    before(async function () {
        if (missing(["nginx", "openssl"]).length > 0) {
            console.log("      skipped: nginx and openssl are not both on PATH");
            this.skip();
        }
        [storePort = 0] = await freePorts(1);
        store = createServer(({ url, headers }, answer) => {
            seen.push({ path: url, tenant: headers["x-scope-orgid"], authorization: headers.authorization });
            answer.writeHead(url?.includes("logs") === true ? 429 : 204).end();
        });
        await new Promise<void>((resolve) => store.listen(storePort, "127.0.0.1", resolve));
        for (const name of ["clients", "strangers", "servers"]) authority(folder, name);
        signed(folder, "servers", "push", "/CN=push.example.com");
        signed(folder, "clients", "edge", "/CN=edge-eu");
        signed(folder, "clients", "shop", "/O=Example/CN=shop");
        signed(folder, "clients", "unknown", "/CN=somebody");
        signed(folder, "clients", "cased", "/CN=EDGE-EU");
        signed(folder, "clients", "hidden", "/CN=edge-eu/O=x");
        signed(folder, "clients", "comma", "/O=x,CN=edge-eu/CN=y");
        signed(folder, "strangers", "forged", "/CN=edge-eu");
    });

    after(async () => {
        await programs.stop();
        (store as Server | undefined)?.close();
        rmSync(folder, { recursive: true });
    });

    const start = (settings: Pick<IngestGatewaySettings, "auth" | "clients">) =>
        startPushGateway({ programs, folder, storePort }, { ...ingestGatewayDefaults("node"), ...settings });

    const clients = [{ name: "edge-eu" }, { name: "shop", tenant: "shop", subject: "CN=shop,O=Example" }];

    it("knows clients by their certificates, whatever else they say, and nobody else", async () => {
        const port = (await start({ auth: CERTIFICATE, clients })).ports.get(TLS_PORT) ?? 0;
        const push = (who: string | undefined, path = "/api/v1/push", method = "POST") =>
            pushed(folder, port, who, { path, method });
        seen.length = 0;
        assert.equal(await push("edge"), 204);
        assert.equal(await push("shop"), 204);
        assert.deepEqual(
            seen.map(({ tenant }) => tenant),
            ["prod", "shop"],
            "the tenant is the client's, and not the one that it sends",
        );
        seen.length = 0;
        for (const who of ["unknown", "cased", "hidden", "comma"]) assert.equal(await push(who), 403, who);
        assert.equal(await push("forged"), 400, "of another authority");
        assert.equal(await push(undefined), 400, "no certificate");
        assert.equal(await push("edge", "/prometheus/api/v1/query"), 404);
        assert.equal(await push("edge", "/api/v1/push", "GET"), 405);
        assert.deepEqual(seen, [], "none of these came to a store");
    });

    it("passes every kind of push on by its own path, and logs what failed", async () => {
        const port = (await start({ auth: CERTIFICATE, clients })).ports.get(TLS_PORT) ?? 0;
        seen.length = 0;
        for (const path of PATHS) await pushed(folder, port, "shop", { path, method: "POST" });
        assert.deepEqual(
            seen.map(({ path }) => path),
            ["/api/v1/push", "/loki/api/v1/push", "/api/v1/otlp/v1/metrics", "/otlp/v1/logs", "/v1/traces"],
        );
        const log = readFileSync(join(folder, "nginx.log"), "utf8").split("\n");
        const failures = log.filter((line) => line.includes('client="CN=shop,'));
        assert.equal(failures.length, 1, failures.join("\n"));
        assert.match(
            failures[0] ?? "",
            /^status=429 client="CN=shop,O=Example" path="\/otlp\/v1\/logs" .*upstream=429/,
        );
    });

    it("refuses a revoked certificate, and takes another of the same subject", async () => {
        const ca = join(folder, "clients");
        writeFileSync(join(ca, "index.txt"), "");
        writeFileSync(join(ca, "ca.conf"), "[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\ndefault_md=sha256\n");
        const keys = ["-config", "ca.conf", "-cert", "ca.crt", "-keyfile", "ca.key"];
        openssl(ca, "ca", ...keys, "-revoke", "../shop/tls.crt");
        openssl(ca, "ca", ...keys, "-gencrl", "-crldays", "1", "-out", "ca.crl");
        signed(folder, "clients", "renewed", "/O=Example/CN=shop");
        const auth = { ...CERTIFICATE, revocationList: true };
        const port = (await start({ auth, clients })).ports.get(TLS_PORT) ?? 0;
        const to = { path: "/api/v1/push", method: "POST" };
        assert.equal(await pushed(folder, port, "shop", to), 400);
        assert.equal(await pushed(folder, port, "renewed", to), 204);
        assert.equal(await pushed(folder, port, "edge", to), 204);
    });

    it("reads its own certificate at each handshake: a renewed one needs no restart", async () => {
        const port = (await start({ auth: CERTIFICATE, clients })).ports.get(TLS_PORT) ?? 0;
        assert.equal(await pushed(folder, port, "edge", { path: "/api/v1/push", method: "POST" }), 204);
        signed(folder, "strangers", "push", "/CN=push.example.com");
        await assert.rejects(
            pushed(folder, port, "edge", { path: "/api/v1/push", method: "POST" }),
            /unable to verify|self-signed|UNABLE/,
        );
    });

    it("knows clients by password, and keeps it to itself", async () => {
        writeFileSync(join(folder, "htpasswd"), `${htpasswdLine("shop", "right")}\n`);
        const port = (await start({ auth: { by: "password" }, clients: [{ name: "shop", tenant: "shop" }] })).ports.get(
            PORT,
        );
        seen.length = 0;
        const push = (password: string) => pushedBy(port, `shop:${password}`);
        assert.equal(await push("right"), 204);
        assert.equal(await push("wrong"), 401);
        assert.deepEqual(seen, [{ path: "/api/v1/push", tenant: "shop", authorization: undefined }]);
    });
});

/** Pushes with somebody's certificate and a tenant that is not theirs; the answer's status. */
function pushed(folder: string, port: number, who: string | undefined, to: { path: string; method: string }) {
    const file = (name: string) => readFileSync(join(folder, name));
    return answered(
        secure({
            host: "127.0.0.1",
            port,
            ...to,
            servername: "push.example.com",
            ca: file("servers/ca.crt"),
            ...(who !== undefined && { cert: file(`${who}/tls.crt`), key: file(`${who}/tls.key`) }),
            headers: { "X-Scope-OrgID": "stolen" },
            agent: false,
        }),
    );
}

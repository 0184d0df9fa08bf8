import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as plain, type Server } from "node:http";
import { request as secure } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { headerTenancy } from "../../components/contracts/tenancy";
import { htpasswdLine } from "../../components/ingest-gateway/gateway";
import { PORT, TLS_PORT } from "../../components/ingest-gateway/names";
import {
    CLIENT_CA_DIRECTORY,
    gatewayConfig,
    HTPASSWD_DIRECTORY,
    TLS_DIRECTORY,
} from "../../components/ingest-gateway/nginx";
import { RESOLVER_DIRECTORY } from "../../components/kubernetes/nginx-pods";
import type { IngestGatewaySettings } from "../../components/ingest-gateway/settings";
import { logStore, metricsStore, traceStore } from "../fixtures/stores";
import { authority, signed } from "./certificates";
import { freePorts, missing } from "./control-plane";
import { Programs } from "./programs";

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

    /** Starts it with the paths of this machine; its ports by those of the pod. */
    async function start(settings: Pick<IngestGatewaySettings, "auth" | "clients">): Promise<Map<number, number>> {
        const [http = 0, tls = 0] = await freePorts(2);
        const base = `http://127.0.0.1:${storePort}`;
        const config = gatewayConfig(
            {
                metricsStore: {
                    push: { ...metricsStore.push, url: `${base}/api/v1/push`, otlpUrl: `${base}/api/v1/otlp` },
                    tenancy: headerTenancy("prod"),
                },
                logStore: {
                    ...logStore,
                    push: { ...logStore.push, lokiUrl: `${base}/loki/api/v1/push`, otlpUrl: `${base}/otlp` },
                },
                traceStore: { ...traceStore, push: { ...traceStore.push, otlpHttp: base } },
            },
            settings,
            { ipFamilies: "ipv4" },
        );
        const own = mkdtempSync(join(folder, "nginx-"));
        writeFileSync(join(own, "resolver.conf"), "");
        const text = config
            .replaceAll(`${RESOLVER_DIRECTORY}/`, `${own}/`)
            .replaceAll(`listen ${TLS_PORT}`, `listen 127.0.0.1:${tls}`)
            .replaceAll(`listen ${PORT}`, `listen 127.0.0.1:${http}`)
            .replaceAll(CLIENT_CA_DIRECTORY, join(folder, "clients"))
            .replaceAll(HTPASSWD_DIRECTORY, folder)
            .replaceAll(TLS_DIRECTORY, join(folder, "push"));
        const file = join(own, "nginx.conf");
        writeFileSync(file, text);
        // In its image it is no other user than its workers; here it may be root.
        const args = ["-p", own, "-e", "stderr", "-c", file, "-g", "daemon off; user root;"];
        await programs.start("nginx", args, `http://127.0.0.1:${http}/healthz`);
        return new Map([
            [PORT, http],
            [TLS_PORT, tls],
        ]);
    }

    const clients = [{ name: "edge-eu" }, { name: "shop", tenant: "shop", subject: "CN=shop,O=Example" }];

    it("knows clients by their certificates, whatever else they say, and nobody else", async () => {
        const port = (await start({ auth: CERTIFICATE, clients })).get(TLS_PORT) ?? 0;
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
        const port = (await start({ auth: CERTIFICATE, clients })).get(TLS_PORT) ?? 0;
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

    it("reads its own certificate at each handshake: a renewed one needs no restart", async () => {
        const port = (await start({ auth: CERTIFICATE, clients })).get(TLS_PORT) ?? 0;
        assert.equal(await pushed(folder, port, "edge", { path: "/api/v1/push", method: "POST" }), 204);
        signed(folder, "strangers", "push", "/CN=push.example.com");
        await assert.rejects(
            pushed(folder, port, "edge", { path: "/api/v1/push", method: "POST" }),
            /unable to verify|self-signed|UNABLE/,
        );
    });

    it("knows clients by password, and keeps it to itself", async () => {
        writeFileSync(join(folder, "htpasswd"), `${htpasswdLine("shop", "right")}\n`);
        const port = (await start({ auth: { by: "password" }, clients: [{ name: "shop", tenant: "shop" }] })).get(PORT);
        seen.length = 0;
        const push = (password: string) =>
            answered(
                plain({
                    host: "127.0.0.1",
                    port,
                    path: "/api/v1/push",
                    method: "POST",
                    auth: `shop:${password}`,
                    headers: { "X-Scope-OrgID": "prod" },
                }),
            );
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

function answered(request: ReturnType<typeof plain>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
        request.on("error", reject);
        request.on("response", (answer) => {
            answer.resume();
            resolve(answer.statusCode);
        });
        request.end("body");
    });
}

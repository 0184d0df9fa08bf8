import { deepEqual, equal } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
    GATEWAY_PORTS,
    KEY_FILES,
    keyFile,
    KEYS_DIRECTORY,
    searchGatewayConfig,
} from "../../components/logs/search-gateway";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { startNginx } from "./nginx";
import { Programs } from "./programs";

/** What the store was asked. */
interface Asked {
    readonly call: string;
    readonly authorization: string | undefined;
}

/** A certificate of its own authority, for a name. */
function certificate(folder: string, name: string): { key: string; cert: string } {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
    const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    execFileSync("openssl", [
        ...args,
        ...["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name},IP:127.0.0.1`, "-keyout", key, "-out", cert],
    ]);
    return { key, cert };
}

describe("the gateway before a search store, in a real nginx", function () {
    const folder = mkdtempSync(join(tmpdir(), "search-gateway-"));
    const programs = new Programs(folder);
    let store: Server;
    let base: (port: number) => string;
    let status = 200;
    const asked: Asked[] = [];

    async function start(ownCa: string): Promise<(port: number) => string> {
        const [push = 0, query = 0] = await freePorts(2);
        const here: Record<number, number> = { [GATEWAY_PORTS.push]: push, [GATEWAY_PORTS.query]: query };
        const keys = programs.data(`keys-${push}`);
        writeFileSync(join(keys, KEY_FILES.writer), keyFile("ApiKey writes"));
        writeFileSync(join(keys, KEY_FILES.reader), keyFile("ApiKey reads"));
        writeFileSync(join(keys, KEY_FILES.ca), readFileSync(ownCa));
        const { port } = store.address() as { port: number };
        const url = `https://127.0.0.1:${port}`;
        const own = programs.data(`nginx-${push}`);
        const config = searchGatewayConfig(
            { url, otlpUrl: `${url}/_otlp`, ca: `${KEYS_DIRECTORY}/${KEY_FILES.ca}` },
            { ipFamilies: "ipv4" },
        )
            .replace(/^\s*include .*resolver\.conf;$/gm, "")
            .replaceAll(/listen (\d+);/g, (_, each: string) => `listen 127.0.0.1:${here[Number(each)]};`)
            .replaceAll(/~\^(808\d) /g, (_, each: string) => `~^${here[Number(each)]} `)
            // nginx compares a certificate with names alone, and nobody here knows one.
            .replace("proxy_ssl_server_name on;", "proxy_ssl_server_name on; proxy_ssl_name store;")
            .replaceAll("/tmp/", `${own}/`)
            .replaceAll(KEYS_DIRECTORY, keys);
        const file = programs.file(`nginx-${push}.conf`, config);
        await startNginx(programs, `nginx-${push}`, own, file, `http://127.0.0.1:${query}/healthz`);
        return (each) => `http://127.0.0.1:${here[each]}`;
    }

    const call = async (port: number, method: string, path: string, at = base) =>
        (await fetch(`${at(port)}${path}`, { method })).status;

    before(async function () {
        const absent = missing(["nginx", "openssl"]);
        if (absent.length > 0) {
            console.log(`    not run: ${absent.join(" and ")} not on PATH`);
            this.skip();
        }
        const { key, cert } = certificate(folder, "store");
        store = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, answer) => {
            asked.push({
                call: `${request.method} ${request.url}`,
                authorization: request.headers.authorization,
            });
            answer.writeHead(status).end();
        });
        await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
        base = await start(cert);
    });

    after(async () => {
        await programs.stop();
        (store as Server | undefined)?.close();
        rmSync(folder, { recursive: true });
    });

    beforeEach(() => {
        status = 200;
        asked.length = 0;
    });

    it("shows the store the key that writes on the port of pushes, and that which reads on the other", async () => {
        equal(await call(GATEWAY_PORTS.push, "POST", "/otlp/v1/logs"), 200);
        equal(await call(GATEWAY_PORTS.query, "POST", "/_msearch?max_concurrent_shard_requests=5"), 200);
        equal(await call(GATEWAY_PORTS.query, "GET", "/logs-*.otel-*/_mapping"), 200);
        deepEqual(asked, [
            { call: "POST /_otlp/v1/logs", authorization: "ApiKey writes" },
            { call: "POST /_msearch?max_concurrent_shard_requests=5", authorization: "ApiKey reads" },
            { call: "GET /logs-*.otel-*/_mapping", authorization: "ApiKey reads" },
        ]);
    });

    it("passes on nothing that writes, deletes or administers", async () => {
        const refused: [number, string, string][] = [
            [GATEWAY_PORTS.push, "POST", "/_bulk"],
            [GATEWAY_PORTS.push, "POST", "/logs-a/_search"],
            [GATEWAY_PORTS.push, "GET", "/otlp/v1/logs"],
            [GATEWAY_PORTS.query, "POST", "/otlp/v1/logs"],
            [GATEWAY_PORTS.query, "POST", "/_bulk"],
            [GATEWAY_PORTS.query, "POST", "/logs-a/_doc"],
            [GATEWAY_PORTS.query, "DELETE", "/logs-a"],
            [GATEWAY_PORTS.query, "PUT", "/_cluster/settings"],
            [GATEWAY_PORTS.query, "GET", "/_security/user/_search"],
        ];
        for (const [port, method, path] of refused) equal(await call(port, method, path), 403, `${method} ${path}`);
        deepEqual(asked, []);
    });

    it("has senders keep their lines while the store refuses the key, and tells readers the truth", async () => {
        for (const refusal of [401, 403, 404, 500]) {
            status = refusal;
            equal(await call(GATEWAY_PORTS.push, "POST", "/otlp/v1/logs"), 503, `push, ${refusal}`);
            equal(await call(GATEWAY_PORTS.query, "POST", "/_msearch"), refusal, `query, ${refusal}`);
        }
        // Too much at once is said as it is: OTLP's clients come again at it.
        for (const said of [400, 429, 503]) {
            status = said;
            equal(await call(GATEWAY_PORTS.push, "POST", "/otlp/v1/logs"), said);
        }
    });

    it("shows no key to a store of another authority", async () => {
        const other = await start(certificate(folder, "other").cert);
        equal(await call(GATEWAY_PORTS.push, "POST", "/otlp/v1/logs", other), 502);
        equal(await call(GATEWAY_PORTS.query, "POST", "/_msearch", other), 502);
        deepEqual(asked, []);
    });
});

import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** What of an OpenID provider a resource server asks: its discovery document and its keys. It signs tokens for who is asked for. */
export class Provider {
    private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
    private readonly kid = String(Math.random());
    private server: Server | undefined;

    /** URL of its discovery document. */
    async listen(): Promise<string> {
        const server = createServer(({ url }, answer) => {
            const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
            const jwk = { ...this.keys.publicKey.export({ format: "jwk" }), kid: this.kid, use: "sig", alg: "RS256" };
            const said = url === "/keys" ? { keys: [jwk] } : { issuer: at, jwks_uri: `${at}/keys` };
            answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said));
        });
        this.server = server;
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/openid-configuration`;
    }

    /** An ID token of somebody in these groups, for an hour. */
    token(groups: readonly string[]): string {
        const now = Math.floor(Date.now() / 1000);
        const claims = { email: "a@example.com", groups, iat: now, nbf: now - 60, exp: now + 3600 };
        const signed = `${base64({ alg: "RS256", typ: "JWT", kid: this.kid })}.${base64(claims)}`;
        return `${signed}.${createSign("RSA-SHA256").update(signed).sign(this.keys.privateKey, "base64url")}`;
    }

    close(): void {
        this.server?.close();
        this.server?.closeAllConnections();
    }
}

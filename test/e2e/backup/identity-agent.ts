import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Keys } from "./s3-server";

/** The token that a pod's service account has. */
const TOKEN = "token-of-the-pod";

/** What EKS has beside a pod: a service that gives keys for its account's token, and an agent on the node that does. */
export class IdentityAgent {
    /** Calls that brought the account's token. */
    known = 0;

    private constructor(
        private readonly server: Server,
        private readonly folder: string,
    ) {}

    /** @param keys of the user that the account's role is. */
    static async start(keys: Keys): Promise<IdentityAgent> {
        const folder = mkdtempSync(join(tmpdir(), "identity-"));
        writeFileSync(join(folder, "token"), TOKEN);
        const server = createServer();
        const agent = new IdentityAgent(server, folder);
        server.on("request", (request, response) => {
            let body = "";
            request.on("data", (part) => (body += String(part)));
            request.on("end", () => {
                const byAgent = request.url === "/v1/credentials";
                const brought = byAgent
                    ? request.headers.authorization
                    : new URLSearchParams(body).get("WebIdentityToken");
                if (brought !== TOKEN) {
                    response.writeHead(403).end();
                    return;
                }
                agent.known++;
                response.end(byAgent ? asJson(keys) : asXml(keys));
            });
        });
        await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
        return agent;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** What EKS puts into the environment of a pod, by each of its two ways. */
    environments(): Readonly<Record<"irsa" | "podIdentity", Record<string, string>>> {
        const token = join(this.folder, "token");
        return {
            irsa: { AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/reader" },
            podIdentity: {
                AWS_CONTAINER_CREDENTIALS_FULL_URI: `${this.url}/v1/credentials`,
                AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token,
            },
        };
    }

    stop(): void {
        this.server.close();
        rmSync(this.folder, { recursive: true });
    }
}

const expires = () => new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");

// A user of MinIO has no session: its keys are as if they had no end.
function asJson({ id, secret }: Keys): string {
    return JSON.stringify({ AccessKeyId: id, SecretAccessKey: secret, Token: "", Expiration: expires() });
}

function asXml({ id, secret }: Keys): string {
    const keys = `<AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken/>`;
    const result = `<Credentials>${keys}<Expiration>${expires()}</Expiration></Credentials>`;
    const name = "AssumeRoleWithWebIdentity";
    return `<${name}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${name}Result>${result}</${name}Result></${name}Response>`;
}

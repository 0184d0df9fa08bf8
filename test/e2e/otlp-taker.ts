import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";

/** Takes OTLP over HTTP, and keeps the numbers of the lines that it is sent, each `line <number> ` or `line-<number>-`. */
export class Taker {
    readonly lines = new Set<number>();
    headers: IncomingHttpHeaders | undefined;
    /** What it answers; other than 200 it has not taken what came. */
    status = 200;
    refused = 0;
    private readonly server: Server = createServer((request, response) => {
        this.headers = request.headers;
        const body = request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
        void text(body).then((sent) => {
            if (this.status === 200)
                for (const [, number] of sent.matchAll(/line[- ](\d+)[- ]/g)) this.lines.add(Number(number));
            else this.refused++;
            response.writeHead(this.status).end();
        });
    });

    async listen(port: number): Promise<void> {
        await new Promise<void>((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    }

    close(): void {
        this.server.close();
        this.server.closeAllConnections();
    }
}

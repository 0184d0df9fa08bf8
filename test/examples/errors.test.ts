import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { at, record, records } from "../../tools/records";
import { failingShop, type FailingShop } from "../fixtures/failing-shop";

describe("the example application's errors", () => {
    let sentry: Server;
    let shop: FailingShop;
    let received: { path: string | undefined; headers: IncomingHttpHeaders; lines: Record<string, unknown>[] };

    before(async () => {
        const arrived = new Promise<typeof received>((resolve) => {
            sentry = createServer((request, response) => {
                void text(request).then((body) => {
                    const lines = body.trimEnd().split("\n");
                    const { url: path, headers } = request;
                    resolve({ path, headers, lines: lines.map((line) => record(JSON.parse(line))) });
                    response.end("{}");
                });
            });
        });
        await new Promise<void>((resolve) => sentry.listen(0, "127.0.0.1", resolve));
        const { port } = sentry.address() as AddressInfo;
        shop = await failingShop(`http://key@127.0.0.1:${port}/below/7`);
        received = await arrived;
    });

    after(() => {
        shop.stop();
        sentry.close();
    });

    it("are sent to the DSN's project, with its key", () => {
        assert.equal(received.path, "/below/api/7/envelope/");
        assert.match(String(received.headers["x-sentry-auth"]), /^Sentry sentry_version=7,.* sentry_key=key$/);
    });

    it("are an event in an envelope, of the trace that the log line has", () => {
        const [head, item, event] = received.lines;
        assert.equal(received.lines.length, 3);
        assert.equal(item?.type, "event");
        assert.equal(head?.event_id, event?.event_id);
        assert.match(String(event?.event_id), /^[0-9a-f]{32}$/);
        const [exception] = records(at(event, "exception.values"));
        assert.deepEqual(exception, { type: "Error", value: "GET / answered 500" });
        const failed = shop.lines().find(({ level }) => level === "error");
        assert.deepEqual(at(event, "contexts.trace"), { trace_id: failed?.trace_id, span_id: failed?.span_id });
    });
});

import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that Linux gives to connections (net.ipv4.ip_local_port_range begins at 32768) and those of NodePorts: one
 * that is free now must be so when its program starts, which may be long after.
 */
const FIRST = 10_000;
const END = 30_000;

/** Mocha's workers, of which each has ports that no other takes. */
const WORKERS = 4;
const EACH = (END - FIRST) / WORKERS;
const worker = Number(process.env.MOCHA_WORKER_ID ?? 0);
if (!Number.isInteger(worker) || worker < 0 || worker >= WORKERS)
    throw new Error(`MOCHA_WORKER_ID is ${process.env.MOCHA_WORKER_ID}: there are ports for 0 to ${WORKERS - 1}`);
const own = FIRST + worker * EACH;

/** Another run beside this one begins elsewhere. */
let next = Math.floor(Math.random() * EACH);

/** Ports of loopback that nobody listens on, and that are given to nobody else. */
export async function freePorts(count: number): Promise<number[]> {
    const ports: number[] = [];
    for (let tried = 0; ports.length < count; tried++) {
        if (tried > EACH) throw new Error(`${count} ports are not free between ${own} and ${own + EACH}`);
        const port = own + (next++ % EACH);
        if (await isFree(port)) ports.push(port);
    }
    return ports;
}

async function isFree(port: number): Promise<boolean> {
    const server = createServer().listen(port, "127.0.0.1");
    try {
        await once(server, "listening");
    } catch {
        return false;
    }
    server.close();
    await once(server, "close");
    return true;
}

import { readFileSync } from "node:fs";
import { connect, createServer as createPlain, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTls } from "node:tls";
import { join } from "node:path";

/** An address that stays while what is behind it changes, as a Service's; or that is cut, as a link between clusters. */
export interface Door {
    readonly port: number;
    /** Where new connections go from now on; undefined refuses them, and ends those that there are. */
    readonly leadTo: (port: number | undefined) => void;
    readonly close: () => void;
}

/** @param certificate folder with `tls.crt` and `tls.key`: it ends TLS, as a hub's ingress controller does. */
export async function openDoor(certificate?: string): Promise<Door> {
    let target: number | undefined;
    const open = new Set<Socket>();
    const take = (socket: Socket) => {
        if (target === undefined) return void socket.destroy();
        const behind = connect(target, "127.0.0.1");
        for (const [one, other] of [
            [socket, behind],
            [behind, socket],
        ] as const) {
            open.add(one);
            one.on("error", () => other.destroy());
            one.on("close", () => {
                open.delete(one);
                other.end();
            });
            one.pipe(other);
        }
    };
    const read = (name: string) => readFileSync(join(certificate ?? "", name));
    const server: Server =
        certificate === undefined
            ? createPlain(take)
            : createTls({ cert: read("tls.crt"), key: read("tls.key") }, take);
    server.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        port: (server.address() as AddressInfo).port,
        leadTo: (port) => {
            target = port;
            if (port === undefined) for (const socket of open) socket.destroy();
        },
        close: () => {
            for (const socket of open) socket.destroy();
            server.close();
        },
    };
}

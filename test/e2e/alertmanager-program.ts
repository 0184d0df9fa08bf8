import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { record, records } from "../../tools/records";
import { freePorts } from "./ports";
import type { Programs } from "./programs";
import { local } from "./store-configs";

/** Receives what Alertmanager tells people. */
class People {
    /** Each notification: names of the alerts that fire by it. */
    readonly told: string[][] = [];
    private readonly server: Server = createServer((request, response) => {
        void text(request).then((sent) => {
            const alerts = records(record(JSON.parse(sent)).alerts);
            const firing = alerts.filter(({ status }) => status === "firing");
            this.told.push(firing.map(({ labels }) => String(record(labels).alertname)));
            response.writeHead(200).end();
        });
    });

    async listen(port: number): Promise<void> {
        this.server.listen(port, "127.0.0.1");
        await once(this.server, "listening");
    }

    close(): void {
        this.server.close();
        this.server.closeAllConnections();
    }
}

/** A real Alertmanager, and whom it tells. */
export class AlertmanagerHere {
    readonly people = new People();

    private constructor(
        private readonly programs: Programs,
        readonly port: number,
    ) {}

    static async start(programs: Programs): Promise<AlertmanagerHere> {
        const [http = 0, gossip = 0, people = 0] = await freePorts(3);
        const alertmanager = new AlertmanagerHere(programs, http);
        await alertmanager.people.listen(people);
        const config = {
            route: { receiver: "people", group_by: ["alertname"], group_wait: "1s", group_interval: "1s" },
            receivers: [{ name: "people", webhook_configs: [{ url: local(people), send_resolved: false }] }],
        };
        await programs.start(
            "alertmanager",
            [
                `--config.file=${programs.file("alertmanager.yaml", config)}`,
                `--storage.path=${programs.data("alertmanager")}`,
                `--web.listen-address=127.0.0.1:${http}`,
                `--cluster.listen-address=127.0.0.1:${gossip}`,
            ],
            `${local(http)}/-/ready`,
        );
        return alertmanager;
    }

    /** Alerts of a name that it has. */
    async alerts(name: string): Promise<Record<string, unknown>[]> {
        const answer: unknown = await (await fetch(`${local(this.port)}/api/v2/alerts`)).json();
        return records(answer).filter(({ labels }) => record(labels).alertname === name);
    }

    async stop(): Promise<void> {
        await this.programs.kill("alertmanager");
        this.people.close();
    }
}

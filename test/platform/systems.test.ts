import { deepEqual, ok } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { alertGroups } from "../../components/alerts/groups";
import { COLLECTORS, MONITORING } from "../../components/kubernetes/namespaces";
import { metricsOf } from "../../tools/promql";
import { everything, everyStack, leastOfAll } from "../fixtures/watched";

const components = join(__dirname, "../../components");

/** Its target's `up` is all there is to watch: it keeps what jobs push until somebody deletes it, on no volume. */
const UNWATCHED = ["collectors/pushgateway"];

/** What no system owns: Kubernetes' own metrics, Prometheus' and Alertmanager's, and those of scrapes and probes. */
const SHARED = /^(up|ALERTS|(kube|kubelet|container|node|prometheus|alertmanager|scrape|probe|http)_.*)$/;

/** Grafana's SDK has a module for each of its plugins, and the shared names stand in these lines alone. */
const SDK = /from "@grafana\/grafana-foundation-sdk\/\w+";/g;

function sources(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".gen.ts"))
        .map((file) => join(folder, file));
}

const rooms = readdirSync(components, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => relative(components, join(parentPath, name)));

describe("what systems tell of themselves", () => {
    it("is there for every system that a chart makes: else nobody would watch it", () => {
        const made = rooms.filter((room) => existsSync(join(components, room, "chart.ts")));
        ok(made.length > 5);
        deepEqual(
            made.filter((room) => !existsSync(join(components, room, "system.ts"))),
            UNWATCHED,
        );
    });

    it("has rules of each, and of a store also its place on the pages that cross systems", () => {
        for (const { role, title, alerts, dashboard, panels } of everyStack.flat()) {
            ok(
                Object.values(alerts).some((rules) => rules.length > 0),
                `${title} has no rules`,
            );
            if (!["metrics", "logs", "traces"].includes(role)) continue;
            ok(dashboard, `${title} has no dashboard`);
            ok(panels?.flow && panels.cost && panels.checks, `${title} is not on the first page`);
            ok(
                panels.path?.some(({ signal }) => signal === role),
                `${title} is not on the data path`,
            );
        }
    });

    it("is the only way in which alerts and dashboards know them: by no name, namespace or metric", () => {
        const own = everyStack.flat().filter(({ role }) => role !== "monitoring");
        const named = own.flatMap(({ title, namespaces }) => [title.toLowerCase(), ...namespaces]);
        const prefixes = own
            .flatMap((system) => Object.values(system.alerts).flat())
            .flatMap(({ expr }) => metricsOf(expr))
            .map(({ metric = "" }) => metric)
            .filter((metric) => !SHARED.test(metric))
            .map((metric) => metric.slice(0, metric.indexOf("_") + 1));
        const words = [...new Set([...named, ...prefixes])].filter(
            (word) => ![MONITORING, COLLECTORS, "backup"].includes(word),
        );
        for (const word of ["cortex", "loki_", "tempo", "minio_", "cnpg_", "postgres", "otelcol_"])
            ok(words.includes(word), word);
        const found = ["alerts", "dashboards"].flatMap((folder) =>
            sources(join(components, folder)).flatMap((file) => {
                const text = readFileSync(file, "utf8").replace(SDK, "").toLowerCase();
                return words
                    .filter((word) => text.includes(word))
                    .map((word) => `${relative(components, file)}: ${word}`);
            }),
        );
        deepEqual(found, []);
    });

    it("is told without looking at another system", () => {
        const OWN = /^(\.\/|(\.\.\/)+(alerts|dashboards|contracts|kubernetes)\/)/;
        const telling = /\/(system|alerts|[a-z-]+-alerts|dashboard|panels)\.ts$/;
        const files = sources(components).filter(
            (file) => telling.test(file) && !/\/components\/(alerts|dashboards|contracts)\//.test(file),
        );
        ok(files.length > 20);
        const strays = files.flatMap((file) =>
            [...readFileSync(file, "utf8").matchAll(/ from "(\.[^"]+)"/g)]
                .map(([, from = ""]) => from)
                .filter((from) => !OWN.test(from))
                .map((from) => `${relative(components, file)}: ${from}`),
        );
        deepEqual(strays, []);
    });

    it("brings nothing of what a stack has not", () => {
        const titles = leastOfAll.map(({ title }) => title);
        deepEqual(
            everything.map(({ title }) => title).filter((title) => !titles.includes(title)),
            ["Ingest gateway", "MinIO", "Backup", "PostgreSQL", "Blackbox exporter", "SigNoz"],
        );
        const text = JSON.stringify([leastOfAll, alertGroups(leastOfAll)]);
        for (const absent of ["minio_cluster", "cnpg_", "kube_cronjob", "probe_success", "ingest_gateway_"])
            ok(!text.includes(absent), absent);
    });
});

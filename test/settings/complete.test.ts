import { match, throws } from "node:assert/strict";
import * as library from "../../components/index";

/** A class as a program in JavaScript has it, whose compiler asks for nothing. */
type Untyped = new (name: string, given: object) => unknown;

describe("a system that a program makes without what it needs", () => {
    const platform = { cluster: "blue", domain: "o.example.com", survives: "nothing" };
    const stores = ["metricsStore", "logStore", "traceStore"];
    const systems: readonly [Untyped, readonly string[]][] = (
        [
            [library.Cortex, ["objectStore", "alertReceiver"]],
            [library.Loki, ["objectStore", "alertReceiver", "metricsStore", "rulesFrom"]],
            [library.Tempo, ["objectStore", "metricsStore"]],
            [library.MinIO, ["requests"]],
            [library.Postgres, ["objectStore"]],
            [
                library.KubePrometheusStack,
                ["alerting", "inhibitions", "namespaces", "definitions", "metricsStore", "grafana"],
            ],
            [library.Grafana, ["release", "namespace", ...stores, "prometheus", "alertmanagerUrl"]],
            [library.K8sMonitoring, ["namespace", "scrapedByPrometheus", ...stores]],
            [library.BlackboxExporter, ["namespace", "addresses"]],
            [library.Pushgateway, ["namespace"]],
            [library.IngestGateway, stores],
        ] as const
    ).map(([system, needs]) => [system as unknown as Untyped, needs]);

    for (const [System, needs] of systems) {
        it(`is refused with each of it: ${System.name}`, () => {
            const made = (given: object) => () => new System("x", given);
            for (const name of needs)
                throws(
                    made({ platform }),
                    new RegExp(`\\n {2}${name}\\n +given: +nothing\\n +allowed: +what it needs: `),
                );
            throws(made({ platform, settings: { valeus: {} } }), (error: Error) => {
                match(error.message, new RegExp(`^${needs.length + 1} problems [^]*valeus`));
                return true;
            });
        });

        it(`is refused without the settings that all share: ${System.name}`, () => {
            throws(() => new System("x", {}), /\n {2}cluster\n[^]*\n {2}domain\n[^]*\n {2}survives\n/);
        });
    }

    it("is refused where the settings are wrong as well: S3", () => {
        throws(
            () => new (library.S3 as unknown as Untyped)("x", { platform }),
            /\n {2}objectStore\.endpoint\n[^]*\n {2}requests\n +given: +nothing\n/,
        );
    });
});

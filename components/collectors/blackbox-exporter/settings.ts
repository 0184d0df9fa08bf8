import type { Slice } from "../../settings/slice";
import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import {
    about,
    chartValues,
    describe,
    dnsLabel,
    flag,
    hostPort,
    openUrl,
    replicas,
    span,
    text,
} from "../../settings/types";
import { CREDENTIAL_HEADER } from "../../settings/credentials";
import { pathOf, problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { leastOf, replicaRules } from "../../settings/replicas";
import { CREDENTIAL_KEYS, moduleKeys } from "./module-keys";
import { allModules, type Module } from "./modules";
import { AT, blackboxExporterReplicated } from "./workloads";
import { configProblems, valuesRules } from "../../settings/chart-keys";
import { unusedWhileOff } from "../../settings/unused";
import { chartKeys } from "./values-keys.gen";

const target = text(
    /^[^\s@\p{Cc}]+$/u,
    "a URL without a login in it, or host:port for a module that probes by TCP",
    "https://shop.example.com/healthz",
);

const moduleName = text(/^[A-Za-z0-9_.:-]{1,128}$/, "the name of a module", "http_2xx");

const probe = z.strictObject({
    name: describe(dnsLabel, { description: "The label `probe` on its series.", example: "shop" }),
    url: describe(target, { description: "What is probed." }),
    module: describe(moduleName, {
        description: "How it is probed: http_2xx, tcp_connect, tls_connect, or one of `modules`.",
    }),
});

export type ProbeTarget = z.infer<typeof probe>;

const ownModule: z.ZodType<Module> = z.looseObject({
    prober: z
        .enum(["http", "tcp", "dns", "icmp", "grpc", "unix"])
        .register(about, { allowed: "http, tcp, dns, icmp, grpc or unix", example: "http" }),
});

export const blackboxExporterSettings = z.strictObject({
    enabled: describe(flag, { description: "Probe addresses from the cluster: the platform's own, and `probes`." }),
    replicas: describe(replicas, { description: "Exporters; each answers whichever Prometheus asks." }),
    interval: describe(span("10s", "2m", "30s"), {
        description:
            "Time between two probes of an address: no less than a probe may take, no more than keeps a series from being stale.",
    }),
    probes: describe(z.array(probe), {
        description: "Addresses to probe beside the platform's own.",
        allowed: "a list of { name, url, module }",
        example: "[{ name: shop, url: https://shop.example.com/healthz, module: http_2xx }]",
    }),
    probeGrafanaIngress: describe(flag, {
        description:
            "Also probe Grafana by the host name that people use, its certificate included. Off where the cluster cannot reach that name, or does not trust its certificate.",
    }),
    modules: describe(z.record(moduleName, ownModule), {
        description:
            "More ways to probe, by name, as the exporter's configuration has them. They stand in a ConfigMap: no credentials.",
        allowed: "a map of modules, each with a prober",
        example: "{ http_401: { prober: http, http: { valid_status_codes: [401] } } }",
    }),
    values: chartValues,
});

export type BlackboxExporterSettings = z.infer<typeof blackboxExporterSettings>;

export function blackboxExporterDefaults(survives: Survives): BlackboxExporterSettings {
    return {
        enabled: true,
        replicas: leastOf(blackboxExporterReplicated.exporter, survives),
        interval: survives === "nothing" ? "60s" : "30s",
        probes: [],
        probeGrafanaIngress: false,
        modules: {},
        values: {},
    };
}

export function blackboxExporterRules(
    settings: BlackboxExporterSettings,
    platform: Pick<PlatformSettings, "survives" | "access">,
): SettingsProblem[] {
    if (!settings.enabled) return unusedWhileOff(AT, settings, blackboxExporterDefaults(platform.survives));
    return ask(
        () => probeRules(settings),
        () => Object.entries(settings.modules).flatMap(([name, module]) => moduleRules(name, module)),
        () => replicaRules(blackboxExporterReplicated, { exporter: settings.replicas }, platform.survives),
        () => ingressRules(settings, platform),
        () => valuesRules(`${AT}.values`, settings.values, chartKeys),
    );
}

function ingressRules(
    { probeGrafanaIngress }: BlackboxExporterSettings,
    { access }: Pick<PlatformSettings, "access">,
): SettingsProblem[] {
    if (!probeGrafanaIngress || access.kind !== "none") return [];
    const allowed = "false where access is none: Grafana has no host name then";
    return [problem(`${AT}.probeGrafanaIngress`, true, allowed, `${AT}: { probeGrafanaIngress: false }`)];
}

/** The exporter does not start with a key that it does not know, and everybody may read what it starts with. */
function moduleRules(name: string, module: Module): SettingsProblem[] {
    const at = pathOf(`${AT}.modules`, [name]);
    const none = "none: modules stand in a ConfigMap";
    const unknown = configProblems(moduleKeys, module, moduleKeys.root, at).map((found) =>
        CREDENTIAL_KEYS.test(found.path.split(".").at(-1) ?? "")
            ? problem(found.path, "a credential", none, "probe what answers without one")
            : found,
    );
    const { headers } = (module.http ?? {}) as { readonly headers?: unknown };
    const named = typeof headers === "object" && headers !== null ? Object.keys(headers) : [];
    const secret = named.filter((header) => CREDENTIAL_HEADER.test(header));
    return [
        ...unknown,
        ...secret.map((header) => problem(`${at}.http.headers.${header}`, "a credential", none, "remove it")),
    ];
}

function probeRules({ probes, modules }: BlackboxExporterSettings): SettingsProblem[] {
    const known = allModules({}, modules);
    const found: SettingsProblem[] = [];
    probes.forEach(({ name, url: target, module }, index) => {
        const at = `${AT}.probes[${index}]`;
        if (probes.findIndex((each) => each.name === name) !== index) {
            found.push(problem(`${at}.name`, name, "a name that no other probe has", "write a name of its own"));
        }
        const prober = known[module]?.prober;
        if (prober === undefined) {
            const names = Object.keys(known).join(", ");
            found.push(problem(`${at}.module`, module, names, "write one of them, or add it to modules"));
        } else if (prober === "http" && !openUrl.safeParse(target).success) {
            found.push(
                problem(
                    `${at}.url`,
                    target,
                    "a URL with http:// or https://, and no login in it",
                    "url: https://shop.example.com/healthz",
                ),
            );
        } else if ((prober === "tcp" || prober === "grpc") && !hostPort.safeParse(target).success) {
            found.push(problem(`${at}.url`, target, "host:port without a scheme", "url: db.example.com:5432"));
        }
    });
    return found;
}

export const blackboxExporterSlice: Slice<typeof blackboxExporterSettings> = {
    schema: blackboxExporterSettings,
    defaults: blackboxExporterDefaults,
    rules: blackboxExporterRules,
};

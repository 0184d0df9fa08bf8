import { parseGoYaml } from "../../../go-yaml";
import { at, isRecord, record, records, strings } from "../../../records";
import type { RenderedObject } from "../../../render/manifests";
import { nameOf, specOf, type ClusterModel } from "../../cluster-model";
import type { Purpose } from "../../program";
import { parseAlloy, type Block, type Statement } from "../alloy-syntax";
import { configFiles, type ConfigFile } from "../files";
import { carriersIn } from "../rule-readers";
import { configured, isOn, storesOf, type Store } from "./stores";

export const HEADER = "X-Scope-OrgID";

/** A program that speaks to another at an address it is told. */
export interface Access {
    readonly object: string;
    /** Where short names are looked for. */
    readonly namespace: string;
    /** Which part of the object speaks. */
    readonly part: string;
    readonly url: string;
    readonly writes: boolean;
    /** Undefined where none is said. */
    readonly tenant: string | undefined;
    /** What for, any of these; none where it is no call over HTTP. */
    readonly purposes: readonly Purpose[];
    /** What it puts behind the address, any of these. */
    readonly appends: readonly string[];
}

type Target = Pick<Access, "part" | "url" | "purposes" | "appends" | "tenant">;

/** What a program that speaks for others says of each. */
const THE_DATAS_OWN = "the data's own";
const AS_TOLD = [""];
const ALERTS = { purposes: ["alerts"], appends: ["/api/v2/alerts"], writes: true, tenant: THE_DATAS_OWN } as const;
const PUSH = { purposes: ["push"], appends: AS_TOLD, writes: true } as const;

/** Everybody who pushes to a program of the stack, asks it, or tells it alerts. */
export function accessesOf(model: ClusterModel): Access[] {
    return [
        ...prometheusAccesses(model),
        ...model.ofKind("ThanosRuler").flatMap(rulerAccesses),
        ...storesOf(model).flatMap(storeAccesses),
        ...configFiles(model).files.flatMap(accessesIn),
    ];
}

function prometheusAccesses(model: ClusterModel): Access[] {
    return model.ofKind("Prometheus").flatMap((each) => {
        const said = { object: nameOf(each), namespace: each.namespace ?? "" };
        const { remoteWrite, alerting } = specOf(each.object);
        return [
            ...records(remoteWrite).map((target) => ({
                ...{ ...said, ...PUSH, part: "remoteWrite", url: String(target.url) },
                tenant: header(target.headers),
            })),
            ...records(record(alerting).alertmanagers).map(({ name, namespace = each.namespace, port, pathPrefix }) => {
                const host = `${String(name)}.${String(namespace)}.svc`;
                const origin =
                    typeof port === "number" ? `http://${host}:${port}` : `http://_${String(port)}._tcp.${host}`;
                return {
                    ...said,
                    ...ALERTS,
                    part: "alerting",
                    url: `${origin}${typeof pathPrefix === "string" ? pathPrefix : ""}`,
                };
            }),
        ];
    });
}

/** What it asks says no tenant: the store has a path for the one that results are written for. */
function rulerAccesses(ruler: RenderedObject): Access[] {
    const said = { object: nameOf(ruler), namespace: ruler.namespace ?? "" };
    const { remoteWrite, queryEndpoints } = specOf(ruler.object);
    const targets = records(remoteWrite);
    const tenant = header(targets[0]?.headers);
    return [
        ...strings(queryEndpoints).map((url) => ({
            ...{ ...said, part: "queryEndpoints", url, tenant, writes: false },
            purposes: ["query"] as const,
            appends: ["/api/v1/query"],
        })),
        ...targets.map(({ url, headers }) => ({
            ...{ ...said, ...PUSH, part: "remoteWrite", url: String(url) },
            tenant: header(headers),
        })),
    ];
}

function accessesIn(file: ConfigFile): Access[] {
    const said = { object: nameOf(file.holder), namespace: file.holder.namespace ?? "" };
    if (file.program === "alloy") {
        return [
            ...sinks(parsedAlloy(file.text)).map((sink) => ({ ...said, writes: true, ...sink })),
            ...carriersIn(file.text).map((component) => ({
                ...said,
                part: `${component.block}.${String(component.label)}`,
                url: valueOf(component, "address") ?? "",
                // What it carries are rules: they read the tenant's lines.
                writes: false,
                tenant: tenantOf(component),
                purposes: ["rules"] as const,
                appends: [
                    valueOf(component, "use_legacy_routes") === "true" ? "/api/prom/rules" : "/loki/api/v1/rules",
                ],
            })),
        ];
    }
    if (file.program === "nginx") return gatewayWriters(file.text).map((each) => ({ ...said, ...each }));
    if (file.kind !== "datasources") return [];
    return records(at(parseGoYaml(file.text).value, "datasources")).map((source) => ({ ...said, ...reader(source) }));
}

/** A store that writes what it makes of its data to another, and tells alerts. */
function storeAccesses(store: Store): Access[] {
    const { object, config, remoteWrite, ruler, title } = store;
    const said = { object, namespace: store.namespace ?? "" };
    const told = ruler === undefined ? "" : String(configured(store, ruler.alertmanagers, ""));
    const alertmanagers = told.split(",").map((url) => url.trim());
    const alerts = alertmanagers
        .filter((url) => url !== "")
        .map((url) => ({ ...said, ...ALERTS, part: `${title}'s ruler`, url }));
    if (remoteWrite === undefined || !isOn(store, remoteWrite.onlyIf)) return alerts;
    const { part, targets, tenantIfAll } = remoteWrite;
    const itsOwn = tenantIfAll.every((key) => configured(store, ...key) === true) ? THE_DATAS_OWN : undefined;
    const writes = targets
        .flatMap((path) => targetsOf(at(config, path)))
        .map(({ url, headers }) => ({
            ...{ ...said, ...PUSH, part, url: String(url) },
            tenant: header(headers) ?? itsOwn,
        }));
    return [...writes, ...alerts];
}

/** One target, or those of a list or a map. */
function targetsOf(value: unknown): Record<string, unknown>[] {
    if (isRecord(value) && "url" in value) return [value];
    return records(isRecord(value) ? Object.values(value) : value).filter(({ url }) => url !== undefined);
}

/** A gateway that gives each of its clients a tenant by a `map`, and writes to every address that it passes on to. */
function gatewayWriters(text: string): Omit<Access, "object" | "namespace">[] {
    const variable = /proxy_set_header\s+X-Scope-OrgID\s+\$(\w+);/i.exec(text)?.[1];
    const map = [...text.matchAll(/map\s+\$\w+\s+\$(\w+)\s*\{([^}]*)\}/g)].find(([, to]) => to === variable);
    const given = [...(map?.[2] ?? "").matchAll(/"[^"]*"\s+"([^"]*)";/g)].map(([, tenant]) => tenant);
    const urls = [...text.matchAll(/set\s+\$target\s+"([^"]+)";/g)].map(([, url]) => url ?? "");
    return urls.flatMap((url) =>
        given.map((tenant) => ({ ...PUSH, part: "gateway", url, tenant, purposes: ["push", "otlp"] as const })),
    );
}

/** What Grafana puts behind a data source's address, by its type. */
const ASKED: Readonly<Record<string, string>> = {
    prometheus: "/api/v1/query",
    loki: "/loki/api/v1/query",
    tempo: "/api/search",
};

function reader(source: Record<string, unknown>): Omit<Access, "object" | "namespace"> {
    const names = record(source.jsonData);
    const values = record(source.secureJsonData);
    const tenant = Object.entries(names)
        .filter(
            ([key, name]) => key.startsWith("httpHeaderName") && String(name).toLowerCase() === HEADER.toLowerCase(),
        )
        .map(([key]) => values[key.replace("Name", "Value")])
        .at(0);
    const asked = ASKED[String(source.type)];
    const isAlertmanager = source.type === "alertmanager" && names.implementation === "prometheus";
    return {
        part: `data source ${String(source.name)}`,
        url: String(source.url),
        writes: false,
        tenant: typeof tenant === "string" ? tenant : undefined,
        purposes: isAlertmanager ? ALERTS.purposes : asked === undefined ? [] : ["query"],
        appends: isAlertmanager ? ALERTS.appends : [asked ?? ""],
    };
}

function header(headers: unknown): string | undefined {
    const [, value] =
        Object.entries(record(headers)).find(([name]) => name.toLowerCase() === HEADER.toLowerCase()) ?? [];
    return typeof value === "string" ? value : undefined;
}

function parsedAlloy(text: string): Statement[] {
    try {
        return parseAlloy(text);
    } catch {
        // Another check's finding.
        return [];
    }
}

/** Where an Alloy sends to: blocks of exporters that have an address. */
function sinks(statements: readonly Statement[], part = ""): Target[] {
    return statements.flatMap((each) => {
        if (!("block" in each)) return [];
        const name = part === "" ? [each.block, each.label].filter(Boolean).join(".") : part;
        const inner = sinks(each.body, each.block === "declare" ? "" : name);
        if (!/^(prometheus\.remote_write|loki\.write|otelcol\.exporter\.)/.test(name)) return inner;
        const url = valueOf(each, "url") ?? valueOf(each, "endpoint");
        return url === undefined ? inner : [...inner, { part: name, url, tenant: tenantOf(each), ...sent(name) }];
    });
}

function sent(name: string): Pick<Access, "purposes" | "appends"> {
    if (/^(prometheus\.remote_write|loki\.write)/.test(name)) return PUSH;
    if (!name.startsWith("otelcol.exporter.otlphttp")) return { purposes: [], appends: [] };
    return { purposes: ["otlp"], appends: ["/v1/metrics", "/v1/logs", "/v1/traces"] };
}

function tenantOf(block: Block): string | undefined {
    return valueOf(block, "tenant_id") ?? attribute(block, "headers")?.members.get(HEADER);
}

function attribute(block: Block, name: string) {
    return block.body.filter((each) => "attribute" in each).find((each) => each.attribute === name);
}

function valueOf(block: Block, name: string): string | undefined {
    return attribute(block, name)?.value;
}

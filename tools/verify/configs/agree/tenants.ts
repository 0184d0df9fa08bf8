import { parseGoYaml } from "../../../go-yaml";
import { at, isRecord, record, records } from "../../../records";
import type { Check } from "../../check";
import type { Found } from "../../finding";
import { nameOf, specOf, type ClusterModel } from "../../cluster-model";
import { parseAlloy, type Block, type Statement } from "../alloy-syntax";
import { configFiles, type ConfigFile } from "../files";
import { carriersIn } from "../rule-readers";
import { configured, isOn, storesOf, tenantLimits, type Store } from "./stores";

const HEADER = "X-Scope-OrgID";

export const tenants: Check = {
    name: "tenants",
    promise: "Whoever writes to or reads from a store with tenants says whose it is, and what is read has a writer",
    run: (model) => {
        return storesOf(model)
            .filter(hasTenants)
            .flatMap((store) => {
                const own = accessesTo(model, store);
                return [
                    ...own.filter(({ tenant }) => tenant === undefined).map(nobodys(store)),
                    ...unwritten(store, own, tenantLimits(model, store)),
                ];
            });
    },
};

/** Somebody who speaks to a store. */
interface Access {
    readonly object: string;
    /** Which part of the object speaks. */
    readonly part: string;
    readonly url: string;
    readonly writes: boolean;
    /** Undefined where none is said. */
    readonly tenant: string | undefined;
}

/** Tenants of a store that Grafana's data sources read. */
export function readTenants(model: ClusterModel, store: Store): string[] {
    const read = accessesTo(model, store).flatMap(({ writes, tenant }) => (writes ? [] : (tenant?.split("|") ?? [])));
    return [...new Set(read)].sort();
}

function accessesTo(model: ClusterModel, { namespace }: Store): Access[] {
    const all = [
        ...prometheusWriters(model),
        ...storesOf(model).flatMap(storeWriters),
        ...configFiles(model).files.flatMap(accessesOf),
    ];
    return all.filter(({ url }) => isIn(url, namespace));
}

export function hasTenants(store: Store): boolean {
    return configured(store, ...store.tenants) === true;
}

function isIn(url: string, namespace: string | undefined): boolean {
    return (
        namespace !== undefined &&
        new RegExp(`^(?:\\w+://)?[\\w.-]+\\.${namespace}(?:\\.svc[\\w.]*)?(?:[:/]|$)`).test(url)
    );
}

function nobodys(store: Store) {
    return ({ object, part, url }: Access): Found => ({
        object,
        found: `${part}: no ${HEADER} for ${url}`,
        wanted: `the tenant: ${store.program} answers 401 without`,
        hint: `the program hands each user of ${store.program} its tenant: something under \`values\` takes it away`,
    });
}

/** Who sends as a tenant with limits of its own need not be part of the platform. */
function unwritten(store: Store, accesses: readonly Access[], limited: ReturnType<typeof tenantLimits>): Found[] {
    const writers = accesses.flatMap(({ writes, tenant }) => (writes && tenant !== undefined ? [tenant] : []));
    if (writers.length === 0) return [];
    const written = new Set([...writers, ...limited.map(({ tenant }) => tenant)]);
    return accesses.flatMap(({ object, part, writes, tenant }) => {
        // Several tenants are read at once as a|b.
        const lacking = writes ? [] : (tenant?.split("|") ?? []).filter((each) => !written.has(each));
        return lacking.map((each) => ({
            object,
            found: `${part} reads tenant ${each} of ${store.program}`,
            wanted: `a tenant that something writes, or that has limits: ${[...written].sort().join(", ")}`,
            hint: "one setting gives writers and readers their tenant: something under `values` changes it",
        }));
    });
}

function prometheusWriters(model: ClusterModel): Access[] {
    return model.ofKind("Prometheus").flatMap((each) =>
        records(specOf(each.object).remoteWrite).map((target) => ({
            object: nameOf(each),
            part: "remoteWrite",
            url: String(target.url),
            writes: true,
            tenant: header(target.headers),
        })),
    );
}

function accessesOf(file: ConfigFile): Access[] {
    const object = nameOf(file.holder);
    if (file.program === "alloy") {
        return [
            ...sinks(parsedAlloy(file.text)).map((sink) => ({ object, writes: true, ...sink })),
            ...carriersIn(file.text).map((component) => ({
                object,
                part: `${component.block}.${String(component.label)}`,
                url: valueOf(component, "address") ?? "",
                // What it carries are rules: they read the tenant's lines.
                writes: false,
                tenant: tenantOf(component),
            })),
        ];
    }
    if (file.program === "nginx") return gatewayWriters(object, file.text);
    if (file.kind !== "datasources") return [];
    return records(at(parseGoYaml(file.text).value, "datasources")).map((source) => reader(object, source));
}

/** A store that writes what it makes of its data to another. */
function storeWriters(store: Store): Access[] {
    const { remoteWrite: told, object, config } = store;
    if (told === undefined || !isOn(store, told.onlyIf)) return [];
    const itsOwn = told.tenantIfAll.every((key) => configured(store, ...key) === true) ? "the data's own" : undefined;
    return told.targets
        .flatMap((path) => targetsOf(at(config, path)))
        .map(({ url, headers }) => ({
            ...{ object, part: told.part, url: String(url), writes: true },
            tenant: header(headers) ?? itsOwn,
        }));
}

/** One target, or those of a list or a map. */
function targetsOf(value: unknown): Record<string, unknown>[] {
    if (isRecord(value) && "url" in value) return [value];
    return records(isRecord(value) ? Object.values(value) : value).filter(({ url }) => url !== undefined);
}

/** A gateway that gives each of its users a tenant by a `map`, and writes to every address that it passes on to. */
function gatewayWriters(object: string, text: string): Access[] {
    const variable = /proxy_set_header\s+X-Scope-OrgID\s+\$(\w+);/i.exec(text)?.[1];
    const map = [...text.matchAll(/map\s+\$(?:remote_user|ssl_client_s_dn)\s+\$(\w+)\s*\{([^}]*)\}/g)].find(
        ([, to]) => to === variable,
    );
    const given = [...(map?.[2] ?? "").matchAll(/"[^"]*"\s+"([^"]*)";/g)].map(([, tenant]) => tenant);
    const urls = [...text.matchAll(/set\s+\$target\s+"([^"]+)";/g)].map(([, url]) => url ?? "");
    return urls.flatMap((url) => given.map((tenant) => ({ object, part: "gateway", url, writes: true, tenant })));
}

function reader(object: string, source: Record<string, unknown>): Access {
    const names = record(source.jsonData);
    const values = record(source.secureJsonData);
    const tenant = Object.entries(names)
        .filter(
            ([key, name]) => key.startsWith("httpHeaderName") && String(name).toLowerCase() === HEADER.toLowerCase(),
        )
        .map(([key]) => values[key.replace("Name", "Value")])
        .at(0);
    return {
        object,
        part: `data source ${String(source.name)}`,
        url: String(source.url),
        writes: false,
        tenant: typeof tenant === "string" ? tenant : undefined,
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
function sinks(statements: readonly Statement[], part = ""): Pick<Access, "part" | "url" | "tenant">[] {
    return statements.flatMap((each) => {
        if (!("block" in each)) return [];
        const name = part === "" ? [each.block, each.label].filter(Boolean).join(".") : part;
        const inner = sinks(each.body, each.block === "declare" ? "" : name);
        if (!/^(prometheus\.remote_write|loki\.write|otelcol\.exporter\.)/.test(name)) return inner;
        const url = valueOf(each, "url") ?? valueOf(each, "endpoint");
        return url === undefined ? inner : [...inner, { part: name, url, tenant: tenantOf(each) }];
    });
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

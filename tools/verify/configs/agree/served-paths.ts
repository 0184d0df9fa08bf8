import type { Check } from "../../check";
import { specOf, type ClusterModel } from "../../cluster-model";
import type { Found } from "../../finding";
import type { Purpose } from "../../program";
import { addressesIn } from "../../wiring/addresses";
import { resolve, type Endpoint } from "../../wiring/endpoints";
import { wiringOf } from "../../wiring/wiring";
import { configFiles, type ConfigFile } from "../files";
import { accessesOf, type Access } from "./accesses";
import { configured, storesOf, type Store } from "./stores";

export const servedPaths: Check = {
    name: "served-paths",
    promise: "Whoever pushes, asks or tells alerts calls a path that the other side answers for that purpose",
    run: (model) => accessesOf(model).flatMap((access) => lost(model, access)),
};

/** What stands at an address, and the paths that it takes there. */
interface Door {
    readonly title: string;
    readonly paths: readonly string[];
    /** Why a path that the program has is no use at this door. */
    readonly refuses?: (path: string) => string | undefined;
}

function lost(model: ClusterModel, access: Access): Found[] {
    const { object, part, url, purposes, appends } = access;
    const [door] = purposes.length === 0 ? [] : doorsAt(model, access);
    const base = pathOf(url);
    if (door === undefined || base === undefined) return [];
    const calls = appends.map((more) => `${base.replace(/\/$/, "")}${more}` || "/");
    // What is told in full is called as it is.
    const exact = appends.every((more) => more === "") ? [base] : calls;
    const right = exact.filter((path) => door.paths.includes(path));
    const refused = right.map((path) => door.refuses?.(path));
    if (refused.includes(undefined)) return [];
    const [why = `${door.title} has no such path for this`] = refused;
    return [
        {
            object,
            found: `${part} calls ${exact.join(" or ")} at ${url}: ${why}`,
            wanted: door.paths.length === 0 ? "another address" : door.paths.join(" or "),
            hint: `${purposes.join(" or ")}: the program hands out whole addresses: something under \`values\` changes it`,
        },
    ];
}

/** The path of an address, `/` where it has none; undefined where it is no address of HTTP. */
function pathOf(url: string): string | undefined {
    const [, path] = /^https?:\/\/[^/?#\s]+([^?#\s]*)/i.exec(url) ?? [];
    return path === "" ? "/" : path;
}

function doorsAt(model: ClusterModel, { url, namespace, purposes }: Access): Door[] {
    const wiring = wiringOf(model);
    const ends = addressesIn(url, { key: "url", hasNamespace: wiring.hasNamespace }).flatMap((address) => {
        const resolved = resolve(wiring, address, namespace);
        return resolved.kind === "endpoints" ? resolved.endpoints : [];
    });
    return ends.flatMap((end) => [...operated(end, purposes), ...stores(model, end, purposes)]);
}

/** Prometheus and Alertmanager, which the operator puts below a prefix. */
const OPERATED: Readonly<Record<string, Partial<Record<Purpose, string>>>> = {
    Prometheus: { query: "/api/v1/query", push: "/api/v1/write" },
    Alertmanager: { alerts: "/api/v2/alerts" },
};

function operated({ pods }: Endpoint, purposes: readonly Purpose[]): Door[] {
    const { kind } = pods.owner.object;
    const serves = OPERATED[kind];
    if (serves === undefined) return [];
    const { routePrefix } = specOf(pods.owner.object);
    const prefix = typeof routePrefix === "string" ? routePrefix.replace(/\/$/, "") : "";
    return [{ title: kind, paths: purposes.flatMap((each) => serves[each] ?? []).map((path) => `${prefix}${path}`) }];
}

/** A store, or the gateway before it. */
function stores(model: ClusterModel, { pods, port }: Endpoint, purposes: readonly Purpose[]): Door[] {
    const read = configFiles(model).files.filter(
        ({ kind, readers }) => kind === "main" && readers.some((reader) => reader.pods.owner === pods.owner),
    );
    return read.flatMap((file) => {
        const gateway = file.program === "nginx";
        return storesOf(model)
            .filter(({ namespace, program }) =>
                gateway
                    ? namespace === file.holder.namespace
                    : program === file.program && namespace === pods.namespace,
            )
            .map((store) => ({
                title: store.title,
                paths: pathsOf(store, purposes, gateway),
                ...(gateway && { refuses: (path: string) => refusal(file, port, purposes, path) }),
            }));
    });
}

function pathsOf(store: Store, purposes: readonly Purpose[], gateway: boolean): string[] {
    return store.serves
        .filter(({ purpose, byGateway = false }) => purposes.includes(purpose) && (gateway || !byGateway))
        .map(({ path, below = [] }) => {
            const prefixes = below.map((key) => String(configured(store, ...key)).replace(/\/$/, ""));
            return `${prefixes.join("")}${path}`;
        });
}

/** Why a gateway that sorts its calls by port, method and path refuses one; the first line that fits counts, as in nginx. */
function refusal({ text }: ConfigFile, port: number, purposes: readonly Purpose[], path: string): string | undefined {
    const map = /map "\$server_port \$request_method \$uri" \$call \{([^}]*)\}/.exec(text)?.[1];
    if (map === undefined) return undefined;
    const method = purposes.every((each) => each === "query" || each === "rules") ? "GET" : "POST";
    const lines = [...map.matchAll(/^\s*"~(.+)" (\w+);$/gm)];
    const sorted = lines.find(([, form = ""]) => fits(form, `${port} ${method} ${path}`))?.[2];
    return sorted === undefined || sorted === "refused" ? `the gateway's port ${port} does not take it` : undefined;
}

/** An expression that is nginx' alone fits nothing here. */
function fits(form: string, call: string): boolean {
    try {
        return new RegExp(form).test(call);
    } catch {
        return false;
    }
}

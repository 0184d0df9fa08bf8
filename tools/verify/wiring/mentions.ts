import { records } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Pods } from "../pods";
import type { ClusterModel } from "../cluster-model";
import { addressesIn, type Address } from "./addresses";
import { environmentOf, ofContainer } from "./environment";
import { modulesOf, readersOf } from "./readers";
import { textsOf, type Text } from "./texts";
import { filled } from "./variables";
import { wiringOf } from "./wiring";

/** An address where a program finds it. */
export interface Mention {
    readonly at: RenderedObject;
    /** Keys down to it. */
    readonly path: readonly string[];
    readonly address: Address;
    /** Where short names are looked for. */
    readonly namespace: string;
    /** Pods that read it and call it. */
    readonly callers: readonly Pods[];
}

const known = new WeakMap<ClusterModel, Mention[]>();

/** Every address in what the stack renders, each once for each place. */
export function mentionsOf(model: ClusterModel): Mention[] {
    const mentions = known.get(model) ?? model.objects.flatMap((object) => inObject(model, object));
    known.set(model, mentions);
    return mentions;
}

function inObject(model: ClusterModel, object: RenderedObject): Mention[] {
    const texts = textsOf(object);
    if (texts.length === 0) return [];
    const readers = readersOf(model, object);
    const namespace = object.namespace ?? "default";
    const lookup = environmentOf(model, readers);
    const { hasNamespace } = wiringOf(model);
    return [...texts, ...environmentPairs(model, readers, object)].flatMap((text) => {
        const { key, value } = keyed(text);
        const addresses = [...addressesIn(filled(value, lookup), { key, hasNamespace }), ...(structured(text) ?? [])];
        const callers = isCalled(key) ? modulesOf(readers, text.path) : [];
        return addresses.map((address) => ({
            at: object,
            path: text.path,
            address: withPort(address, key, text),
            namespace,
            callers,
        }));
    });
}

/** The key that says what a text is: of its map, of an environment variable, of a flag, or of a line's assignment. */
export function keyed({ path, text, within }: Text): { key: string; value: string } {
    const last = [...path].reverse().find((key) => !/^\d+$/.test(key)) ?? "";
    const assignment = /^\s*-{0,2}([\w.-]+)\s*(?:=|:\s)\s*(.*)$/s.exec(text);
    if (last.startsWith("line ") || (/^(args|command)$/.test(last) && assignment !== null)) {
        const directive = /^\s*([a-z_]+)\s+(.*);\s*$/.exec(text);
        const [, key, value] = assignment ?? directive ?? [];
        return key === undefined || value === undefined ? { key: "", value: text } : { key, value };
    }
    if (last === "value" && typeof within.name === "string") return { key: within.name, value: text };
    return { key: last, value: text };
}

/**
 * A program advertises its own public address to others, and does not call it itself; nor does the Job call what it puts into
 * OpenSearch's security, where nodes read it.
 */
function isCalled(key: string): boolean {
    return !/external[._-]*url|root_url|advertise|_domain|trusted_origins|openid_connect_url/i.test(key);
}

/** Ports that the readers know without being told. */
function withPort(address: Address, key: string, { path, within }: Text): Address {
    if (address.port !== undefined || address.service !== undefined) return address;
    // dskit's memberlist joins at its own port: github.com/grafana/dskit, kv/memberlist.
    if (path.includes("join_members")) {
        return { ...address, port: typeof within.bind_port === "number" ? within.bind_port : 7946 };
    }
    if (key === "resolver") return { ...address, service: { port: "dns", protocol: "UDP" } };
    return address;
}

/** Addresses that are spread over several keys of a map. */
function structured({ path, text, within }: Text): Address[] | undefined {
    const key = path.at(-1);
    const { host, service, namespace, port } = within;
    // Memcached clients look `_service._tcp.host` up.
    if (key === "host" && text === host && typeof service === "string" && !host.includes(":")) {
        return [
            { text: `_${service}._tcp.${host}`, host, port: undefined, service: { port: service, protocol: "TCP" } },
        ];
    }
    // A Prometheus' Alertmanagers.
    if (path.includes("alertmanagers") && key === "name" && typeof namespace === "string") {
        const full = `${text}.${namespace}.svc`;
        const asked = typeof port === "number" ? port : undefined;
        const service = typeof port === "string" ? ({ port, protocol: "TCP" } as const) : undefined;
        return [{ text: `${full}:${asked ?? service?.port ?? "?"}`, host: full, port: asked, service }];
    }
    return undefined;
}

/** Addresses that two variables make together: `NAME_HOST` and `NAME_PORT`. */
function environmentPairs(model: ClusterModel, readers: readonly Pods[], object: RenderedObject): Text[] {
    return readers
        .filter(({ owner }) => owner === object)
        .flatMap(({ namespace, spec }) =>
            [...records(spec.initContainers), ...records(spec.containers)].map((container) => ({
                namespace,
                container,
            })),
        )
        .flatMap(({ namespace, container }) => {
            const values = ofContainer(model, namespace, container);
            return [...values].flatMap(([name, host]): Text[] => {
                const [, stem] = /^(.+)_(?:HOST|ENDPOINT|ADDR|ADDRESS)$/.exec(name) ?? [];
                const port = stem === undefined ? undefined : values.get(`${stem}_PORT`);
                if (typeof host !== "string" || typeof port !== "string" || host.includes(":")) return [];
                const path = ["container", String(container.name), "env", name];
                return [{ path, text: `${host}:${port}`, within: {} }];
            });
        });
}

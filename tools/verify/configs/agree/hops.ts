import { parseGoYaml } from "../../../go-yaml";
import { at } from "../../../records";
import { nameOf, type ClusterModel } from "../../cluster-model";
import type { Found } from "../../finding";
import type { Pods } from "../../pods";
import { PUSH } from "../../program";
import { addressesIn } from "../../wiring/addresses";
import { resolve } from "../../wiring/endpoints";
import { wiringOf, type Wiring } from "../../wiring/wiring";
import { AlloySyntaxError, parseAlloy, type Block, type Statement } from "../alloy-syntax";
import { configFiles, type ConfigFile } from "../files";

/** Bytes that something takes at once on a port. */
interface Door {
    readonly object: string;
    readonly what: string;
    readonly bytes: number;
    /** Whether applications push here: then it takes the largest push that the platform promises to take. */
    readonly promised: boolean;
}

/** Something that sends to an address. */
interface Sender {
    readonly object: string;
    readonly namespace: string;
    readonly what: string;
    readonly url: string;
    /** Infinity where nothing bounds it. */
    readonly bytes: number;
}

const MIB = 2 ** 20;

/** Batches that may be larger than what the next hop takes, from the collectors to the stores, and doors that are too small for a push. */
export function hops(model: ClusterModel): Found[] {
    const wiring = wiringOf(model);
    const files = configFiles(model).files.filter(({ kind }) => kind === "main");
    return [
        ...files
            .flatMap(doorsOf)
            .filter(({ promised, bytes }) => promised && bytes < PUSH)
            .map(narrow),
        ...files.flatMap(sendersOf).flatMap((sender) => refused(sender, doorsBehind(wiring, files, sender))),
    ];
}

function narrow({ object, what, bytes }: Door): Found {
    return {
        object,
        found: `${what} takes ${bytes} bytes at once`,
        wanted: `at least ${PUSH}, the largest push`,
        hint: "components/contracts/push-sizes.ts; something under `values` changes it",
    };
}

function refused({ object, what, bytes, url }: Sender, doors: readonly Door[]): Found[] {
    const [narrowest] = [...doors].sort((a, b) => a.bytes - b.bytes);
    if (narrowest === undefined || narrowest.bytes >= bytes) return [];
    const may = bytes === Infinity ? "batches of any size" : `${bytes} bytes`;
    return [
        {
            object,
            found: `${what} may send ${may} to ${url}, ${narrowest.what} of ${narrowest.object} takes ${narrowest.bytes}`,
            wanted: `batches of at most ${narrowest.bytes} bytes: a larger one is refused for good, and dropped`,
            hint: "components/contracts/push-sizes.ts; something under `values` changes it",
        },
    ];
}

/** What stands at an address, and behind it where that is a gateway: the store of its namespace. */
function doorsBehind(wiring: Wiring, files: readonly ConfigFile[], { url, namespace }: Sender): Door[] {
    const hint = { key: "url", hasNamespace: wiring.hasNamespace };
    const ends = addressesIn(url, hint).flatMap((address) => {
        const resolved = resolve(wiring, address, namespace);
        return resolved.kind === "endpoints" ? resolved.endpoints : [];
    });
    const direct = ends.flatMap(({ pods, port }) =>
        files.filter((file) => isReadBy(file, pods)).map((file) => ({ file, port })),
    );
    return direct.flatMap(({ file, port }) => {
        if (file.program !== "nginx") return takes(file, port);
        const stores = files.filter((each) => each.holder.namespace === file.holder.namespace && each !== file);
        return [...takes(file, port), ...stores.flatMap((store) => takes(store, OTLP_HTTP).filter(isBurst))];
    });
}

/** Alloy's configuration is mounted by its operator and has the name of the collector. */
function isReadBy({ program, readers, holder }: ConfigFile, { namespace, name, ...pods }: Pods): boolean {
    if (program !== "alloy") return readers.some((reader) => reader.pods.owner === pods.owner);
    return holder.namespace === namespace && holder.object.metadata.name === name;
}

const [OTLP_GRPC, OTLP_HTTP] = [4317, 4318];

function isBurst({ what }: Door): boolean {
    return what.includes("burst");
}

function doorsOf(file: ConfigFile): Door[] {
    const doors = [OTLP_GRPC, OTLP_HTTP].flatMap((port) => takes(file, port));
    return [...new Map(doors.map((door) => [door.what, door])).values()];
}

/** What a program takes at once on a port. Fallbacks: the pinned versions' own defaults, from their references. */
function takes(file: ConfigFile, port: number): Door[] {
    const object = nameOf(file.holder);
    const door = (what: string, bytes: unknown, promised = true): Door => ({
        object,
        what,
        bytes: Number(bytes),
        promised,
    });
    if (file.program === "nginx") return [door("client_max_body_size", nginxLimit(file.text))];
    if (file.program === "alloy") return alloyDoors(file).filter((each) => each.port === port);
    const config = parseGoYaml(file.text).value;
    const get = (path: string, fallback: unknown) => at(config, path) ?? fallback;
    if (file.program === "loki") {
        return [
            door(
                "limits_config.ingestion_burst_size_mb",
                Number(get("limits_config.ingestion_burst_size_mb", 6)) * MIB,
            ),
        ];
    }
    if (file.program !== "tempo") return [];
    const receivers = "distributor.receivers.otlp.protocols";
    const grpc = Number(get(`${receivers}.grpc.max_recv_msg_size_mib`, 4)) * MIB;
    const http = get(`${receivers}.http.max_request_body_size`, 20 * MIB);
    return [
        port === OTLP_GRPC
            ? door("the receiver of OTLP over gRPC", grpc)
            : door("the receiver of OTLP over HTTP", http),
        door(
            "the burst of overrides.defaults.ingestion",
            get("overrides.defaults.ingestion.burst_size_bytes", 20_000_000),
        ),
    ];
}

/** The smallest that the file says, for each server may have its own; a megabyte where it says nothing. */
function nginxLimit(text: string): number {
    const units: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: MIB, g: 2 ** 30 };
    const said = [...text.matchAll(/client_max_body_size\s+(\d+)([kmg]?);/gi)];
    const sizes = said.map(([, digits, unit = ""]) => Number(digits) * (units[unit.toLowerCase()] ?? 1));
    // Zero is no limit.
    return sizes.length === 0 ? MIB : Math.min(...sizes.map((size) => (size === 0 ? Infinity : size)));
}

function alloyDoors(file: ConfigFile): (Door & { port: number })[] {
    return blocks(file, (name) => name === "otelcol.receiver.otlp").flatMap((receiver) => {
        const what = (protocol: string) => `${nameIn(receiver)}'s ${protocol}`;
        const of = (protocol: string, port: number, key: string, fallback: string) =>
            inner(receiver, protocol).map((block) => ({
                ...{ object: nameOf(file.holder), what: what(protocol), port, promised: true },
                bytes: alloyBytes(valueOf(block, key) ?? fallback),
            }));
        return [
            ...of("grpc", OTLP_GRPC, "max_recv_msg_size", "4MiB"),
            ...of("http", OTLP_HTTP, "max_request_body_size", "20MiB"),
        ];
    });
}

/** Samples of one remote write, each with its labels, as a rule of thumb. */
const SAMPLE_BYTES = 1024;

function sendersOf(file: ConfigFile): Sender[] {
    if (file.program !== "alloy") return [];
    const common = { object: nameOf(file.holder), namespace: file.holder.namespace ?? "" };
    return blocks(file, isSender).flatMap((block) => {
        const name = nameIn(block);
        const [client = block] = [...inner(block, "client"), ...inner(block, "endpoint")];
        const [resolver] = inner(block, "resolver").flatMap((each) => inner(each, "kubernetes"));
        const service = resolver === undefined ? undefined : valueOf(resolver, "service");
        const url =
            valueOf(client, "url") ??
            valueOf(client, "endpoint") ??
            (service === undefined ? undefined : `${service}:${OTLP_GRPC}`);
        return url === undefined ? [] : [{ ...common, what: name, url, bytes: largest(block, client) }];
    });
}

function isSender(name: string): boolean {
    return /^(loki\.write|prometheus\.remote_write|otelcol\.exporter\.(otlp|otlphttp|loadbalancing))$/.test(name);
}

function largest(block: Block, client: Block): number {
    if (block.block === "loki.write") return alloyBytes(valueOf(client, "batch_size") ?? "1MiB");
    if (block.block === "prometheus.remote_write") {
        const [queue] = inner(client, "queue_config");
        return SAMPLE_BYTES * Number((queue && valueOf(queue, "max_samples_per_send")) ?? 2000);
    }
    const [batch] = inner(block, "sending_queue").flatMap((each) => inner(each, "batch"));
    if (batch === undefined || valueOf(batch, "sizer") !== "bytes") return Infinity;
    return Number(valueOf(batch, "max_size") ?? Infinity);
}

function blocks(file: ConfigFile, wanted: (name: string) => boolean): Block[] {
    const within = (statements: readonly Statement[]): Block[] =>
        statements.flatMap((each) => (!("block" in each) ? [] : wanted(each.block) ? [each] : within(each.body)));
    try {
        return within(parseAlloy(file.text));
    } catch (problem) {
        // Another check's finding.
        if (problem instanceof AlloySyntaxError) return [];
        throw problem;
    }
}

function nameIn({ block, label }: Block): string {
    return [block, label].filter(Boolean).join(".");
}

function inner({ body }: Block, name: string): Block[] {
    return body.filter((each) => "block" in each).filter(({ block }) => block === name);
}

function valueOf({ body }: Block, name: string): string | undefined {
    return body.filter((each) => "attribute" in each).find(({ attribute }) => attribute === name)?.value;
}

function alloyBytes(size: string): number {
    const [, digits, unit] = /^(\d+)(B|KB|MB|GB|KiB|MiB|GiB)$/.exec(size) ?? [];
    const units: Readonly<Record<string, number>> = {
        ...{ B: 1, KB: 1e3, MB: 1e6, GB: 1e9 },
        ...{ KiB: 2 ** 10, MiB: MIB, GiB: 2 ** 30 },
    };
    return Number(digits) * (units[unit ?? ""] ?? Number.NaN);
}

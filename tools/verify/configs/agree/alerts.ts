import { parseGoYaml } from "../../../go-yaml";
import { at, record, records, strings } from "../../../records";
import type { Check } from "../../check";
import type { Found } from "../../finding";
import { nameOf, specOf } from "../../cluster-model";
import { configFiles, type ConfigFile } from "../files";
import { configured, storesOf, type Store } from "./stores";

export const alertReceivers: Check = {
    name: "alert-receivers",
    promise:
        "Every ruler tells each Alertmanager, every route ends at a receiver that there is, and every matcher can match",
    run: (model) => {
        const alertmanagers = model.ofKind("Alertmanager").map((each) => {
            const { replicas, portName } = specOf(each.object);
            return {
                replicas: Number(replicas ?? 1),
                port: typeof portName === "string" ? portName : "web",
                namespace: each.namespace,
            };
        });
        return [
            ...storesOf(model).flatMap((store) => alertmanagers.flatMap((each) => deafReplicas(store, each))),
            ...configFiles(model)
                .files.filter(({ program }) => program === "alertmanager")
                .flatMap((file) => [...routes(file), ...matchers(file)]),
        ];
    },
};

interface Alertmanagers {
    readonly replicas: number;
    readonly port: string;
    readonly namespace: string | undefined;
}

/** A ruler tells each address once; one Service in front of several would leave it to chance which of them hears. */
function deafReplicas(store: Store, { replicas, port, namespace }: Alertmanagers): Found[] {
    if (store.ruler === undefined) return [];
    const { alertmanagers, discovery } = store.ruler;
    const urls = String(configured(store, alertmanagers, ""))
        .split(",")
        .filter((url) => url.trim() !== "");
    if (urls.length === 0 || !urls.some((url) => url.includes(`.${String(namespace)}.`))) return [];
    const discovers = configured(store, discovery, false) === true;
    const service = urls.map((url) => /\/\/_([\w-]+)\._tcp\./.exec(url)?.[1]).find((name) => name !== undefined);
    const found = (text: string, wanted: string): Found[] => [
        {
            object: store.object,
            found: text,
            wanted,
            hint: "the program hands rulers the SRV name of all Alertmanagers: something under `values` changes it",
        },
    ];
    if (discovers && service === undefined) {
        return found(
            "ruler discovers Alertmanagers by an address that is no SRV name",
            `http://_${port}._tcp.SERVICE…`,
        );
    }
    if (!discovers && service !== undefined) {
        return found(`${alertmanagers} is an SRV name, and discovery is off`, `${discovery}: true`);
    }
    if (discovers && service !== port) {
        return found(
            `ruler looks for port ${String(service)} of Alertmanager`,
            `${port}, as Alertmanager's port is named`,
        );
    }
    if (!discovers && urls.length < replicas) {
        return found(
            `ruler tells ${urls.length} address of ${replicas} Alertmanagers`,
            "all of them, by SRV name and discovery",
        );
    }
    return [];
}

function routes({ text, holder }: ConfigFile): Found[] {
    const config = parseGoYaml(text).value;
    const receivers = new Set(records(at(config, "receivers")).map(({ name }) => String(name)));
    return [...new Set(receiversOf(record(at(config, "route"))))]
        .filter((name) => !receivers.has(name))
        .map((name) => ({
            object: nameOf(holder),
            found: `a route to receiver ${name}, which there is not`,
            wanted: `one of ${[...receivers].join(", ")}`,
            hint: "routes follow `alerting`",
        }));
}

function receiversOf(route: Record<string, unknown>): string[] {
    const own = typeof route.receiver === "string" ? [route.receiver] : [];
    return [...own, ...records(route.routes).flatMap(receiversOf)];
}

/** Alertmanager, and amtool, take `severity==critical` for the value `=critical`, which no alert has. */
function matchers({ text, holder }: ConfigFile): Found[] {
    const config = parseGoYaml(text).value;
    const inhibited = records(at(config, "inhibit_rules")).flatMap(({ source_matchers, target_matchers }) => [
        ...strings(source_matchers),
        ...strings(target_matchers),
    ]);
    return [...matchersOf(record(at(config, "route"))), ...inhibited]
        .filter((matcher) => /^[^=!~]*(=~|!~|!=|=(?!~))\s*[=!~]/.test(matcher))
        .map((matcher) => ({
            object: nameOf(holder),
            found: `the matcher ${matcher} compares with a text that begins with a sign`,
            wanted: 'a name, one of =, !=, =~ and !~, and a value: severity="critical"',
            hint: "routes follow `alerting`; a value that is meant so stands in quotes",
        }));
}

function matchersOf(route: Record<string, unknown>): string[] {
    return [...strings(route.matchers), ...records(route.routes).flatMap(matchersOf)];
}

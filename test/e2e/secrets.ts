import { gunzipSync } from "node:zlib";
import type { Kubectl } from "./kubectl";

const HELM = "helm.sh/release.v1";

function decode(base64: string): string {
    return Buffer.from(base64, "base64").toString("utf8");
}

/** What a Secret holds, and since when: Pulumi replaces one that changes. */
export interface SecretState {
    readonly data: Readonly<Record<string, string>>;
    readonly since: number;
}

/** Every Secret, by `namespace/name`. */
export async function secretStates(kubectl: Kubectl): Promise<Map<string, SecretState>> {
    return new Map(
        (await kubectl.list("secrets")).map(({ metadata, data = {} }) => [
            `${metadata.namespace ?? ""}/${metadata.name}`,
            {
                data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decode(value)])),
                since: Date.parse(metadata.creationTimestamp),
            },
        ]),
    );
}

/** Values of every Secret that the program made: what must stand nowhere else. */
export async function generatedSecrets(kubectl: Kubectl, names: readonly string[]): Promise<string[]> {
    const values = (await kubectl.list("secrets"))
        .filter((secret) => names.includes(secret.metadata.name))
        .flatMap((secret) => Object.values(secret.data ?? {}).map(decode));
    // Key ids and user names are no secrets; passwords have 40 characters.
    return [...new Set(values.filter((value) => value.length >= 40 && !value.includes("\n")))];
}

/** Texts in which no secret may stand, by name: Helm's records, ConfigMaps, pods and what makes pods. */
export async function readableTexts(kubectl: Kubectl): Promise<Map<string, string>> {
    const texts = new Map<string, string>();
    for (const record of (await kubectl.list("secrets")).filter((secret) => secret.type === HELM)) {
        const inner = decode(record.data?.release ?? "");
        texts.set(`Helm release ${record.metadata.name}`, gunzipSync(Buffer.from(inner, "base64")).toString("utf8"));
    }
    for (const kind of [
        "configmaps",
        "pods",
        "statefulsets",
        "deployments",
        "daemonsets",
        "jobs",
        "alloys",
        "prometheuses",
    ]) {
        for (const object of await kubectl.list(kind)) {
            texts.set(`${kind} ${object.metadata.namespace ?? ""}/${object.metadata.name}`, JSON.stringify(object));
        }
    }
    return texts;
}

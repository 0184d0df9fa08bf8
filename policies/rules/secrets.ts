import { examine, unchecked, type Check, type Finding } from "../finding";
import { at, isMap, texts, unknowns } from "../plain";
import type { Release } from "../release";

const NAMES =
    /^(.*[_.-])?(password|passwd|passphrase|secret|secret[_-]?key|secret[_-]?access[_-]?key|access[_-]?key[_-]?secret|token|bearer[_-]?token|api[_-]?key|client[_-]?secret|private[_-]?key|connection[_-]?string)$/i;
const CAMEL = /(Password|SecretKey|SecretAccessKey|AccessToken|ApiKey|ClientSecret|PrivateKey)$/;
/** Names of objects that hold a credential, not credentials. */
const REFERENCE = /^(existing|.*name$|.*ref$)/i;
/** To a variable, a file, or what is filled in later; Alloy's is an expression. */
const POINTER = /^\$|\{\{|^\/|^<.*>$|^sys\.env\("\w+"\)$/;
const WHY = "whoever reads the state, Helm's history or a diff has the credential";
const WANTED = "a reference to an existing Secret";

/** No credential stands in values. Findings never show the text. */
export function secrets(release: Release): Finding[] {
    const found = examine(release, [plaintext, ownCredentials]);
    return [
        ...found,
        ...unknowns(release.values).map((path) => unchecked(release.name, path, "unknown until deployed")),
    ];
}

const plaintext: Check = (release) =>
    texts(release.values).flatMap(({ path, text }) => {
        const kind = credential(release, path, text);
        if (kind === undefined) return [];
        return [
            {
                path: path.join("."),
                found: `${kind} of ${text.length} characters`,
                wanted: WANTED,
                why: WHY,
                setting: "the release's values",
            },
        ];
    });

function credential(release: Release, path: readonly string[], text: string): string | undefined {
    const key = path.at(-1) ?? "";
    if (text === "" || POINTER.test(text)) return undefined;
    const isName = (name: string) => !REFERENCE.test(name) && (NAMES.test(name) || CAMEL.test(name));
    const reference =
        path.at(-2) === "secretKeyRef" ||
        (path.at(-3) === "extraEnvSecrets" && ["secret", "key"].includes(key)) ||
        // OpenSearch Dashboards' chart takes the user by a Secret's name alone.
        path.slice(-2).join(".") === "opensearchAccount.secret" ||
        (/Key$/.test(key) && path.some((each) => each.startsWith("existing")));
    if (isName(key) && !reference && !isKeyName(release, path, key)) return "a plain credential";
    const name =
        key === "value"
            ? at(release.values, [...path.slice(0, -1), "name"].map((each) => `"${each}"`).join("."))
            : undefined;
    if (typeof name === "string" && isName(name)) return "a plain credential";
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return "a private key";
    if (/:\/\/[^/\s:@]+:[^/\s@$]+@/.test(text)) return "an address with a password, a text";
    if (/(secret|password|token)[\w.-]*[=:]\s*["']?[^\s"'$<{]{8,}/i.test(text)) return "a plain credential, a text";
    return looksRandom(text) ? "a random text" : undefined;
}

/** Key of a Secret beside the Secret's name, as Grafana's `admin.passwordKey`. */
function isKeyName(release: Release, path: readonly string[], key: string): boolean {
    if (key !== "existingSecretKey" && !/(user|password|secret)Key$/i.test(key)) return false;
    const parent = at(
        release.values,
        path
            .slice(0, -1)
            .map((each) => `"${each}"`)
            .join("."),
    );
    return isMap(parent) && Object.keys(parent).some((each) => each.startsWith("existingSecret"));
}

/** Long words of many different characters, or of hexadecimal digits: nobody writes those by hand. */
function looksRandom(text: string): boolean {
    return text
        .replaceAll(/sha256:[0-9a-f]{64}/g, "")
        .split(/[^A-Za-z0-9+/_]+/)
        .some((word) => {
            if (/^[0-9a-f]{32,}$/i.test(word) && /\d/.test(word) && /[a-f]/i.test(word)) return true;
            const mixed = /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);
            return word.length >= 20 && mixed && entropy(word) >= 3.8;
        });
}

function entropy(word: string): number {
    const counts = new Map<string, number>();
    for (const letter of word) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    return [...counts.values()].reduce((sum, n) => sum - (n / word.length) * Math.log2(n / word.length), 0);
}

/** Charts that make credentials of their own, known to all or new at each deployment, unless they are given a Secret. */
const ownCredentials: Check = (release) => {
    const missing = (path: string, setting: string) => {
        const value = release.get(path);
        const why =
            "the chart makes up a credential, which lands in Helm's history and may change with each deployment";
        return typeof value === "string" && value !== ""
            ? []
            : [{ path, found: "absent", wanted: WANTED, why, setting }];
    };
    if (release.chart === "kube-prometheus-stack" && release.get("grafana.enabled") !== false) {
        return missing("grafana.admin.existingSecret", "observability:kubePrometheusStack.values");
    }
    if (release.chart !== "minio") return [];
    const users = release.get("users");
    const open = (Array.isArray(users) ? users : []).filter(isMap).flatMap((user, index) => {
        const path = `users.${index}`;
        if (user["existingSecret"] === undefined) {
            return [
                {
                    path: `${path}.secretKey`,
                    found: "a plain credential, or the chart's known one",
                    wanted: WANTED,
                    why: WHY,
                    setting: "observability:objectStore.values",
                },
            ];
        }
        if (!["consoleAdmin", "readwrite", "writeonly"].includes(String(user["policy"]))) return [];
        const why = "one store's leaked key opens every store";
        return [
            {
                path: `${path}.policy`,
                found: String(user["policy"]),
                wanted: "a policy for its own buckets",
                why,
                setting: "observability:objectStore.values",
            },
        ];
    });
    return [...missing("existingSecret", "observability:objectStore.values"), ...open];
};

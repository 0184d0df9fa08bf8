import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSettings, readSettings } from "../../components/platform/settings";
import { report } from "../../components/settings/report";
import { settingEntries } from "../../tools/settings-reference/entries";
import { holds } from "../fixtures/property";

type Tree = Record<string, unknown>;
type Path = readonly (string | number)[];

/** A credential, numbered: each test puts a text of its own in its place. */
class Secret {
    constructor(readonly around: (word: string) => string) {}
}
const text = new Secret((word) => word);
const url = new Secret((word) => `https://hooks.example.com/${word}`);
/** An API key is of 16 letters and more. */
const key = new Secret((word) => `${word}${word}`);
const logins = new Secret((word) => `{"auths":{"docker.io":{"auth":"${word}"}}}`);

const channels = {
    slack: { apiUrl: url, channel: "#alerts" },
    email: { to: "a@b.de", from: "c@b.de", smarthost: "mail.b.de:587", username: "u", password: text },
    pagerduty: { routingKey: text },
    opsgenie: { apiKey: text },
    telegram: { botToken: text, chatId: 1 },
    webhook: { url },
};
const pair = { accessKeyId: text, secretAccessKey: text };
const pairs = { metrics: pair, logs: pair, traces: pair, database: pair, errors: pair };

/** Right settings with a credential wherever the schema has one. */
const EVERYTHING = {
    cluster: "c",
    domain: "a.example.com",
    survives: "zone",
    access: {
        kind: "ingress",
        className: "nginx",
        namespace: "edge",
        tls: { from: "issuer", clusterIssuer: "letsencrypt" },
    },
    objectStore: {
        kind: "s3",
        endpoint: "s3.example.com:443",
        region: "eu",
        credentials: pairs,
        readOnlyCredentials: pairs,
    },
    signoz: {
        enabled: true,
        clickhouse: { host: "clickhouse.clickhouse.svc.cluster.local", cluster: "c", user: "u", password: text },
    },
    logs: { kind: "elasticsearch", url: "https://logs.example.com:9200", keys: { writer: key, reader: key } },
    imagePullSecret: { from: "settings", dockerConfigJson: logins },
    database: { backup: {} },
    errors: {
        kind: "glitchtip",
        oidc: { name: "Login", serverUrl: "https://id.example.com", clientId: "errors", clientSecret: text },
        mail: { url: text, from: "errors@example.com" },
    },
    grafana: {
        oidc: {
            authUrl: "https://id.example.com/authorize",
            tokenUrl: "https://id.example.com/token",
            apiUrl: "https://id.example.com/userinfo",
            clientId: "grafana",
            clientSecret: text,
            admins: ["sre"],
        },
    },
    alerting: {
        ...channels,
        receivers: { shop: channels },
        routes: [{ receiver: "shop", team: "shop" }],
        heartbeatUrl: url,
    },
    backup: {
        target: {
            endpoint: "s3.example.org:443",
            bucket: "offsite",
            credentials: { from: "settings", ...pair },
        },
    },
};

/** Credentials that no stack has beside those above: their kind stands in the same role. */
const OF_OTHER_KINDS = ["logs.dashboards.oidc.clientSecret"];

/** Every place in a tree, maps and lists among them, outermost first. */
function places(tree: unknown, path: Path = []): Path[] {
    const own = path.length === 0 ? [] : [path];
    if (typeof tree !== "object" || tree === null || tree instanceof Secret) return own;
    const keys: (string | number)[] = Array.isArray(tree) ? [...tree.keys()] : Object.keys(tree);
    return [...own, ...keys.flatMap((key) => places((tree as Tree)[key], [...path, key]))];
}

function at(tree: unknown, path: Path): unknown {
    return path.reduce<unknown>((inner, key) => (inner as Tree)[key], tree);
}

/** The tree with each credential in words, which are unique. */
function written(tree: unknown, words: Iterator<string>): unknown {
    if (tree instanceof Secret) {
        const word = String(words.next().value);
        return tree.around(word);
    }
    if (Array.isArray(tree)) return tree.map((each) => written(each, words));
    if (typeof tree !== "object" || tree === null) return tree;
    return Object.fromEntries(Object.entries(tree).map(([key, inner]) => [key, written(inner, words)]));
}

const SECRETS = places(EVERYTHING).filter((path) => at(EVERYTHING, path) instanceof Secret);
const PLACES = places(EVERYTHING);

/** Texts that occur nowhere else: neither in settings nor in what is said about them. */
const credentials = fc.noShrink(
    fc.uniqueArray(fc.stringMatching(/^[A-Z0-9]{12}$/), {
        minLength: SECRETS.length,
        maxLength: SECRETS.length,
    }),
);

/** What people do wrong at a key: what stands there instead. */
const SLIPS = {
    misspelt: (key: string, value: unknown) => ({ [`${key}x`]: value }),
    "with a letter less": (key: string, value: unknown) => ({ [key.slice(1)]: value }),
    "with letters that have changed places": (key: string, value: unknown) => ({
        [key.slice(1, 2) + key.slice(0, 1) + key.slice(2)]: value,
    }),
    "in another case": (key: string, value: unknown) => ({ [key.toUpperCase()]: value }),
    "one level too deep": (key: string, value: unknown) => ({ [key]: { [key]: value } }),
    "in a list": (key: string, value: unknown) => ({ [key]: [value] }),
    absent: () => ({}),
    nothing: (key: string) => ({ [key]: null }),
} as const;

/** The same of a credential, at a place where one belongs: elsewhere nobody could know it for one. */
const MISPLACED = {
    "a credential instead": (key: string, credential: string) => ({ [key]: credential }),
    "a number of it": (key: string, credential: string) => ({ [key]: Number.parseInt(credential, 36) }),
    "credentials in a list": (key: string, credential: string) => ({ [key]: [credential, 1] }),
    "a credential in a map": (key: string, credential: string) => ({ [key]: { value: credential, key: [credential] } }),
} as const;

type Mistake = keyof typeof SLIPS | keyof typeof MISPLACED;
const MISTAKES = [...Object.keys(SLIPS), ...Object.keys(MISPLACED)] as Mistake[];

/** What stands at a key after a mistake. */
function after(mistake: Mistake, place: Path, value: unknown, credential: string): Tree {
    const key = String(place.at(-1));
    if (mistake in SLIPS) return SLIPS[mistake as keyof typeof SLIPS](key, value);
    return belongsTo(place) ? MISPLACED[mistake as keyof typeof MISPLACED](key, credential) : { [key]: value };
}

const mistakes = fc.array(
    fc.record({
        place: fc.constantFrom(...PLACES),
        mistake: fc.constantFrom(...MISTAKES),
        which: fc.nat(SECRETS.length - 1),
    }),
    { minLength: 1, maxLength: 4 },
);

/** Whether a credential stands at a place, or below. */
function belongsTo(place: Path): boolean {
    return SECRETS.some((path) => place.every((key, i) => path[i] === key));
}

/** Settings with mistakes; one whose place an earlier has taken away is none. */
function mistaken(words: readonly string[], made: readonly { place: Path; mistake: Mistake; which: number }[]): Tree {
    const tree = written(EVERYTHING, words.values()) as Tree;
    for (const { place, mistake, which } of made) {
        const inside = place
            .slice(0, -1)
            .reduce<unknown>(
                (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Tree)[key] : undefined),
                tree,
            );
        const key = String(place.at(-1));
        if (typeof inside !== "object" || inside === null || !Object.hasOwn(inside, key)) continue;
        const { [key]: value } = inside as Tree;
        Reflect.deleteProperty(inside, key);
        Object.assign(inside, after(mistake, place, value, words[which] ?? ""));
    }
    return tree;
}

/** Words that a text repeats, also as the number that they are in letters and digits. */
function repeated(message: string, words: readonly string[]): string[] {
    return words.filter((word) => [word, String(Number.parseInt(word, 36))].some((each) => message.includes(each)));
}

/** What is read of those settings and has no use beside the rest: Elasticsearch has no bucket. */
const UNUSED = ["objectStore.credentials.logs", "objectStore.readOnlyCredentials.logs"];

describe("a report of wrong settings, whatever is wrong", function () {
    this.timeout(0);

    it("is looked at with every credential that the settings know", () => {
        const secrets = settingEntries().filter(
            ({ path, meaning }) => meaning.secret === true && !OF_OTHER_KINDS.includes(path),
        );
        const known = new Set(
            SECRETS.map((path) => path.join(".").replace(/^alerting\.receivers\.shop\./, "alerting.receivers.<name>.")),
        );
        // A map whose meaning is told as a whole has no list of what is in it: the same keys stand above.
        const listed = [...known].filter((path) => !path.startsWith("alerting.receivers."));
        assert.deepEqual(secrets.map(({ path }) => path).sort(), listed.sort());
        const words = SECRETS.map((_, i) => `WORD${String(i).padStart(8, "0")}`);
        const result = parseSettings(written(EVERYTHING, words.values()) as Tree);
        const problems = "problems" in result ? result.problems : [];
        assert.deepEqual(
            problems.map(({ path, fix }) => ({ path, fix })),
            UNUSED.map((path) => ({ path, fix: "remove it" })),
        );
    });

    it("never holds a credential", () => {
        let refused = 0;
        holds(
            fc.property(credentials, mistakes, (words, made) => {
                const result = parseSettings(mistaken(words, made));
                if ("settings" in result) return;
                if (result.problems.some(({ path }) => !UNUSED.includes(path))) refused += 1;
                assert.deepEqual(repeated(report(result.problems), words), []);
            }),
            600,
        );
        assert.ok(refused > 300, `${refused} of 600 were refused: is the check blind?`);
    });

    it("never holds a credential of a map that is cut off", () => {
        holds(
            fc.property(
                credentials,
                fc.constantFrom("objectStore", "grafana", "alerting", "backup"),
                fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
                (words, key, share) => {
                    const tree = written(EVERYTHING, words.values()) as Tree;
                    const json = JSON.stringify(tree[key]);
                    const config = Object.fromEntries(
                        Object.entries(tree).map(([name, value]) => [
                            `observability:${name}`,
                            typeof value === "string" ? value : JSON.stringify(value),
                        ]),
                    );
                    config[`observability:${key}`] = json.slice(0, 1 + Math.floor(share * (json.length - 1)));
                    assert.throws(
                        () => readSettings(config, "observability", {}),
                        (error: Error) => {
                            assert.deepEqual(repeated(error.message, words), []);
                            return true;
                        },
                    );
                },
            ),
        );
    });
});

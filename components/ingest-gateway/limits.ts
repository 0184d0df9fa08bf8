import type { ClientLimits, ClientSettings } from "./client-settings";

interface Limited {
    readonly limits: ClientLimits;
    readonly pushers: readonly ClientSettings[];
    /** Variable that holds what a client proves itself with. */
    readonly proof: string;
}

/** What a client's state takes in nginx' memory is 128 bytes: a zone holds 8,000 to the mebibyte. */
const ZONE = "1m";

/**
 * Zones of nginx that count each client by itself. A zone has one rate, so clients of equal limits share one; whoever is
 * in another has an empty key there, which nginx does not count.
 *
 * nginx counts before it has looked at the password. The key is therefore the proof as it was sent: whoever has the name
 * of a client and a wrong password is counted apart from it, and cannot use up what it may send. A client that means harm can
 * write its own proof in several ways, and is counted by each: what it may store its tenant's limits hold.
 */
export function limitZones({ limits, pushers, proof }: Limited): string {
    const kinds = [
        [
            "requestsPerSecond",
            (zone: string, key: string, most: number) => `limit_req_zone ${key} zone=${zone}:${ZONE} rate=${most}r/s;`,
        ],
        ["concurrentRequests", (zone: string, key: string) => `limit_conn_zone ${key} zone=${zone}:${ZONE};`],
    ] as const;
    return kinds
        .flatMap(([limit, zone]) =>
            [...byLimit(limit, limits, pushers)].map(([most, names]) => {
                const name = `${limit}_${most}`;
                const lines = names.map((client) => `        "${client}" ${proof};`);
                return `    map $push_client $${name} {\n${lines.join("\n")}\n    }\n    ${zone(name, `$${name}`, most)}\n`;
            }),
        )
        .join("");
}

/** The limits, for the section `server`. All who answer 429 here are asked to come again, and their data is kept. */
export function limitCalls({ limits, pushers }: Omit<Limited, "proof">): string {
    const rates = [...byLimit("requestsPerSecond", limits, pushers).keys()];
    const concurrent = [...byLimit("concurrentRequests", limits, pushers).keys()];
    return [
        "limit_req_status 429;",
        "limit_conn_status 429;",
        ...rates.map((most) => `limit_req zone=requestsPerSecond_${most} burst=${most} nodelay;`),
        ...concurrent.map((most) => `limit_conn concurrentRequests_${most} ${most};`),
    ]
        .map((line) => `        ${line}\n`)
        .join("");
}

/** Names of clients by their limit. */
function byLimit(
    limit: keyof ClientLimits,
    limits: ClientLimits,
    pushers: readonly ClientSettings[],
): Map<number, string[]> {
    const found = new Map<number, string[]>();
    for (const { name, limits: own } of pushers) {
        const most = own?.[limit] ?? limits[limit];
        found.set(most, [...(found.get(most) ?? []), name]);
    }
    return found;
}

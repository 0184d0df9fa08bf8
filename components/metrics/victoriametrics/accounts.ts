/** Account of the platform's own tenant, whatever its name. */
export const OWN_ACCOUNT = 0;

/**
 * Number that VictoriaMetrics knows a tenant by: FNV-1a of the name, 32 bits, so that it follows from the name alone and
 * stays when others come and go. http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function accountOf(tenant: string): number {
    return [...Buffer.from(tenant)].reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

/** The account of each tenant, the platform's own among them. */
export function accounts(own: string, others: readonly string[]): Readonly<Record<string, number>> {
    return Object.fromEntries([[own, OWN_ACCOUNT], ...others.map((name) => [name, accountOf(name)] as const)]);
}

/** Pairs of tenants that would have one account, and so each other's data. */
export function collisions(own: string, others: readonly string[]): [string, string][] {
    const owners = new Map<number, string>();
    return Object.entries(accounts(own, others)).flatMap(([name, account]) => {
        const owner = owners.get(account);
        owners.set(account, owner ?? name);
        return owner === undefined ? [] : ([[owner, name]] as [string, string][]);
    });
}

/** A store's settings as they hold for a tenant that has some limits of its own. */
export function ofTenant<S extends { readonly retention: string; readonly limits: object }>(
    settings: S,
    { retention, ...own }: { readonly retention?: string | undefined },
): S {
    return { ...settings, retention: retention ?? settings.retention, limits: { ...settings.limits, ...own } };
}

/** What a tenant has otherwise than all: overrides name this alone, so that a changed common limit holds for it too. */
export function changedLimits(own: object, common: object): Record<string, unknown> {
    const ofAll = new Map<string, unknown>(Object.entries(common));
    return Object.fromEntries(Object.entries(own).filter(([key, value]) => ofAll.get(key) !== value));
}

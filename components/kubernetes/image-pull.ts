import type { PlatformSettings } from "../settings/platform";

/** The Secret that the program makes in each of its namespaces, where the settings hold the login. */
export const PULL_SECRET = "image-pull";

type Pulling = Pick<PlatformSettings, "imagePullSecret">;

/** Names of the Secrets with which images are pulled, in the pods' own namespace; none where registries ask for no login. */
export function pullSecretNames({ imagePullSecret }: Pulling): string[] {
    if (imagePullSecret === undefined) return [];
    return [imagePullSecret.from === "secret" ? imagePullSecret.secretName : PULL_SECRET];
}

/** The same as pods and most charts take it; nothing at all where there is none. */
export function pullSecrets(platform: Pulling): { imagePullSecrets?: { name: string }[] } {
    const names = pullSecretNames(platform);
    return names.length === 0 ? {} : { imagePullSecrets: names.map((name) => ({ name })) };
}

import { z } from "zod";
import type { PlatformSettings } from "../settings/platform";
import { about, describe, registryHost, text } from "../settings/types";

export const imageSettings = z
    .strictObject({
        registry: describe(registryHost, { example: "docker.io" }),
        repository: text(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, "an image name without its registry", "pgsty/silo"),
        tag: text(/^\w[\w.-]{0,127}$/, "an image tag", "RELEASE.2026-09-16T00-00-00Z"),
        digest: text(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits", `sha256:${"0".repeat(64)}`),
    })
    .register(about, {
        description: "Image of servers and of the client that makes buckets and users: it needs a shell, minio and mc.",
    });

export type ImageSettings = z.infer<typeof imageSettings>;

/** The chart's own images were withdrawn by their publisher; this is the fork that is kept up. */
export const defaultImage: ImageSettings = {
    registry: "docker.io",
    repository: "pgsty/silo",
    tag: "RELEASE.2026-09-16T00-00-00Z",
    digest: "sha256:635197cb9f36d01bee221d34d1c7d7960f6a95c48b0b6c01d99cd13bdae51a46",
};

/** The image as a container takes it. */
export function imageName(image: ImageSettings, platform: Pick<PlatformSettings, "imageRegistry">): string {
    const { repository, tag } = imageParts(image, platform);
    return `${repository}:${tag}`;
}

/** The image as charts take it, from the registry that stands in for all where there is one. */
export function imageParts(image: ImageSettings, { imageRegistry }: Pick<PlatformSettings, "imageRegistry">) {
    return {
        repository: `${imageRegistry ?? image.registry}/${image.repository}`,
        tag: `${image.tag}@${image.digest}`,
    };
}

/** GlitchTip's own image: its chart is kept at GitLab alone, and brings a database and a cache that are not wanted here. */
export const glitchtipImage = { registry: "docker.io", path: "glitchtip/glitchtip:6.2.3" } as const;

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { postgresImage } from "../../components/database/postgres/chart";
import { tempoVersion } from "../../components/traces/tempo/chart";
import { CANARY } from "../../components/traces/tempo/names";
import { PINS } from "../../tools/charts";
import { planned, releasesOf, root } from "../fixtures/planned";

interface Manager {
    readonly description: string;
    readonly managerFilePatterns: readonly string[];
    readonly matchStrings: readonly string[];
    readonly depNameTemplate?: string;
}

interface Found {
    readonly file: string;
    readonly name: string;
    readonly version: string;
    readonly repository: string | undefined;
    readonly digest: string | undefined;
}

const config = JSON.parse(readFileSync(join(root, "renovate.json"), "utf8")) as {
    customManagers: Manager[];
    packageRules: { matchPackageNames?: string[] }[];
};
const files = ["components", ".github"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
);

/** What Renovate's regex manager takes out of the tree: every match, in every file of a pattern. */
function found(manager: Manager): Found[] {
    const patterns = manager.managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
    return files
        .filter((file) => patterns.some((pattern) => pattern.test(file)))
        .flatMap((file) => {
            const text = readFileSync(join(root, file), "utf8");
            return manager.matchStrings.flatMap((match) =>
                [...text.matchAll(new RegExp(match, "g"))].map(({ groups = {} }) => ({
                    file,
                    name:
                        groups.depName ??
                        (manager.depNameTemplate ?? "").replace(
                            /\{\{\{(\w+)\}\}\}/g,
                            (_, key: string) => groups[key] ?? "",
                        ),
                    version: groups.currentValue ?? "",
                    repository: groups.registryUrl,
                    digest: groups.currentDigest,
                })),
            );
        });
}

/** A pin that no pattern finds stays at its version for ever, and nobody is told. */
describe("renovate.json", () => {
    const all = config.customManagers.flatMap(found);

    it("has no pattern that finds nothing", () => {
        for (const manager of config.customManagers) {
            assert.ok(found(manager).length > 0, manager.description);
        }
    });

    it("finds every chart's pin, with its repository", () => {
        const charts = all.filter(({ repository }) => repository !== undefined);
        assert.deepEqual(
            charts.map(({ name, version, repository }) => `${name} ${version} ${repository ?? ""}`).sort(),
            PINS.map(({ name, version, repository }) => `${name} ${version} ${repository}`).sort(),
        );
    });

    it("finds every image that this repository pins", async () => {
        const images = new Map(
            all.map(({ name, version, digest }) => [name, digest ? `${version}@${digest}` : version]),
        );
        assert.equal(images.get("docker.io/grafana/tempo"), tempoVersion);
        const postgres = `${postgresImage.registry}/${postgresImage.path}`;
        assert.equal(
            `ghcr.io/cloudnative-pg/postgresql:${images.get("ghcr.io/cloudnative-pg/postgresql") ?? ""}`,
            postgres,
        );

        const { resources } = await planned("prod");
        const canary = resources.find(({ name, type }) => name === CANARY && type.endsWith(":Deployment"));
        // One constant: Tempo's canary moves with Tempo.
        const tempo = images.get("docker.io/grafana/tempo") ?? "";
        assert.ok(JSON.stringify(canary?.inputs).includes(`"docker.io/grafana/tempo-vulture:${tempo}"`));

        const minio = releasesOf(await planned("prod")).find(({ name }) => name === "minio");
        const { image } = minio?.inputs.values as { image: { repository: string; tag: string } };
        assert.equal(images.get(image.repository), image.tag);
        assert.ok(
            JSON.stringify(minio?.inputs.values).includes(
                `registry.k8s.io/pause:${images.get("registry.k8s.io/pause") ?? ""}"`,
            ),
        );
    });

    it("finds each image that is written whole in the components", () => {
        const written = files
            .filter((file) => file.startsWith("components/") && /(?<!\.gen)\.ts$/.test(file))
            .flatMap((file) => [
                ...readFileSync(join(root, file), "utf8").matchAll(/"([a-z0-9.-]+(?:\/[a-z0-9.-]+)+:v?\d[\w.-]*)"/g),
            ])
            .map(([, image = ""]) => image);
        const known = all.map(({ name, version }) => `${name}:${version}`);
        assert.ok(written.length > 0);
        assert.deepEqual(
            written.filter((image) => !known.some((each) => each.endsWith(`/${image}`))),
            [],
        );
    });

    it("finds each image with a digest in the components", () => {
        const digests = files
            .filter((file) => file.startsWith("components/") && file.endsWith(".ts") && !file.endsWith(".gen.ts"))
            .flatMap((file) => readFileSync(join(root, file), "utf8").match(/sha256:[0-9a-f]{64}/g) ?? []);
        assert.ok(digests.length > 0);
        assert.deepEqual(all.flatMap(({ digest }) => digest ?? []).sort(), [...digests].sort());
    });

    it("has rules for packages that exist", () => {
        const { dependencies, devDependencies } = JSON.parse(
            readFileSync(join(root, "package.json"), "utf8"),
        ) as Record<"dependencies" | "devDependencies", Record<string, string>>;
        const known = new Set([
            ...all.map(({ name }) => name),
            ...Object.keys({ ...dependencies, ...devDependencies }),
        ]);
        const named = config.packageRules.flatMap(({ matchPackageNames }) => matchPackageNames ?? []);
        assert.deepEqual(
            named.filter((name) => !known.has(name)),
            [],
        );
    });
});

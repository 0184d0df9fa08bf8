import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import {
    generateSchema,
    type ComplexType,
    type PackageSpec,
    type Property,
} from "@pulumi/pulumi/provider/experimental/schema";
import { parse } from "yaml";
import { parseSettings, settingsSchema } from "../../components/platform/settings";
import { allowedIn, settingEntries, type Entry } from "../../tools/settings-reference/entries";
import { argumentTypes } from "../../tools/library/args";
import { pageOf } from "../fixtures/markdown";
import { root } from "../fixtures/planned";

const NAME = "observability";
const folder = join(root, "provider");

interface Manifest {
    readonly name: string;
    readonly version: string;
}

const manifestOf = (path: string) => JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest;

/** The schema that Pulumi makes of the component's types when the provider starts. */
function schemaOf(): PackageSpec {
    const classes = new Set(["ObservabilityPlatform"]);
    const { components, typeDefinitions, dependencies } = new Analyzer(
        folder,
        NAME,
        manifestOf(folder),
        classes,
    ).analyze();
    return generateSchema(NAME, manifestOf(folder).version, "", components, typeDefinitions, dependencies);
}

describe("the component provider", () => {
    let schema: PackageSpec;
    let inputs: Record<string, Property>;

    before(() => {
        schema = schemaOf();
        inputs = schema.resources[`${NAME}:index:ObservabilityPlatform`]?.inputProperties ?? {};
    });

    /** What stands at a path of the settings, through types, lists and maps. */
    function at(path: string): Property | undefined {
        let found: Property | undefined;
        for (const key of path.replaceAll("[]", "").split(".")) {
            if (key === "<name>") continue;
            const inside: Record<string, Property> | undefined =
                found === undefined ? inputs : typeOf(found)?.properties;
            found = inside?.[key];
            if (found === undefined) return undefined;
        }
        return found;
    }

    function typeOf(property: Property): ComplexType | undefined {
        if ("$ref" in property) return schema.types[property.$ref.replace("#/types/", "")];
        const inner = property.items ?? property.additionalProperties;
        return inner && typeOf(inner);
    }

    it("has the one component, with every setting, whose name and version are the package's", () => {
        assert.deepEqual(Object.keys(schema.resources), [`${NAME}:index:ObservabilityPlatform`]);
        assert.equal(manifestOf(folder).version, manifestOf(root).version);
        assert.equal(manifestOf(folder).name, NAME);
        const entries = settingEntries();
        assert.ok(entries.length > 100);
        assert.deepEqual(
            entries.filter(({ path }) => at(path) === undefined).map(({ path }) => path),
            [],
        );
        assert.deepEqual(Object.keys(inputs).sort(), Object.keys(settingsSchema.shape).sort());
    });

    it("wants the settings without defaults and no other, wherever they stand", () => {
        const { requiredInputs } = schema.resources[`${NAME}:index:ObservabilityPlatform`] ?? {};
        assert.deepEqual(requiredInputs, ["cluster", "domain", "survives"]);
        // Elements of lists and maps have no defaults.
        const elements = Object.values(inputs).flatMap((input) => elementTypes(input));
        for (const [name, { required = [] }] of Object.entries(schema.types)) {
            if (name.endsWith("Args") && required.length > 0)
                assert.ok(elements.includes(name), `${name} wants ${required.join()}`);
        }
    });

    function elementTypes(property: Property, inElement = false, seen = new Set<Property>()): string[] {
        if (seen.has(property)) return [];
        seen.add(property);
        const inner = property.items ?? property.additionalProperties;
        if (inner !== undefined) return elementTypes(inner, true, seen);
        if (!("$ref" in property)) return [];
        const name = property.$ref.replace("#/types/", "");
        const inside = Object.values(schema.types[name]?.properties ?? {});
        return [...(inElement ? [name] : []), ...inside.flatMap((each) => elementTypes(each, inElement, seen))];
    }

    it("takes credentials as inputs, and all that decides on resources as plain values", () => {
        const secret = (entry: Entry) => entry.meaning.secret === true;
        const entries = settingEntries();
        assert.ok(entries.some(secret));
        for (const entry of entries) {
            const { plain, ...property } = at(entry.path) ?? {};
            const any = "$ref" in property && property.$ref === "pulumi.json#/Any";
            assert.equal(plain === true, !secret(entry) && !any, entry.path);
        }
    });

    it("describes settings as the reference does", () => {
        for (const { path, meaning } of settingEntries()) {
            if (meaning.description === undefined || path.includes("[]")) continue;
            assert.ok(at(path)?.description?.includes(meaning.description.split("\n")[0] ?? "") ?? false, path);
        }
    });

    it("names the values of a choice", () => {
        for (const entry of settingEntries()) {
            const property = at(entry.path);
            const values = property && typeOf(property)?.enum?.map(({ value }) => String(value));
            for (const value of values ?? []) assert.ok(allowedIn(entry).includes(value), `${entry.path}: ${value}`);
        }
        assert.deepEqual(
            schema.types[`${NAME}:index:Survives`]?.enum?.map(({ value }) => value),
            ["nothing", "node", "zone"],
        );
    });

    it("gives the outputs of a stack", () => {
        const { properties = {} } = schema.resources[`${NAME}:index:ObservabilityPlatform`] ?? {};
        assert.deepEqual(Object.keys(properties).sort(), ["clusters", "grafana", "push", "query", "tenant"]);
        const { properties: grafana = {} } = schema.types[`${NAME}:index:GrafanaAccess`] ?? {};
        assert.deepEqual(Object.keys(grafana).sort(), ["password", "url", "user"]);
    });

    it("has arguments as fresh as the settings' schema (npm run library-args)", () => {
        const written = readFileSync(join(root, "components/platform/args.gen.ts"), "utf8");
        assert.equal(written, argumentTypes(settingsSchema));
    });

    it("takes what the docs show in YAML", () => {
        const path = "docs/how-to/use-as-a-library.md";
        const { blocks } = pageOf(path, readFileSync(join(root, path), "utf8"));
        const program = blocks.find(({ language }) => language === "yaml");
        const { resources } = parse(program?.text ?? "") as {
            resources: Record<string, { type: string; properties: Record<string, unknown> }>;
        };
        const [made] = Object.values(resources);
        assert.equal(made?.type, `${NAME}:ObservabilityPlatform`);
        const known = JSON.parse(
            JSON.stringify(made.properties).replaceAll("${slackUrl}", "https://slack.example.com/x"),
        ) as object;
        const result = parseSettings({ ...known });
        assert.ok("settings" in result, JSON.stringify(result));
        assert.equal(result.settings.platform.cluster, "prod");
    });
});

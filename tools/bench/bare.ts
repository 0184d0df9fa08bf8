import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { isSecretMark, RELEASE, type Plan } from "../plan/engine";
import { BenchError } from "./cpu";

interface Release {
    readonly name: string;
    readonly namespace: string;
    readonly chart: string;
    readonly version: string;
    readonly timeout: number;
    readonly values: object;
}

/** As our own is run: types are taken away and not checked, which would be most of the program's time. */
const COMPILER = { target: "es2022", module: "nodenext", moduleResolution: "nodenext", esModuleInterop: true };

/**
 * The program that one writes without all of this: the same releases of the same charts, with the same values, each read
 * from a file, in their namespaces; no components, no policies, and nothing beside the releases but what they cannot be
 * made without. What has a definition of Prometheus' operator waits for those, and nothing waits for anything else.
 */
const SOURCE = `import * as fs from "node:fs";
import * as path from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as yaml from "yaml";

const read = (name: string) => yaml.parse(fs.readFileSync(path.join(__dirname, name), "utf8"));

const namespaces = new Map<string, k8s.core.v1.Namespace>();
for (const { metadata } of read("namespaces.yaml")) {
    namespaces.set(metadata.name, new k8s.core.v1.Namespace(metadata.name, { metadata }));
}
const priorities = read("priorities.yaml").map(
    ({ metadata, ...rest }: any) => new k8s.scheduling.v1.PriorityClass(metadata.name, { metadata, ...rest }),
);

let definitions: k8s.helm.v3.Release | undefined;
for (const { name, namespace, chart, version, timeout } of read("releases.yaml")) {
    const release = new k8s.helm.v3.Release(
        name,
        { name, namespace, chart, version, timeout, maxHistory: 5, values: read(\`values/\${name}.yaml\`) },
        { dependsOn: [namespaces.get(namespace)!, ...priorities, ...(definitions ? [definitions] : [])] },
    );
    if (name === "prometheus-operator-crds") definitions = release;
}
`;

/** Writes that program for a planned stack into `folder/program`, with the checkout's packages. @throws BenchError where a value is secret. */
export function writeBare(checkout: string, folder: string, stack: string, { resources }: Plan): void {
    const program = join(folder, "program");
    mkdirSync(join(program, "values"), { recursive: true });
    const write = (name: string, content: unknown) => {
        writeFileSync(join(program, name), typeof content === "string" ? content : stringify(content));
    };
    const of = (type: string) => resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
    const releases = of(RELEASE) as unknown as Release[];
    // Definitions come first, as their users are made after them.
    const ordered = [...releases].sort((a, b) => Number(b.name.endsWith("-crds")) - Number(a.name.endsWith("-crds")));
    for (const { name, values } of ordered) {
        if (hasSecret(values)) throw new BenchError(`${name}: a value is a secret, which no file of values can hold`);
        write(`values/${name}.yaml`, values);
    }
    const head = ({ name, namespace, chart, version, timeout }: Release) => ({
        name,
        namespace,
        chart,
        version,
        timeout,
    });
    write("releases.yaml", ordered.map(head));
    write("namespaces.yaml", of("kubernetes:core/v1:Namespace"));
    write("priorities.yaml", of("kubernetes:scheduling.k8s.io/v1:PriorityClass"));
    write("index.ts", SOURCE);
    write("Pulumi.yaml", {
        name: "bare",
        runtime: { name: "nodejs", options: { typescript: true } },
        main: "index.ts",
    });
    write(`Pulumi.${stack}.yaml`, {});
    write("package.json", JSON.stringify({ name: "bare", private: true }));
    write("tsconfig.json", JSON.stringify({ compilerOptions: COMPILER, "ts-node": { swc: true } }));
    symlinkSync(join(checkout, "node_modules"), join(program, "node_modules"));
}

function hasSecret(value: unknown): boolean {
    if (isSecretMark(value)) return true;
    return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

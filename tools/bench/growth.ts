import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { CONTROL_PLANE } from "../../test/e2e/control-plane";
import { onPath } from "../on-path";
import { preview } from "../plan/engine";
import { readStackFile } from "../plan/stack-file";
import { CliStack, copyProgram } from "./cli-stack";
import { commandSeconds } from "./commands";
import { onNewCluster } from "./deployments";
import { inTurn, type Part } from "./part";
import type { Row } from "./results";

/** How often the first stack's tenants, probes and clusters stand in each. */
const SIZES = [1, 3, 10] as const;

/** Of each kind in the first stack. */
const FIRST = 10;

export const GROWTH: Part = {
    name: "growth",
    about: `plan, verify and a first preview of prod with ${SIZES.map((size) => FIRST * size).join(", ")} tenants, probes and clusters`,
    needs: ["helm"],
    measure: async ({ here, runs }) => {
        const folder = mkdtempSync(join(tmpdir(), "bench-growth-"));
        try {
            copyProgram(here, folder);
            const program = join(folder, "program");
            const resources: number[] = [];
            for (const size of SIZES) {
                writeFileSync(join(program, `Pulumi.${stackOf(size)}.yaml`), grown(here, FIRST * size));
                const plan = await preview(program, stackOf(size), readStackFile(program, stackOf(size)));
                resources.push(plan.resources.length);
            }
            const rows: Row[] = [];
            const measure = async (what: string, unit: Row["unit"], seconds: (stack: string) => Promise<number>) => {
                const [first, ...more] = SIZES;
                const each = SIZES.map((size) => [String(size), () => seconds(stackOf(size))] as const);
                const taken = await inTurn(runs, Object.fromEntries(each));
                const of = (size: number) => taken[String(size)] ?? NaN;
                more.forEach((size, index) => {
                    const name = `\`${what}\`, ${FIRST * size} of each`;
                    const note = `${resources[index + 1] ?? 0} resources beside ${resources[0] ?? 0}`;
                    const beside = { name: `with ${FIRST * first}`, value: of(first) };
                    rows.push({ name, unit, here: of(size), beside, atMost: size, note });
                });
            };
            for (const tool of ["plan", "verify"]) {
                await measure(tool, "s of CPU", (stack) => commandSeconds(program, tool, [stack]));
            }
            const absent = ["pulumi", ...CONTROL_PLANE].filter((name) => !onPath(name));
            if (absent.length > 0) return { rows, missing: [`preview: ${absent.join(", ")} not on PATH`] };
            await onNewCluster(async (kubeconfig) => {
                for (const size of SIZES)
                    await new CliStack(folder, stackOf(size), { KUBECONFIG: kubeconfig }).run("stack", "init");
                await measure("pulumi preview", "s", async (stack) => {
                    return (await new CliStack(folder, stack, { KUBECONFIG: kubeconfig }).run("preview")).seconds;
                });
            });
            return { rows };
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    },
};

function stackOf(size: number): string {
    return `grown-${size}`;
}

/** prod's stack file with so many tenants, each with a cluster that sends as it, and so many probes. */
function grown(here: string, count: number): string {
    const { config } = parse(readFileSync(join(here, "Pulumi.prod.yaml"), "utf8")) as { config: object };
    const names = Array.from({ length: count }, (_, index) => `n${index + 1}`);
    const each = <T>(make: (name: string) => T) => names.map(make);
    return stringify({
        config: {
            ...config,
            "observability:tenants": Object.fromEntries(each((name) => [name, { logs: { retention: "168h" } }])),
            "observability:blackboxExporter": {
                probes: each((name) => ({ name, url: `https://${name}.example.com/`, module: "http_2xx" })),
            },
            "observability:ingestGateway": {
                enabled: true,
                clusters: each((name) => ({ name: `cluster-${name}`, tenant: name })),
            },
        },
    });
}

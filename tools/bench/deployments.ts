import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONTROL_PLANE, startControlPlane, stagesFile } from "../../test/e2e/control-plane";
import { installInTurn } from "../../test/e2e/in-turn";
import { Kubectl } from "../../test/e2e/kubectl";
import { preview } from "../plan/engine";
import { readStackFile } from "../plan/stack-file";
import { writeBare } from "./bare";
import { CliStack, copyProgram, type Taken } from "./cli-stack";
import { median } from "./cpu";
import { inTurn, type Part } from "./part";
import type { Row } from "./results";

/** prod's program, or the bare one with the same releases. */
export type Program = "ours" | "bare";

/** Gives a new cluster, whose nodes are none (`test/e2e/control-plane.ts`), and takes it away after. */
export async function onNewCluster<T>(work: (kubeconfig: string, folder: string) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), "bench-"));
    const plane = await startControlPlane(join(folder, "cluster"), 6, 3, stagesFile());
    try {
        return await work(plane.kubeconfig, folder);
    } finally {
        plane.stop();
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
}

/** A program in a folder of its own, with a stack of which nothing is there. */
export async function newStack(here: string, program: Program, folder: string, kubeconfig: string): Promise<CliStack> {
    if (program === "ours") copyProgram(here, folder);
    else writeBare(here, folder, "prod", await preview(here, "prod", readStackFile(here, "prod")));
    const stack = new CliStack(folder, "prod", { KUBECONFIG: kubeconfig });
    await stack.run("stack", "init");
    return stack;
}

const UP = ["up", "--yes", "--skip-preview"] as const;

export const PREVIEW: Part = {
    name: "preview",
    about: "preview of an unchanged prod by the real CLI, beside a program with the same releases and nothing else",
    needs: ["pulumi", "helm", ...CONTROL_PLANE],
    measure: ({ here, runs }) =>
        onNewCluster((oursAt, oursIn) =>
            onNewCluster(async (bareAt, bareIn) => {
                const ours = await newStack(here, "ours", oursIn, oursAt);
                const bare = await newStack(here, "bare", bareIn, bareAt);
                for (const stack of [ours, bare]) await stack.run(...UP);
                const memory: Record<Program, number[]> = { ours: [], bare: [] };
                const seen = (program: Program, { seconds, programMiB }: Taken) => {
                    memory[program].push(programMiB);
                    return seconds;
                };
                const pack = ["--policy-pack", join(here, "policies")];
                const taken = await inTurn(runs, {
                    bare: async () => seen("bare", await bare.run("preview")),
                    ours: async () => seen("ours", await ours.run("preview")),
                    judged: async () => (await ours.run("preview", ...pack)).seconds,
                });
                const beside = { name: "bare", value: taken.bare };
                const bareMiB = { name: "bare", value: median(memory.bare) };
                const name = "`pulumi preview` of an unchanged prod";
                const rows: Row[] = [
                    { name, unit: "s", here: taken.ours, beside, atMost: 1.15 },
                    { name: `${name}, with the pack`, unit: "s", here: taken.judged, beside, atMost: 1.25 },
                    ...(Number.isNaN(bareMiB.value)
                        ? []
                        : [
                              {
                                  name: "the program's process, at most",
                                  unit: "MiB" as const,
                                  here: median(memory.ours),
                                  beside: bareMiB,
                                  atMost: 1.3,
                              },
                          ]),
                ];
                return { rows };
            }),
        ),
};

/** prod from nothing, three ways, each on a cluster of its own. */
function up(name: string, about: string, atMost: number, around: <T>(work: () => Promise<T>) => Promise<T>): Part {
    return {
        name,
        about,
        needs: ["pulumi", "helm", ...CONTROL_PLANE],
        measure: ({ here, runs }) =>
            around(async () => {
                const deploy = (program: Program) =>
                    onNewCluster(async (kubeconfig, folder) => {
                        const stack = await newStack(here, program, folder, kubeconfig);
                        return (await stack.run(...UP)).seconds;
                    });
                const taken = await inTurn(runs, {
                    ours: () => deploy("ours"),
                    bare: () => deploy("bare"),
                    helm: () =>
                        onNewCluster((kubeconfig) => installInTurn("prod", kubeconfig, new Kubectl(kubeconfig))),
                });
                const what = `\`pulumi up\` of prod from nothing, ${name === "up" ? "nothing added" : "both cores kept busy"}`;
                const helm = { name: "helm install --wait in turn", value: taken.helm };
                const bare = { name: "bare", value: taken.bare };
                return {
                    rows: [
                        { name: what, unit: "s", here: taken.ours, beside: helm, atMost },
                        { name: what, unit: "s", here: taken.ours, beside: bare, atMost: 1.1 },
                    ],
                };
            }),
    };
}

export const UP_AT_REST = up(
    "up",
    "up of prod from nothing, beside Helm in turn and beside the bare program",
    0.7,
    (work) => work(),
);

export const UP_BUSY = up("up-busy", "the same while two other processes want a core each", 1, async (work) => {
    const others = [0, 1].map(() => spawn(process.execPath, ["--eval", "for (;;);"], { stdio: "ignore" }));
    try {
        return await work();
    } finally {
        for (const other of others) other.kill();
    }
});

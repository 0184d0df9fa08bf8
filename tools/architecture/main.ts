import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "../command";
import { preview } from "../plan/engine";
import { readStackFile } from "../plan/stack-file";
import { architecture } from "./architecture";

const ROOT = resolve(__dirname, "../..");

/** `npm run architecture`: writes docs/explanation/architecture.md from the plan of prod. */
async function main(): Promise<void> {
    const plan = await preview(ROOT, "prod", readStackFile(ROOT, "prod"));
    writeFileSync(resolve(ROOT, "docs/explanation/architecture.md"), architecture("prod", plan));
}

run(main);

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { command } from "../command";
import { preview } from "../plan/engine";
import { readStackFile } from "../plan/stack-file";
import { architecture } from "./architecture";

const ROOT = resolve(__dirname, "../..");

export default command(module, {
    name: "architecture",
    about: "Writes docs/explanation/architecture.md from the plan of prod.",
    run: async () => {
        const plan = await preview(ROOT, "prod", readStackFile(ROOT, "prod"));
        writeFileSync(resolve(ROOT, "docs/explanation/architecture.md"), architecture("prod", plan));
    },
});

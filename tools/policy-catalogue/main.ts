import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { command } from "../command";
import { catalogueFile } from "./catalogue";

export default command(module, {
    name: "policy-catalogue",
    about: "Writes policies/catalogue.gen.ts, the workloads that policies judge.",
    run: () => {
        writeFileSync(resolve(__dirname, "../../policies/catalogue.gen.ts"), catalogueFile());
    },
});

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { settingsSchema } from "../../components/platform/settings";
import { command } from "../command";
import { argumentTypes } from "./args";

export default command(module, {
    name: "library-args",
    about: "Writes the arguments of the component ObservabilityPlatform, from the schema of the settings.",
    run: () => {
        const file = resolve(__dirname, "../../components/platform/args.gen.ts");
        writeFileSync(file, argumentTypes(settingsSchema));
    },
});

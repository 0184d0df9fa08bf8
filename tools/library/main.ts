import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { settingsSchema } from "../../components/platform/settings";
import { argumentTypes } from "./args";

/** `npm run library-args`: writes the arguments of the component ObservabilityPlatform. */
writeFileSync(resolve(__dirname, "../../components/platform/args.gen.ts"), argumentTypes(settingsSchema));

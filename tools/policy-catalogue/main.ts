import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { catalogueFile } from "./catalogue";

/** `npm run policy-catalogue`: writes policies/catalogue.gen.ts. */
writeFileSync(resolve(__dirname, "../../policies/catalogue.gen.ts"), catalogueFile());

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { settingsReference } from "./reference";

/** `npm run settings-reference`: writes docs/reference/settings.md. */
writeFileSync(resolve(__dirname, "../../docs/reference/settings.md"), settingsReference());

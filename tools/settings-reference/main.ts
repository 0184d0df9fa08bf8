import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { minimumsPage } from "./minimums";
import { settingsReference } from "./reference";

const PAGES = resolve(__dirname, "../../docs/reference");

/** `npm run settings-reference`: writes docs/reference/settings.md and production-minimums.md. */
writeFileSync(resolve(PAGES, "settings.md"), settingsReference());
writeFileSync(resolve(PAGES, "production-minimums.md"), minimumsPage());

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { command } from "../command";
import { minimumsPage } from "./minimums";
import { settingsReference } from "./reference";

const PAGES = resolve(__dirname, "../../docs/reference");

export default command(module, {
    name: "settings-reference",
    about: "Writes docs/reference/settings.md and production-minimums.md, from the schema.",
    run: () => {
        writeFileSync(resolve(PAGES, "settings.md"), settingsReference());
        writeFileSync(resolve(PAGES, "production-minimums.md"), minimumsPage());
    },
});

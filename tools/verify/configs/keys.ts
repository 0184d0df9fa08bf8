import alloy from "./keys/alloy.gen.json";
import { AGREEMENTS, alertmanagerKeys, type KeyTable } from "../program";

export { keyProblems, suggestion, type KeyProblem, type KeyTable } from "../program";

/** What each program's configuration may hold, of the version that the pins bring; `npm run config-keys` makes them. */
export const KEYS: Readonly<Partial<Record<string, KeyTable>>> = Object.fromEntries(
    [alertmanagerKeys, alloy, ...AGREEMENTS.map(({ keys }) => keys)].map((table: KeyTable) => [table.program, table]),
);

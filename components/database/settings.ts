import { roleSlice } from "../settings/slice";
import { postgresKind } from "./postgres/kind";

/** The systems that may run Grafana's database; the first is the default. */
export const databaseKinds = [postgresKind] as const;

export const databaseSlice = roleSlice(databaseKinds, { description: "Grafana's database." });

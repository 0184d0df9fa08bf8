import type { z } from "zod";
import { roleSlice } from "../settings/slice";
import { elasticsearchKind } from "./elasticsearch/kind";
import { lokiKind } from "./loki/kind";
import { opensearchKind } from "./opensearch/kind";

/** The systems that may keep logs; the first is the default. */
export const logsKinds = [lokiKind, opensearchKind, elasticsearchKind] as const;

export const logsSlice = roleSlice(logsKinds, { description: "Where logs are kept." });

/** Limits of a tenant, in the words of the store that is chosen. */
export type LogsTenant = z.output<(typeof logsKinds)[number]["tenant"]["schema"]>;

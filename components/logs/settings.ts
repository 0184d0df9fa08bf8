import type { z } from "zod";
import { roleSlice } from "../settings/slice";
import { elasticsearchKind } from "./elasticsearch/kind";
import { lokiKind } from "./loki/kind";
import { opensearchKind } from "./opensearch/kind";
import { remoteLogsKind } from "./remote/kind";

/** The systems that may keep logs; the first is the default, the last hands all on to the hub. */
export const logsKinds = [lokiKind, opensearchKind, elasticsearchKind, remoteLogsKind] as const;

export const logsSlice = roleSlice(logsKinds, { description: "Where logs are kept." });

/** Limits of a tenant, in the words of the store that is chosen. */
export type LogsTenant = z.output<(typeof logsKinds)[number]["tenant"]["schema"]>;

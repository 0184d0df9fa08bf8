import type { ObjectStoreClient, System } from "../../contracts/system";
import { clientsOf } from "../object-store";
import type { Lines, LogRule } from "./log-rule";

const MANY = 5;

/**
 * A store's line begins with its level, or with time and caller before that. Only the beginning counts: a query may quote
 * any line.
 */
const COMPLAINS = "^(ts=\\S+ caller=\\S+ )?level=(error|warn) ";

/**
 * What S3 says, with any client: InvalidAccessKeyId, SignatureDoesNotMatch, AccessDenied. The code is not in every
 * client's error, the message is.
 */
const REFUSED =
    "[A]ccess Key Id you provided does not exist|[r]equest signature we calculated does not|[A]ccess Denied";

const then =
    "Nothing is flushed meanwhile: ingesters keep what they cannot write, until their volumes are full. Data that is only in the object store cannot be read.";

/** Metrics tell that calls fail; the line tells that waiting will not mend it. */
export function keyRefused(systems: readonly System[]): LogRule[] {
    const clients = clientsOf(systems);
    const [first] = clients;
    if (first === undefined) return [];
    const namespaces = clients.map(({ namespace }) => namespace).join("|");
    return [
        {
            alert: "ObjectStoreKeyRefused",
            severity: "critical",
            expr: `sum by (cluster, namespace) (count_over_time({namespace=~"${namespaces}"} |~ \`${COMPLAINS}\` |~ "${REFUSED}" [10m])) > ${MANY}`,
            // A rotation rolls the pods one by one, and those with the old key are refused until it is their turn.
            for: "30m",
            summary: "The object store refuses a store's key",
            description: `The object store has refused the key of {{ $labels.namespace }} {{ $value }} times in the last 10 minutes, and more than ${MANY} times in each 10 of half an hour. ${then}`,
            firing: firing(first.namespace, clients),
            silent: { lines: silent(first) },
        },
    ];
}

/** Every client's lines, as if one had written them all: one alert, whose number says that each line counts. */
function firing(namespace: string, clients: readonly ObjectStoreClient[]): LogRule["firing"] {
    const count = MANY + 1;
    const lines = clients
        .flatMap(({ refusals }) => refusals)
        .map(({ container, line }) => ({ stream: { cluster: "blue", namespace, container }, line, count }));
    return {
        lines,
        labels: { cluster: "blue", namespace },
        says: `The object store has refused the key of ${namespace} ${count * lines.length} times in the last 10 minutes, and more than 5 times in each 10 of half an hour. ${then}`,
    };
}

function silent({ namespace, refusals }: ObjectStoreClient): Lines[] {
    const stream = { cluster: "blue", namespace, container: "ingester" };
    return [
        {
            stream,
            line: `level=info ts=2026-11-21T19:47:04.234Z caller=metrics.go:237 component=frontend query="{namespace=\\"${namespace}\\"} |= \\"Access Denied\\"" status=200`,
            count: 20,
        },
        { stream: { ...stream, namespace: "shop" }, line: 'level=error msg="Access Denied"', count: 20 },
        ...refusals.slice(0, 1).map(({ line }) => ({ stream, line, count: MANY })),
    ];
}

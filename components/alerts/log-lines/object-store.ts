import type { LogRule } from "./log-rule";

const MANY = 5;

/** Loki and Tempo begin with the level, Cortex with time and caller. Only the beginning counts: a query may quote any line. */
const COMPLAINS = "^(ts=\\S+ caller=\\S+ )?level=(error|warn) ";

/**
 * What S3 says, with either client: InvalidAccessKeyId, SignatureDoesNotMatch, AccessDenied. The code is not in every
 * client's error, the message is.
 */
const REFUSED =
    "[A]ccess Key Id you provided does not exist|[r]equest signature we calculated does not|[A]ccess Denied";

const then =
    "Nothing is flushed meanwhile: ingesters keep what they cannot write, until their volumes are full. Data that is only in the object store cannot be read.";

const cortex = { cluster: "blue", namespace: "cortex", container: "ingester" };

/** Metrics tell that calls fail; the line tells that waiting will not mend it. */
export const keyRefused: LogRule = {
    alert: "ObjectStoreKeyRefused",
    severity: "critical",
    expr: `sum by (cluster, namespace) (count_over_time({namespace=~"cortex|loki|tempo"} |~ \`${COMPLAINS}\` |~ "${REFUSED}" [10m])) > ${MANY}`,
    // A rotation rolls the pods one by one, and those with the old key are refused until it is their turn.
    for: "30m",
    summary: "The object store refuses a store's key",
    description: `The object store has refused the key of {{ $labels.namespace }} {{ $value }} times in the last 10 minutes, and more than ${MANY} times in each 10 of half an hour. ${then}`,
    firing: {
        lines: [
            {
                stream: cortex,
                line: 'ts=2026-11-21T19:48:24.852Z caller=bucket_client.go:148 level=error msg="bucket operation fail after retries" err="The Access Key Id you provided does not exist in our records." operation="Iter "',
                count: 4,
            },
            {
                stream: cortex,
                line: 'ts=2026-11-21T19:48:49.887Z caller=bucket_client.go:148 level=error msg="bucket operation fail after retries" err="The request signature we calculated does not match the signature you provided. Check your key and signing method." operation="Iter "',
                count: 2,
            },
            {
                stream: cortex,
                line: 'level=error ts=2026-11-21T19:47:04.234Z caller=flush.go:262 component=ingester msg="failed to flush" err="failed to flush chunks: store put chunk: operation error S3: PutObject, https response error StatusCode: 403, api error AccessDenied: Access Denied."',
                count: 2,
            },
        ],
        labels: { cluster: "blue", namespace: "cortex" },
        says: `The object store has refused the key of cortex 8 times in the last 10 minutes, and more than 5 times in each 10 of half an hour. ${then}`,
    },
    silent: {
        lines: [
            {
                stream: { ...cortex, namespace: "loki" },
                line: 'level=info ts=2026-11-21T19:47:04.234Z caller=metrics.go:237 component=frontend query="{namespace=\\"loki\\"} |= \\"Access Denied\\"" status=200',
                count: 20,
            },
            {
                stream: { ...cortex, namespace: "shop" },
                line: 'level=error msg="Access Denied"',
                count: 20,
            },
            {
                stream: cortex,
                line: 'level=error ts=2026-11-21T19:47:04.234Z caller=flush.go:262 msg="failed to flush" err="Access Denied."',
                count: 5,
            },
        ],
    },
};

import type { LogRule } from "../../alerts/log-lines/log-rule";
import { DATABASE_NAMESPACE } from "./names";

const MANY = 5;

/** PostgreSQL's codes of invalid_authorization_specification and invalid_password. */
const REFUSED = '"sql_state_code":"28(000|P01)"';

/** As CloudNativePG writes PostgreSQL's lines. */
const record = (user: string, code: string, message: string) =>
    `{"level":"info","ts":"2026-11-21T19:47:04Z","logger":"postgres","msg":"record","logging_pod":"grafana-db-1","record":{"user_name":"${user}","database_name":"grafana","error_severity":"FATAL","sql_state_code":"${code}","message":"${message}","backend_type":"client backend"}}`;

const stream = { cluster: "blue", namespace: DATABASE_NAMESPACE, container: "postgres" };
const wrongPassword = record("grafana", "28P01", 'password authentication failed for user \\"grafana\\"');

/** PostgreSQL counts connections and not those that it refused. */
export const loginRefused: LogRule = {
    alert: "DatabaseLoginRefused",
    severity: "warning",
    expr: `sum by (cluster, namespace, user) (count_over_time({namespace="${DATABASE_NAMESPACE}"} |~ \`${REFUSED}\` | json user="record.user_name" [10m])) > ${MANY}`,
    for: "5m",
    summary: "The database refuses logins",
    description: `The database has refused the user {{ $labels.user }} {{ $value }} times in 10 minutes, more than ${MANY}. Either its password is not the one that the client has, or somebody tries passwords.`,
    firing: {
        lines: [{ stream, line: wrongPassword, count: 7 }],
        labels: { cluster: "blue", namespace: DATABASE_NAMESPACE, user: "grafana" },
        says: "The database has refused the user grafana 7 times in 10 minutes, more than 5. Either its password is not the one that the client has, or somebody tries passwords.",
    },
    silent: {
        lines: [
            { stream, line: wrongPassword, count: 5 },
            { stream, line: record("grafana", "57P01", "terminating connection"), count: 20 },
        ],
    },
};

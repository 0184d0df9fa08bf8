/** Namespaces of more than one system: each of these systems names them, and none imports another for it. */
export const MONITORING = "monitoring";
export const COLLECTORS = "collectors";

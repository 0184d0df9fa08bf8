/**
 * Beside what a liveness probe asks: Kubernetes' own patience, three answers within a second each, ends pods that get no
 * processor on a busy node, and what starts again takes more of what is short. This is a minute of silence for a probe each ten
 * seconds. Readiness has no such patience: who is slow gets no calls.
 */
export const PATIENT = { timeoutSeconds: 5, failureThreshold: 6 };

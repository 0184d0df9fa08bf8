/**
 * All that `verify` takes from the program itself; a rule of `.dependency-cruiser.mjs` holds it to this one module. A check
 * that shared more code with what it checks would repeat its mistakes: the rest is read from what is rendered.
 */
export { PUSH } from "../../components/contracts/push-sizes";
export type { Agreements, Key, Purpose, Reach, RemoteWrite, Window } from "../../components/contracts/agreements";
export { FROM_OUTSIDE } from "../../components/kubernetes/nginx-pods";
export { pullSecretNames } from "../../components/kubernetes/image-pull";
export { INGEST_LABEL, QUERY_LABEL } from "../../components/kubernetes/access-labels";
export { mergeValues } from "../../components/kubernetes/merge-values";
export type { StoreRole } from "../../components/contracts/object-store";
export { objectStoreKindOf } from "../../components/platform/roles";
export type { ProgramFlags } from "../../components/contracts/flags";
export { AGREEMENTS, FLAGS } from "../../components/platform/agreements";
export { bucketRequests } from "../../components/platform/buckets";
export { settingOf, type Workload } from "../../components/kubernetes/workload";
export { unmadeWorkloads, WORKLOADS } from "../../components/platform/workloads";
// Tables of the programs' keys and their reader stand where settings are checked by them too.
export { keyProblems, suggestion, type KeyProblem, type KeyTable } from "../../components/settings/config-keys";
export { default as alertmanagerKeys } from "../../components/monitoring/kube-prometheus-stack/alertmanager-keys.gen.json";
export { KUBERNETES_VERSIONS, SINCE } from "../../components/kubernetes/versions";
export { amount, hours } from "../../components/settings/units";
export { readSettings, type Settings } from "../../components/platform/settings";

/** Where a revision of the program has `readSettings`, from its root, the newest place first. */
export const SETTINGS_MODULES = ["components/platform/settings.ts", "components/settings.ts"] as const;

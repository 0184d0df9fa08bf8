import type { Check } from "./check";
import { accountTokens, imagePulls, images, roles, secretReaders } from "./checks/access";
import { addresses } from "./checks/addresses";
import { buckets } from "./checks/buckets";
import { disruptionBudgets } from "./checks/disruption-budgets";
import { histograms } from "./checks/histograms";
import { kubernetesVersion } from "./checks/kubernetes-version";
import { lifecycle } from "./checks/lifecycle";
import { literalSecrets } from "./checks/literal-secrets";
import { monitors } from "./checks/monitors";
import { networkPaths } from "./checks/network-paths";
import { owners } from "./checks/owners";
import { programFlags } from "./checks/program-flags";
import { podSecurity } from "./checks/pod-security";
import { readers } from "./checks/readers";
import { references } from "./checks/references";
import { replicas } from "./checks/replicas";
import { resources } from "./checks/resources";
import { resourcePairs } from "./checks/resource-pairs";
import { schema } from "./checks/schema";
import { spread } from "./checks/spread";
import { CONFIG_CHECKS } from "./configs/checks";

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [
    ...[schema, owners, kubernetesVersion],
    ...[replicas, spread, disruptionBudgets, lifecycle, resources, resourcePairs],
    ...[podSecurity, accountTokens, roles, secretReaders, literalSecrets, images, imagePulls],
    ...[addresses, references, buckets, monitors, histograms, networkPaths, readers],
    programFlags,
    ...CONFIG_CHECKS,
];

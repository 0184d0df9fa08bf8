import type { Check } from "./check";
import { disruptionBudgets } from "./checks/disruption-budgets";
import { lifecycle } from "./checks/lifecycle";
import { replicas } from "./checks/replicas";
import { resources } from "./checks/resources";
import { spread } from "./checks/spread";
import { CONFIG_CHECKS } from "./configs/checks";

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [
    ...[replicas, spread, disruptionBudgets, lifecycle, resources],
    ...CONFIG_CHECKS,
];

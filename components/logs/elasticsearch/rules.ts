import type { PlatformSettings } from "../../settings/platform";
import { problem, setSecret, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { replicaRules } from "../../settings/replicas";
import type { ElasticsearchSettings } from "./settings";
import { AT, elasticsearchReplicated } from "./workloads";

export function elasticsearchRules(
    settings: ElasticsearchSettings,
    { survives }: Pick<PlatformSettings, "survives">,
): SettingsProblem[] {
    return ask(
        () => replicaRules(elasticsearchReplicated, settings.replicas, survives),
        () => keyRules(settings),
    );
}

/** The port of queries is open to more than that of pushes is, and none of them is to write. */
function keyRules({ keys }: ElasticsearchSettings): SettingsProblem[] {
    if (keys.writer !== keys.reader) return [];
    const path = `${AT}.keys.reader`;
    return [problem(path, "[secret]", `another key than ${AT}.keys.writer: one that only reads`, setSecret(path))];
}

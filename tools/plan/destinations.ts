import { signalsOf } from "../../components/collectors/k8s-monitoring/destination-settings";
import { COLLECTORS } from "../../components/kubernetes/namespaces";
import type { Settings } from "../../components/platform/settings";
import { table } from "../table";

/** A further place that the collectors send to. */
export interface PlannedDestination {
    readonly name: string;
    readonly kind: string;
    readonly url: string;
    readonly signals: readonly string[];
    /** The Secret with its credentials, which whoever runs the platform makes; none where it wants none. */
    readonly secret: string | undefined;
}

export function destinationsOf({ k8sMonitoring }: Pick<Settings, "k8sMonitoring">): PlannedDestination[] {
    return k8sMonitoring.destinations.map(({ auth, ...each }) => ({
        name: each.name,
        kind: each.kind,
        url: each.url,
        signals: signalsOf(each),
        secret: auth === undefined || auth.kind === "none" ? undefined : `${COLLECTORS}/${auth.secret}`,
    }));
}

/** The further places for people; empty where there are none. */
export function printDestinations(all: readonly PlannedDestination[]): string {
    if (all.length === 0) return "";
    const rows = all.map(({ name, kind, url, signals, secret = "-" }) => [name, kind, url, signals.join(", "), secret]);
    return table("Copies to further places", ["name", "kind", "where", "signals", "Secret that you make"], rows);
}

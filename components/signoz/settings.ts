import { z } from "zod";
import type { Survives } from "../kubernetes/placement";
import type { PlatformSettings } from "../settings/platform";
import { problem, setSecret, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { fewest, replicaRules } from "../settings/replicas";
import type { Slice } from "../settings/slice";
import {
    about,
    chartValues,
    describe,
    flag,
    portNumber,
    replicas,
    rotation,
    text,
    volumeSize,
} from "../settings/types";
import { valuesRules } from "../settings/chart-keys";
import { unusedWhileOff } from "../settings/unused";
import { chartKeys } from "./values-keys.gen";
import { signozReplicated } from "./workloads";

/** Of a Service: programs of SigNoz speak with ClickHouse without TLS, whatever the chart's value `secure` says. */
const serviceHost = text(
    /^[a-z0-9][a-z0-9-]{0,62}(\.[a-z0-9][a-z0-9-]{0,62}){1,2}\.svc\.cluster\.local$/,
    "the host of a Service in the cluster: <service>.<namespace>.svc.cluster.local",
    "clickhouse-signoz.clickhouse.svc.cluster.local",
);

const name = text(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "letters, digits, - and _, at most 64", "signoz");

/** It stands in the programs' addresses as it is; a plan has an address of no host in place of an encrypted one. */
const password = z
    .string()
    .regex(/^([A-Za-z0-9._~-]{8,256}|https:\/\/[a-z-]+\.invalid(\/\d+)?)$/)
    .register(about, { allowed: "8 to 256 letters, digits and . _ ~ -", secret: true });

const clickhouse = z.strictObject({
    host: describe(serviceHost, { description: "Host of its Service." }),
    port: describe(portNumber, {
        description: "Port of its own protocol; 9000 if absent.",
        example: "9000",
    }).optional(),
    cluster: describe(name, {
        description: "Its cluster's name, by which tables are made on every server of it.",
        immutable: "tables are made in the cluster of that name",
    }),
    user: describe(name, { description: "A user that may make databases and tables." }),
    password,
});

const mail = text(/^[^\s@,]+@[^\s@,]+$/, "a mail address", "observability@example.com");

export const signozSettings = z.strictObject({
    enabled: describe(flag, {
        description:
            "SigNoz beside the stack's own stores, on a ClickHouse of yours, with a copy of what passes the collectors. docs/how-to/add-signoz.md says what of it survives a loss, and what not.",
    }),
    clickhouse: describe(clickhouse, {
        description: "The ClickHouse that keeps what SigNoz is sent; this program makes none.",
        example: "{ host: clickhouse-signoz.clickhouse.svc.cluster.local, cluster: signoz, user: signoz }",
    }).optional(),
    user: describe(mail, {
        description: "Mail address of the first user, who lets others in; signoz@<domain> if absent.",
    }).optional(),
    rotation,
    replicas: z.strictObject({
        collector: describe(replicas, { description: "Take what is sent, and write it to ClickHouse." }),
    }),
    volume: describe(volumeSize, {
        description: "Volume for users, dashboards and alerts that are made in its screens.",
        immutable: "a StatefulSet's volume claims keep their size",
    }),
    values: chartValues,
});

export type SignozSettings = z.infer<typeof signozSettings>;
export type Clickhouse = z.infer<typeof clickhouse>;

export function signozDefaults(survives: Survives): SignozSettings {
    return { enabled: false, rotation: 1, replicas: fewest(signozReplicated, survives), volume: "1Gi", values: {} };
}

export function signozRules(settings: SignozSettings, { survives }: PlatformSettings): SettingsProblem[] {
    if (!settings.enabled) return unusedWhileOff("signoz", settings, signozDefaults(survives));
    return ask(
        () => storeRules(settings),
        () => replicaRules(signozReplicated, settings.replicas, survives),
        () => ownStoreRules(settings.values),
        () => valuesRules("signoz.values", settings.values, chartKeys),
    );
}

function storeRules({ clickhouse: store }: SignozSettings): SettingsProblem[] {
    if (store !== undefined) return [];
    const fix = `write { host, cluster, user }, and ${setSecret("signoz.clickhouse.password")}`;
    return [problem("signoz.clickhouse", "nothing", "a ClickHouse that runs in the cluster", fix)];
}

/** What the chart makes of these has its credential in the values, a public one unless another is written. */
const STORES = {
    clickhouse: "name one by signoz.clickhouse",
    externalClickhouse: "write signoz.clickhouse, whose password is a Secret",
    postgresql: "leave screens one pod with a volume: several want SigNoz' licence",
} as const;

function ownStoreRules(values: SignozSettings["values"]): SettingsProblem[] {
    return Object.entries(STORES).flatMap(([key, fix]) => {
        if (values[key] === undefined) return [];
        const allowed = "nothing: a credential of it would stand in the chart's values";
        return [problem(`signoz.values.${key}`, "a map", allowed, `remove it, and ${fix}`)];
    });
}

export const signozSlice: Slice<typeof signozSettings> = {
    schema: signozSettings,
    defaults: signozDefaults,
    rules: signozRules,
};

import { z } from "zod";
import type { Survives } from "../placement";
import type { PlatformSettings } from "../platform-settings";
import { count, describe, dnsLabel, flag, replicas, tenantId } from "../setting-types";
import { problem, type SettingsProblem } from "../settings-problem";

const client = z.strictObject({
    name: describe(dnsLabel, { description: "User name of the client.", example: "edge-eu" }),
    tenant: describe(tenantId, {
        description: "Tenant that its metrics and logs are kept as; the platform's if absent.",
    }).optional(),
    rotation: describe(count, { description: "Raise by one to make a new password; 1 if absent." }).optional(),
});

/** Pushes from outside the cluster: off unless asked for, and never without TLS and a password. */
export const outsidePushSettings = z.strictObject({
    enabled: describe(flag, {
        description:
            "Take metrics, logs and traces from outside the cluster at push.<domain>, with TLS and a password.",
    }),
    clients: z.array(client),
    replicas: describe(replicas, { description: "Gateways that check passwords and pass on." }),
});

export type OutsidePushSettings = z.infer<typeof outsidePushSettings>;

export function outsidePushDefaults(survives: Survives): OutsidePushSettings {
    return { enabled: false, clients: [], replicas: survives === "nothing" ? 1 : 2 };
}

export function outsidePushRules(
    { enabled, clients, replicas }: OutsidePushSettings,
    { access, survives }: Pick<PlatformSettings, "access" | "survives">,
): SettingsProblem[] {
    if (!enabled) return [];
    const problems = [...accessRules(access)];
    const names = clients.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (names.length === 0) {
        problems.push(problem("outsidePush.clients", [], "one client or more", "clients: [{ name: edge-eu }]"));
    }
    if (twice !== undefined) {
        problems.push(problem("outsidePush.clients", twice, "each name once", "write another name"));
    }
    if (survives !== "nothing" && replicas < 2) {
        problems.push(
            problem("outsidePush.replicas", replicas, `at least 2 with survives: ${survives}`, "replicas: 2"),
        );
    }
    return problems;
}

/** Passwords travel with every push, so the way in has to speak TLS and nothing else. */
function accessRules(access: PlatformSettings["access"]): SettingsProblem[] {
    if (access.kind === "none") {
        return [problem("access.kind", "none", "ingress or gateway with outsidePush.enabled", "write access: …")];
    }
    if (access.kind === "ingress" && access.tls.from === "none") {
        const allowed = "issuer or secret with outsidePush.enabled: passwords would travel in the open";
        return [problem("access.tls.from", "none", allowed, "tls: { from: issuer, clusterIssuer: … }")];
    }
    if (access.kind === "gateway" && access.listener === undefined) {
        const allowed = "the Gateway's HTTPS listener with outsidePush.enabled: a route joins plain listeners too";
        return [problem("access.listener", "nothing", allowed, "listener: https")];
    }
    return [];
}

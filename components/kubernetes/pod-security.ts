/** What Pod Security `restricted` asks of a pod, and hardening beyond it, as values that charts take. */

/** Pod level: no root, the runtime's seccomp profile, volumes owned by the group. */
export function restrictedPod(uid: number) {
    return {
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: uid,
        fsGroup: uid,
        fsGroupChangePolicy: "OnRootMismatch" as const,
        seccompProfile: { type: "RuntimeDefault" as const },
    };
}

/** Container level: no capabilities, no way to gain any, a file system that cannot be changed. */
export function restrictedContainer(readOnlyRootFilesystem = true) {
    return { allowPrivilegeEscalation: false, readOnlyRootFilesystem, capabilities: { drop: ["ALL"] } };
}

import assert from "node:assert/strict";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { record, records } from "../../../tools/records";
import { referencesOfPod } from "../../../tools/verify/wiring/references";
import type { Kubectl, KubernetesObject } from "../kubectl";
import { secretStates, type SecretState } from "../secrets";
import { raised, STORES, type Rotation } from "./credentials";

const ROTATION = "observability-platform/credentials-rotation";

/**
 * Tests of a stack that is up with every credential: all numbers are raised in one update. What each number changes by
 * itself is held by test/rotation.test.ts; here it is what becomes of it, in which order, and who has the old one still.
 */
export function rotationTests(all: readonly Rotation[], given: () => { stack: Stack; kubectl: Kubectl }): void {
    /** Secrets whose pods restart. */
    const rolled = all.flatMap(({ taken, rotation }) => (taken && rotation ? [taken] : []));
    let before: Map<string, SecretState>;
    let after: Map<string, SecretState>;
    let old: Set<string>;
    let pods: KubernetesObject[];
    let changes: Map<string, Change>;

    it("rotates every credential by its number: Secrets, then MinIO, then the stores' Secrets, then pods", async () => {
        const { stack, kubectl } = given();
        before = await secretStates(kubectl);
        old = new Set((await kubectl.list("pods")).map(({ metadata }) => metadata.uid));
        await raise(stack, raised(all));
        const started = Date.now();
        changes = await changesOf(stack);
        pods = await settledPods(kubectl, old, rolled);
        after = await secretStates(kubectl);
        console.log(`      up: ${Math.round((Date.now() - started) / 1000)} s`);

        for (const order of all.flatMap((rotation) => rotation.changes)) inOrder(order, changes);
        const expected = new Set(all.flatMap((rotation) => rotation.changes.flat()));
        const changed = [...changes.keys()].filter((name) => !name.startsWith("RandomPassword "));
        assert.deepEqual(changed.sort(), [...expected].sort());
    });

    it("leaves MinIO the keys that the stores' pods had, beside the new ones", () => {
        for (const { role, system: store } of STORES) {
            const { AWS_SECRET_ACCESS_KEY: had } = before.get(`${store}/${store}-s3`)?.data ?? {};
            const { AWS_SECRET_ACCESS_KEY: has } = after.get(`${store}/${store}-s3`)?.data ?? {};
            assert.ok(had !== undefined && has !== undefined && had !== has, store);
            assert.equal(after.get(`minio/minio-user-${role}`)?.data.secretKey, had);
            assert.equal(after.get(`minio/minio-user-${role}-even`)?.data.secretKey, has);
        }
    });

    it("leaves no pod with an old credential, but where none is restarted for a reason", () => {
        const rows = all.map(({ credential, taken, rotation, why }) => {
            const users = taken === undefined ? [] : takers(pods, taken);
            const since = after.get(taken ?? "")?.since ?? 0;
            if (taken !== undefined) assert.ok(since > (before.get(taken)?.since ?? Infinity), `${taken} is as it was`);
            const kept = users.filter(({ metadata }) => old.has(metadata.uid));
            if (rotation === undefined) {
                assert.equal(kept.length, users.length, `${credential}: no pod restarts`);
            } else {
                assert.ok(users.length > 0, credential);
                assert.deepEqual(
                    kept.map(({ metadata }) => metadata.name),
                    [],
                    credential,
                );
                for (const { metadata } of users) {
                    assert.match(metadata.annotations?.[ROTATION] ?? "", rotation, metadata.name);
                    assert.ok(Date.parse(metadata.creationTimestamp) >= since, `${metadata.name} is older`);
                }
            }
            const fate =
                rotation === undefined
                    ? `${users.length} pods keep running: ${why ?? ""}`
                    : `${users.length} pods, all made after the Secret`;
            return `      ${credential.padEnd(34)} ${fate}`;
        });
        console.log(rows.join("\n"));
    });

    it("gives pods that keep running the new passwords of clients as a file that the kubelet renews", () => {
        const users = takers(pods, "ingest-gateway/push-htpasswd");
        assert.ok(users.length > 0);
        for (const { metadata, spec } of users) {
            const mounts = records(spec?.containers).flatMap(({ volumeMounts }) => records(volumeMounts));
            // The kubelet never renews what is mounted by `subPath`.
            assert.deepEqual(
                mounts.filter(({ subPath }) => subPath !== undefined),
                [],
                metadata.name,
            );
            assert.ok(!JSON.stringify(spec).includes("secretKeyRef"), metadata.name);
        }
    });

    it("restarts MinIO's servers together by the command of the docs, and none has the old root key", async () => {
        const { kubectl } = given();
        const servers = takers(pods, "minio/minio-root");
        kubectl.run(["--namespace", "minio", "delete", "pod", "--selector", "app=minio,release=minio"]);
        const now = takers(await settledPods(kubectl, old, ["minio/minio-root"]), "minio/minio-root");
        assert.equal(now.length, servers.length);
        assert.ok(now.every(({ metadata }) => !old.has(metadata.uid)));
    });
}

/** Raises the numbers in the settings that the stack has, which may be written as whole maps. */
async function raise(stack: Stack, numbers: Readonly<Record<string, number | string>>): Promise<void> {
    const config = await stack.getAllConfig();
    const settings: Record<string, unknown> = {};
    for (const [path, value] of Object.entries(numbers)) {
        const keys = path.split(/[.[\]]+/);
        const top = keys[0] ?? "";
        settings[top] ??= JSON.parse(config[`observability:${top}`]?.value ?? "{}");
        put(settings, keys, value);
    }
    await stack.setAllConfig(
        Object.fromEntries(
            Object.entries(settings).map(([key, value]) => {
                const { secret } = config[`observability:${key}`] ?? {};
                return [`observability:${key}`, { value: JSON.stringify(value), secret: secret ?? false }];
            }),
        ),
    );
}

/** Writes a value where the keys lead to, through maps and lists, and makes maps that are missing. */
function put(into: Record<string, unknown>, [key = "", ...rest]: readonly string[], value: unknown): void {
    if (rest.length === 0) into[key] = value;
    else put((into[key] ??= {}) as Record<string, unknown>, rest, value);
}

/** When the engine began and ended a change of a resource: places in the order of its events. */
interface Change {
    readonly began: number;
    ended: number;
}

/** Runs an update. @returns what it changed, by `Kind name`. */
async function changesOf(stack: Stack): Promise<Map<string, Change>> {
    const changes = new Map<string, Change>();
    let place = 0;
    await stack.up({
        onEvent: ({ resourcePreEvent, resOutputsEvent }: EngineEvent) => {
            place += 1;
            const step = (resourcePreEvent ?? resOutputsEvent)?.metadata;
            if (step === undefined || step.op === "same" || step.type.startsWith("pulumi:")) return;
            const name = `${step.type.split(":").at(-1) ?? ""} ${step.urn.split("::").at(-1) ?? ""}`;
            const change = changes.get(name) ?? { began: place, ended: 0 };
            // A Secret is replaced in several steps: the last is when it is there.
            if (resOutputsEvent) change.ended = place;
            changes.set(name, change);
        },
    });
    return changes;
}

/** Holds that each change of the list ended before the next began. */
function inOrder(order: readonly string[], changes: ReadonlyMap<string, Change>): void {
    order.forEach((name, index) => {
        const change = changes.get(name);
        assert.ok(change && change.ended > 0, `${name} was not changed`);
        const before = changes.get(order[index - 1] ?? "");
        if (before) assert.ok(before.ended < change.began, `${name} did not wait for ${order[index - 1] ?? ""}`);
    });
}

/** Pods that run, by what they take of a Secret `namespace/name`: in their environment or as files. */
function takers(pods: readonly KubernetesObject[], secret: string): KubernetesObject[] {
    return pods.filter(({ metadata, spec }) =>
        referencesOfPod(record(spec)).some(
            ({ kind, name }) => kind === "Secret" && `${metadata.namespace ?? ""}/${name}` === secret,
        ),
    );
}

/**
 * Pods, once none ends or waits any more, and those that are to be new are: Helm calls a Deployment ready while it still
 * has as many old pods as may be away. After a minute as they are.
 */
async function settledPods(kubectl: Kubectl, old: ReadonlySet<string>, secrets: readonly string[]) {
    for (let tries = 0; ; tries++) {
        const pods = await kubectl.list("pods");
        const still = pods.every(({ metadata, status }) => !metadata.deletionTimestamp && status?.phase !== "Pending");
        const kept = secrets.some((each) => takers(pods, each).some(({ metadata }) => old.has(metadata.uid)));
        if ((still && !kept) || tries === 60) return pods;
        await new Promise((resolve) => setTimeout(resolve, 1000));
    }
}

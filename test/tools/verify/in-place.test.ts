import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlannedResource } from "../../../tools/plan/engine";
import { RELEASE } from "../../../tools/plan/engine";
import { between, inPlace, printBetween } from "../../../tools/verify/against/in-place";
import { inWorktree } from "../../../tools/verify/against/revision";
import type { ClusterModel } from "../../../tools/verify/cluster-model";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { document, workload } from "../../fixtures/verify/manifests";

function resource(name: string, inputs: Record<string, unknown>, more: Partial<PlannedResource> = {}): PlannedResource {
    const type = more.type ?? RELEASE;
    const own = { type, parent: "", custom: true, dependencies: [], protect: false };
    return { urn: `urn:pulumi:s::p::${type}::${name}`, name, inputs, ...own, ...more };
}

function release(more: Record<string, unknown> = {}, protect = false): PlannedResource {
    return resource("release", { name: "release", namespace: "ns", ...more }, { protect });
}

/** A stack of these manifests, which a release brings. */
function stack(manifests: string, resources = [release()], settings: Record<string, unknown> = {}): ClusterModel {
    return { ...given(manifests, settings), plan: { resources, outputs: {} } };
}

const check = (before: ClusterModel) => inPlace({ ...before, ref: "main" });

const SET = { kind: "StatefulSet", claims: true };

describe("what a change since another revision has at stake", () => {
    it("is nothing where objects are added or changed in place", () => {
        const before = stack(workload(SET));
        assertClean(check(before), before);
        const more = workload({ ...SET, replicas: 3 }) + workload({ name: "b" });
        assertClean(check(before), stack(more));
        // What goes and holds nothing is no finding either.
        assertClean(check(stack(more)), before);
    });

    it("is a field that the API server keeps as it is", () => {
        const binding = (role: string) =>
            document({ kind: "RoleBinding", apiVersion: "v1", metadata: { name: "r" }, roleRef: { name: role } });
        const before = stack(workload() + workload({ ...SET, name: "set" }) + binding("reader"));
        const after = stack(
            workload({ labels: { app: "other" } }) +
                workload({ ...SET, name: "set", claims: false }) +
                binding("writer"),
        );
        assertFound(
            check(before),
            after,
            /^ns\/Deployment\/a: .*refuse this: spec.selector cannot change/,
            /^ns\/StatefulSet\/set: .*spec.volumeClaimTemplates cannot change/,
            /^ns\/RoleBinding\/r: .*roleRef cannot change/,
        );
    });

    it("is the size of volumes that an operator makes once", () => {
        const prometheus = (storage: string) =>
            document({
                ...{ apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus", metadata: { name: "p" } },
                spec: { storage: { volumeClaimTemplate: { spec: { resources: { requests: { storage } } } } } },
            });
        assertFound(
            check(stack(prometheus("10Gi"))),
            stack(prometheus("20Gi")),
            /^ns\/Prometheus\/p: .*all pods at once; volumes that are there stay as they are/,
        );
    });

    it("is what holds data or other objects and goes, unless Helm keeps it", () => {
        const claim = (annotations = {}) =>
            document({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "c", annotations } });
        assertFound(check(stack(claim())), stack(""), /^ns\/PersistentVolumeClaim\/c: its data goes with it/);
        assertClean(check(stack(claim({ "helm.sh/resource-policy": "keep" }))), stack(""));
    });

    it("is an object that goes to another release", () => {
        const before = stack(workload());
        const after = { ...before, objects: before.objects.map((each) => ({ ...each, release: "other" })) };
        assertFound(
            check(before),
            after,
            /^ns\/Deployment\/a: it goes from release release to release other: Helm takes/,
        );
        const hook = (model: ClusterModel) => model.objects.map((each) => ({ ...each, hook: "pre-install" }));
        assertClean(check({ ...before, objects: hook(before) }), { ...after, objects: hook(after) });
    });

    it("is a release that is renamed, moved or left out, told once with what goes with it", () => {
        const before = stack(workload(SET) + workload({ name: "b" }));
        for (const more of [{ name: "new" }, { namespace: "elsewhere" }]) {
            assertFound(
                check(before),
                stack("", [release(more)]),
                /^ns\/Release\/release: ns\/release becomes .*; 2 objects go with it, among them StatefulSet a ->/,
            );
        }
        assertFound(check(before), stack("", []), /^ns\/Release\/release: the program has it no more; 2 objects/);
    });

    it("is a release that the program calls otherwise without an alias", () => {
        const before = stack(workload());
        const renamed = resource("other", { name: "release", namespace: "ns" });
        assertFound(check(before), stack(workload(), [renamed]), /knows it as .*::other now, and has no alias/);
    });

    it("is a setting that must stay as it was first, and a list of which the past is rewritten", () => {
        const before = stack("");
        const after = (settings: Record<string, unknown>) => stack("", [release()], settings);
        assertFound(
            check(before),
            after({ tenant: "new", metrics: { buckets: { blocks: "another-bucket" } } }),
            /^Setting\/tenant: c → new -> c, since data of the old tenant/,
            /^Setting\/metrics\.buckets\.blocks: .* → another-bucket -> .*, since what is in the old bucket/,
        );
        assertClean(check(before), after({ metrics: { retention: "90d" } }));
        const schema = (...entries: unknown[]) => after({ logs: { schema: entries } });
        const { logs } = before.settings;
        assert.ok(logs.kind === "loki");
        assertClean(check(before), schema(...logs.schema, { ...logs.schema[0], from: "2099-01-01" }));
        assertFound(check(before), schema({ ...logs.schema[0], from: "2023-01-01" }), /^Setting\/logs.schema: /);
    });

    it("is a number of rotations that is lowered, since a key that was renewed would be valid again", () => {
        const at = (logs: number) => stack("", [release()], { objectStore: { rotation: { logs } } });
        assertFound(check(at(3)), at(2), /^Setting\/objectStore.rotation.logs: 3 → 2 -> 3 or more, since /);
        assertClean(check(at(2)), at(3));
    });

    it("is told of protected resources, which are counted", () => {
        const namespace = { type: "kubernetes:core/v1:Namespace", protect: true };
        const kept = resource("kept", { kind: "Namespace", metadata: { name: "kept" } }, namespace);
        const lost = resource("lost", { kind: "Namespace", metadata: { name: "lost" } }, namespace);
        const password = (length: number) =>
            resource("key", { length }, { type: "random:index/randomPassword:RandomPassword", protect: true });
        const before = stack("", [kept, lost, password(16), release({}, true)]);
        const after = stack("", [kept, password(32), release()]);
        assertFound(
            check(before),
            after,
            /^Namespace\/lost: the program has it no more; it is protected, so that Pulumi will refuse/,
            /^Resource\/key: its inputs change, so that it is made anew; it is protected/,
        );
        const numbers = between(before, after);
        assert.deepEqual(numbers.protected, { before: 4, after: 2, atStake: ["Namespace/lost", "Resource/key"] });
        const text = printBetween({ ref: "main", commit: "0123456789abcdef" }, numbers);
        assert.match(text, /Since main \(0123456789ab\)[^]*protected resources +2, 4 before; 2 would be deleted/);
    });

    it("is measured in objects", () => {
        const before = stack(workload({ name: "a" }) + workload({ name: "b" }) + workload({ name: "c" }));
        const after = stack(workload({ name: "a" }) + workload({ name: "b", replicas: 5 }) + workload({ name: "d" }));
        assert.deepEqual(between(before, after).objects, { same: 1, changed: 1, added: 1, removed: 1 });
    });
});

describe("a revision's own program", () => {
    let root: string;
    const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8", stdio: "pipe" });

    before(() => {
        root = mkdtempSync(join(tmpdir(), "against-test-"));
        git("init", "--quiet");
        mkdirSync(join(root, "node_modules"));
        writeFileSync(join(root, "node_modules", "package"), "installed");
        writeFileSync(join(root, ".gitignore"), "node_modules\n");
        const author = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
        for (const text of ["old", "new"]) {
            writeFileSync(join(root, "index.ts"), text);
            git("add", "--all");
            git(...author, "commit", "--quiet", "--message", text);
        }
        writeFileSync(join(root, "index.ts"), "not committed");
    });

    after(() => {
        rmSync(root, { recursive: true });
    });

    it("stands in a folder of its own with the installed packages, and is taken away with nothing else", async () => {
        const seen = await inWorktree(root, "HEAD~1", (folder) => {
            assert.equal(readFileSync(join(folder, "node_modules", "package"), "utf8"), "installed");
            return Promise.resolve({ folder, text: readFileSync(join(folder, "index.ts"), "utf8") });
        });
        assert.equal(seen.text, "old");
        assert.ok(!existsSync(seen.folder));
        assert.ok(existsSync(join(root, "node_modules", "package")));
        assert.equal(readFileSync(join(root, "index.ts"), "utf8"), "not committed");
        assert.equal(git("worktree", "list").trim().split("\n").length, 1);
    });

    it("is taken away after an error too", async () => {
        await assert.rejects(
            inWorktree(root, "HEAD", () => Promise.reject(new Error("does not render"))),
            /does not render/,
        );
        assert.equal(git("worktree", "list").trim().split("\n").length, 1);
    });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Loss, Workload } from "../../components/kubernetes/workload";
import { parseSettings } from "../../components/platform/settings";
import { everyKind } from "../../components/platform/roles";
import { WORKLOADS } from "../../components/platform/workloads";
import { settingEntries } from "../../tools/settings-reference/entries";
import { minimumsPage } from "../../tools/settings-reference/minimums";
import { leastOf } from "../fixtures/kinds";
import { root } from "../fixtures/planned";

/** The way in from outside is off by itself, and asks for more than a number. */
const DOOR = {
    access: {
        kind: "ingress",
        className: "nginx",
        namespace: "ingress-nginx",
        tls: { from: "issuer", clusterIssuer: "letsencrypt" },
    },
    ingestGateway: { enabled: true, clients: [{ name: "edge-eu" }] },
};

/** The kind that a workload belongs to, where its system stands in a role. */
function kindOf(key: string): object {
    const kind = everyKind.find(({ workloads }) => workloads.some((each) => each.key === key));
    return kind === undefined ? {} : leastOf(kind.kind);
}

function problemsWith(survives: Loss, { key, setting }: { key: string; setting: string }, value: number): string[] {
    const [slice = "", ...path] = setting.split(".");
    const change = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
    const result = parseSettings({
        ...{ cluster: "c", domain: "a.example.com", survives, ...DOOR },
        [slice]: { ...(slice === "ingestGateway" && DOOR.ingestGateway), ...kindOf(key), ...change },
    });
    return "problems" in result ? result.problems.map((problem) => problem.path) : [];
}

const set = WORKLOADS.filter((each): each is Workload & { setting: string } => each.setting !== undefined);

describe("production minimums", () => {
    for (const survives of ["node", "zone"] as const) {
        for (const workload of set) {
            const { key, setting, least } = workload;
            if (least === undefined) continue;
            const enough = least[survives];
            it(`take ${setting}: ${enough} with survives: ${survives}, and refuse one less (${key})`, () => {
                assert.deepEqual(problemsWith(survives, workload, enough), []);
                assert.deepEqual(problemsWith(survives, workload, enough - 1), [setting]);
            });
        }
    }

    for (const workload of set) {
        const { key, setting, least } = workload;
        if (least !== undefined) continue;
        it(`leave ${setting} to the user, as ${key} needs none`, () => {
            assert.deepEqual(problemsWith("zone", workload, 1), []);
        });
    }

    it("are known of every setting that is a number of pods, or said to be none", () => {
        const settings = settingEntries().flatMap(({ path, meaning }) => (meaning.pods === true ? [path] : []));
        // The second store has the settings of the first.
        const own = settings.map((path) => path.replace(/^secondMetrics\./, "metrics."));
        assert.deepEqual([...new Set(set.map(({ setting }) => setting))].sort(), [...new Set(own)].sort());
    });

    it("give a reason in every case, and each workload a name of its own", () => {
        assert.ok(WORKLOADS.every(({ why }) => why.length > 10));
        assert.equal(new Set(WORKLOADS.map(({ key }) => key)).size, WORKLOADS.length);
    });

    it("stand on their page (npm run settings-reference)", () => {
        assert.equal(readFileSync(resolve(root, "docs/reference/production-minimums.md"), "utf8"), minimumsPage());
    });
});

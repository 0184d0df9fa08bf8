import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { KUBERNETES_VERSIONS, SINCE, type KubernetesVersion } from "../../components/kubernetes/versions";
import { fetchArchive, unpack } from "../../tools/chart-types/archive";
import { PINS } from "../../tools/charts";
import { readStackFile } from "../../tools/plan/stack-file";
import { KUBE_VERSION } from "../../tools/render/render";
import { findings } from "../../tools/verify/check";
import { CHECKS } from "../../tools/verify/checks";
import { BINARY_CHECKS } from "../../tools/verify/configs/binaries";
import { renderedModel } from "../../tools/verify/rendered";
import { needsCharts, ROOT } from "./rendered";

/*
 * Prod for each version of Kubernetes from which on anything is rendered otherwise, by the program or by a chart; a version
 * between two of them is rendered as the one before. The newest is what every other test renders for.
 */
describe("prod, for each supported Kubernetes that makes a difference", () => {
    let versions: KubernetesVersion[];

    before(async function () {
        needsCharts(this);
        const [oldest] = KUBERNETES_VERSIONS;
        const differs = new Set<string>([oldest, ...Object.values(SINCE), ...(await comparedByCharts())]);
        versions = KUBERNETES_VERSIONS.filter((each) => differs.has(each));
        console.log(`    ${versions.join(", ")}`);
    });

    it("ends with the one that charts are rendered for by default", () => {
        assert.equal(`${KUBERNETES_VERSIONS.at(-1)}.0`, KUBE_VERSION);
    });

    it("has nothing that verify finds", async () => {
        for (const version of versions.filter((each) => !KUBE_VERSION.startsWith(`${each}.`))) {
            const file = readStackFile(ROOT, "prod");
            const config = { ...file.config, [`${file.project}:kubernetes`]: version };
            const kubeVersion = `${version}.0`;
            const model = await renderedModel({ root: ROOT, stack: "prod", kubeVersion, file: { ...file, config } });
            // What programs say of their configurations hangs on no version of Kubernetes, and takes the longest.
            const asked = CHECKS.filter((check) => !BINARY_CHECKS.includes(check));
            assert.deepEqual(findings(asked, model), [], version);
        }
    });
});

/** Versions, `1.33`, that a chart compares its cluster's with. */
async function comparedByCharts(): Promise<string[]> {
    const mirror = process.env.CHART_MIRROR ?? "";
    const here = PINS.filter(({ name, version }) => existsSync(join(mirror, `${name}-${version}.tgz`)));
    assert.notEqual(here.length, 0, "no pinned chart is in the mirror");
    const archives = await Promise.all(here.map((pin) => fetchArchive(pin, mirror).then(unpack)));
    const templates = archives.flatMap((files) => [...files].filter(([path]) => path.includes("templates/")));
    return templates.flatMap(([, text]) =>
        [...text.matchAll(/semverCompare "[<>=^~ ]*(1\.\d+)/g)].map(([, version = ""]) => version),
    );
}

import assert from "node:assert/strict";
import { deduplication } from "../../policies/rules/deduplication";
import { replicaCounts } from "../../policies/rules/replica-counts";
import { planned } from "../fixtures/planned";
import { changed, releases, shown } from "../fixtures/policies-prod";

const KPS = "kube-prometheus-stack";

/** What policies ask of a cluster that keeps nothing. */
describe("the policies on a cluster that sends", () => {
    it("want its pair of Prometheus named after itself, which a hub tells from other clusters' by no other label", async () => {
        const resources = shown(await planned("edge"));
        const judged = (labels: unknown) =>
            deduplication([changed(resources, KPS, "prometheus.prometheusSpec.externalLabels", labels)], resources).map(
                ({ path }) => path,
            );
        assert.deepEqual(judged({ cluster: "edge", prometheus: "edge-eu" }), []);
        assert.deepEqual(judged({ cluster: "edge" }), ["prometheus.prometheusSpec.externalLabels"]);
    });

    it("cannot tell who keeps one copy where there is neither a store nor a hub", async () => {
        const resources = shown(await planned("edge")).filter(({ type }) => type !== "observability:metrics:Remote");
        const said = deduplication(releases(resources), resources);
        assert.deepEqual(
            said.map(({ kind }) => kind),
            ["unchecked"],
        );
    });

    it("want Grafana unless the stack's own settings leave it out", async () => {
        const resources = shown(await planned("edge"));
        const kps = releases(resources).find(({ chart }) => chart === KPS);
        assert.ok(kps);
        const said = (absent: readonly string[]) =>
            replicaCounts(kps, { survives: "node", absent }).map(({ path }) => path);
        assert.deepEqual(said([`${KPS}.grafana`]), []);
        assert.deepEqual(said([]), ["grafana.enabled"]);
        const platform = resources.find(({ type }) => type === "observability:index:Platform");
        assert.deepEqual(platform?.props.absent, [`${KPS}.grafana`], "which the stack states of itself");
    });
});

import assert from "node:assert/strict";
import { imagesOf } from "../../tools/images/images";
import { findings } from "../../tools/verify/check";
import { CHECKS } from "../../tools/verify/checks";
import { everyPod } from "../fixtures/every-source";
import { needsCharts, rendered, renderedWith } from "./rendered";

const MIRROR = "registry.example.com:5000/mirror";

/** What a cluster that sends may have beside it: sources, samplers, nodes of its own, a mirror, its hub by its stack. */
const EVERYTHING = {
    ...everyPod(["hub", "kubePrometheusStack", "k8sMonitoring", "blackboxExporter", "pushgateway"]),
    "observability:survives": "zone",
    "observability:imageRegistry": MIRROR,
    "observability:ipFamilies": "dual",
    "observability:hub": JSON.stringify({
        stack: "acme/observability/prod",
        tenant: "edge",
        ca: { from: "configMap", name: "hub-ca" },
    }),
    "observability:pushgateway": JSON.stringify({ enabled: true }),
    "observability:k8sMonitoring": JSON.stringify({ tailSampling: { enabled: true } }),
};

describe("verify of stack edge", () => {
    before(function () {
        needsCharts(this);
    });

    it("finds nothing", async () => {
        assert.deepEqual(findings(CHECKS, await rendered("edge")), []);
    });

    it("finds nothing with every source on, nor an image that its mirror has not", async () => {
        const model = await renderedWith("edge", EVERYTHING);
        assert.deepEqual(findings(CHECKS, model), []);
        const images = imagesOf(model).map(({ image }) => image);
        assert.deepEqual(
            images.filter((image) => !image.startsWith(`${MIRROR}/`)),
            [],
        );
        assert.ok(images.length >= 10, `only ${images.length} images`);
    });
});

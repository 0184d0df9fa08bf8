import assert from "node:assert/strict";
import { buildCortexValues } from "../../../components/metrics/cortex/values";
import { cortexRules } from "../../../components/metrics/cortex/rules";
import { cortexDefaults } from "../../../components/metrics/cortex/settings";
import { KUBERNETES_VERSIONS } from "../../../components/kubernetes/versions";
import { kubernetesVersion } from "../../../tools/verify/checks/kubernetes-version";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { platformOf } from "../../fixtures/platform";
import { objectStore } from "../../fixtures/stores";
import { deployment, NAMESPACES } from "../../fixtures/verify/wiring";

const ZONE = { fieldRef: { fieldPath: "metadata.labels['topology.kubernetes.io/zone']" } };

describe("verify: the version of Kubernetes", () => {
    const zoned = deployment("ring", [], {
        pod: { containers: [{ name: "c", env: [{ name: "Z", valueFrom: ZONE }] }] },
    });

    it("finds pods that read a zone which nobody tells them", () => {
        const on = (kubeVersion: string) => ({ ...given(NAMESPACES + zoned), kubeVersion });
        assertFound(kubernetesVersion, on("1.34.0"), /ns\/Deployment\/ring: reads its zone from its own labels/);
        assertClean(kubernetesVersion, on("1.35.0"));
        assertClean(kubernetesVersion, { ...given(NAMESPACES + deployment("plain", [])), kubeVersion: "v1.31.2" });
    });

    it("finds a stack that counts on a newer one", () => {
        const model = given(NAMESPACES, { kubernetes: "1.35" });
        assertFound(kubernetesVersion, { ...model, kubeVersion: "1.31.0" }, /kubernetes: "1.35", rendered for 1.31/);
    });
});

describe("Cortex on each version of Kubernetes", () => {
    const settings = cortexDefaults("zone");

    it("knows zones where pods know theirs, and nowhere else", () => {
        for (const kubernetes of KUBERNETES_VERSIONS) {
            const values = JSON.stringify(
                buildCortexValues({
                    platform: platformOf("zone", { kubernetes }),
                    ...{
                        settings,
                        tenants: {},
                        objectStore,
                        access: { rotation: 1, accountAnnotations: {} },
                        alertReceiver: { srvUrl: "http://a" },
                    },
                }),
            );
            assert.equal(values.includes('"zone_awareness_enabled":true'), kubernetes === "1.35", kubernetes);
            assert.equal(values.includes("AVAILABILITY_ZONE"), kubernetes === "1.35", kubernetes);
        }
    });

    it("has one copy in each zone also without, by as many members as copies", () => {
        const more = { ...settings, replicas: { ...settings.replicas, ingester: 6, storeGateway: 4 } };
        const broken = (kubernetes: "1.34" | "1.35") =>
            cortexRules(more, platformOf("zone", { kubernetes })).map(({ path }) => path);
        assert.deepEqual(broken("1.34"), ["metrics.replicas.ingester", "metrics.replicas.storeGateway"]);
        assert.deepEqual(broken("1.35"), []);
        assert.deepEqual(cortexRules(more, platformOf("node", { kubernetes: "1.30" })), []);
    });
});

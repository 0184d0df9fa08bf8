import assert from "node:assert/strict";
import { fullReference, imagesOf } from "../../../tools/images/images";
import { modelOf } from "../../../tools/verify/cluster-model";
import type { RenderedObject } from "../../../tools/render/manifests";

describe("images of a stack", () => {
    it("are named as registries know them, so that a mirror finds what the nodes will ask for", () => {
        assert.equal(fullReference("nginx:1.31"), "docker.io/nginx:1.31");
        assert.equal(fullReference("grafana/loki:3.7.6"), "docker.io/grafana/loki:3.7.6");
        assert.equal(fullReference("docker.io/memcached:1.6"), "docker.io/memcached:1.6");
        assert.equal(fullReference("localhost/tool:1"), "localhost/tool:1");
        assert.equal(fullReference("registry:5000/tool:1"), "registry:5000/tool:1");
        assert.equal(fullReference("quay.io/a/b/c@sha256:0"), "quay.io/a/b/c@sha256:0");
    });

    it("include those of init containers, image volumes, and what an operator is told to run", () => {
        const spec = {
            initContainers: [{ name: "first", image: "busybox:1" }],
            containers: [
                {
                    name: "operator",
                    image: "quay.io/operator:2",
                    args: [
                        "--prometheus-config-reloader=quay.io/reloader:3",
                        "--thanos-default-base-image=quay.io/x:4",
                    ],
                },
            ],
            volumes: [
                { name: "model", image: { reference: "quay.io/model:5" } },
                { name: "scratch", emptyDir: {} },
            ],
        };
        const deployment: RenderedObject = {
            release: "one",
            namespace: "here",
            hook: undefined,
            object: {
                apiVersion: "apps/v1",
                kind: "Deployment",
                metadata: { name: "operator" },
                spec: { template: { metadata: {}, spec } },
            },
        };
        const model = modelOf({
            kubeVersion: "1.35.0",
            plan: { resources: [], outputs: {} },
            settings: {} as never,
            objects: [deployment, { ...deployment, namespace: "there" }],
        });
        const images = imagesOf(model);
        assert.deepEqual(
            images.map(({ image }) => image),
            ["docker.io/busybox:1", "quay.io/model:5", "quay.io/operator:2", "quay.io/reloader:3"],
        );
        for (const { users } of images)
            assert.deepEqual(users, ["here/Deployment/operator", "there/Deployment/operator"]);
    });
});

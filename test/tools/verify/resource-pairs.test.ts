import { resourcePairs } from "../../../tools/verify/checks/resource-pairs";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { workload } from "../../fixtures/verify/manifests";
import { prometheus } from "../../fixtures/verify/stores";

const asking = (requests: object, limits: object) =>
    given(workload({ container: { resources: { requests, limits } } }));

describe("verify: resource-pairs", () => {
    it("pass a limit of the request or more, however both are written, and one of the two alone", () => {
        assertClean(resourcePairs, asking({ cpu: "500m", memory: "1Gi" }, { cpu: 0.5, memory: "1024Mi" }));
        assertClean(resourcePairs, asking({ cpu: "100m", "ephemeral-storage": "1G" }, { memory: "1Gi" }));
        assertClean(resourcePairs, asking({ memory: 0 }, { memory: "0" }));
    });

    it("find less, of memory, CPU and a node's disk, of containers that run first and of the whole pod", () => {
        assertFound(
            resourcePairs,
            asking({ memory: "1Gi" }, { memory: "1G" }),
            /a: container main asks for 1Gi of memory, and is limited to 1G/,
        );
        assertFound(resourcePairs, asking({ cpu: 2 }, { cpu: "1900m" }), /2 of cpu, .* to 1900m/);
        assertFound(
            resourcePairs,
            asking({ "ephemeral-storage": "2Gi" }, { "ephemeral-storage": "1Gi" }),
            /of ephemeral-storage/,
        );
        const resources = { requests: { memory: "2Mi" }, limits: { memory: "1Mi" } };
        assertFound(
            resourcePairs,
            given(workload({ pod: { initContainers: [{ name: "first", resources }] } })),
            /container first asks/,
        );
        assertFound(resourcePairs, given(workload({ pod: { resources } })), /the pod asks for 2Mi/);
    });

    it("find it in what an operator makes", () => {
        const resources = { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } };
        assertFound(resourcePairs, given(prometheus({ resources })), /Prometheus\/p: .* of memory/);
    });

    it("need the same of what cannot be shared", () => {
        assertFound(
            resourcePairs,
            asking(
                { "hugepages-2Mi": "2Mi", "vendor.example/gpu": 1 },
                { "hugepages-2Mi": "4Mi", "vendor.example/gpu": 1 },
            ),
            /hugepages-2Mi.*the same of both/,
        );
    });

    it("leave what is no quantity to the schema", () => {
        assertClean(resourcePairs, asking({ memory: "much" }, { memory: "1Gi" }));
    });
});

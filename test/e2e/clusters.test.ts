import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { findings } from "../../tools/verify/check";
import { CHECKS } from "../../tools/verify/checks";
import { renderedModel } from "../../tools/verify/rendered";
import { shownStacks, type ShownStack } from "../fixtures/shown-stacks";
import { CONTROL_PLANE, missing, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { Kubectl } from "./kubectl";
import { changes, openStack } from "./project";
import { needsCharts, ROOT } from "./rendered";

const SHOWN = shownStacks(ROOT);

describe("stacks that the docs show", () => {
    before(function () {
        needsCharts(this);
    });

    for (const { page, stack, file } of SHOWN) {
        it(`${stack} of ${page}: verify finds nothing`, async () => {
            assert.deepEqual(findings(CHECKS, await renderedModel({ root: ROOT, stack, file })), []);
        });
    }
});

/** What a page says has to be there first, as far as objects of a stack depend on it. */
interface Cluster {
    readonly nodes: number;
    readonly zones: number;
    readonly labels: readonly string[];
    readonly objects: readonly object[];
    /** Whether the stack makes cert-manager's objects. */
    readonly certificates: boolean;
}

const CLUSTERS: Readonly<Record<string, Cluster>> = {
    "docs/how-to/clusters/eks.md": {
        nodes: 6,
        zones: 3,
        labels: ["pool=stores"],
        objects: [storageClass("gp3")],
        certificates: true,
    },
    "docs/how-to/clusters/kubeadm.md": { nodes: 3, zones: 1, labels: [], objects: [httpRoutes()], certificates: false },
    "docs/how-to/clusters/k3s.md": { nodes: 1, zones: 1, labels: [], objects: [], certificates: false },
};

/** Pages whose stacks are deployed, by commas: they differ in what verify sees, and the ones of the files are deployed always. */
const { DEPLOY_PAGES } = process.env;
const DEPLOYED = (DEPLOY_PAGES ?? "docs/how-to/clusters/k3s.md").split(",");

const CERT_MANAGER = join(process.env.CHART_MIRROR ?? "", "deps/cert-manager-crds");

for (const page of DEPLOYED) {
    const cluster = CLUSTERS[page];
    const shown = SHOWN.find((each) => each.page === page);
    if (cluster === undefined || shown === undefined)
        throw new Error(`${page} shows no stack that can be deployed here`);
    deployment(shown, cluster);
}

function deployment({ page, stack: name, file }: ShownStack, cluster: Cluster): void {
    describe(`stack ${name} of ${page} by the real CLI`, () => {
        let folder = "";
        let plane: ControlPlane | undefined;
        let stack: Stack;

        before(async function () {
            const absent = missing(["pulumi", "kubectl", "helm", ...CONTROL_PLANE]);
            if (cluster.certificates && !existsSync(CERT_MANAGER)) absent.push("CHART_MIRROR/deps/cert-manager-crds");
            if (DEPLOY_PAGES === undefined) absent.push("DEPLOY_PAGES");
            if (absent.length > 0) {
                console.log(`    not run: there is no ${absent.join(", ")}`);
                this.skip();
            }
            folder = mkdtempSync(join(tmpdir(), `cluster-${name}-`));
            plane = await startControlPlane(join(folder, "cluster"), cluster.nodes, cluster.zones, stagesFile());
            const kubectl = new Kubectl(plane.kubeconfig);
            for (const label of cluster.labels) kubectl.run(["label", "nodes", "--all", label]);
            if (cluster.certificates) kubectl.run(["apply", "--server-side", "--filename", CERT_MANAGER]);
            for (const object of cluster.objects) kubectl.run(["apply", "--filename", "-"], JSON.stringify(object));
            // Not the name of a stack whose file is copied along.
            stack = await openStack(folder, `${name}-of-the-docs`, {
                KUBECONFIG: plane.kubeconfig,
                ...(process.env.CHART_MIRROR !== undefined && { CHART_MIRROR: process.env.CHART_MIRROR }),
            });
            const settings = Object.entries(file.config).map(
                ([key, value]) => [key, { value, secret: file.secretKeys.includes(key) }] as const,
            );
            await stack.setAllConfig(Object.fromEntries(settings));
        });

        after(() => {
            plane?.stop();
            if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
        });

        it("is deployed, and has nothing to do after", async () => {
            await stack.up();
            assert.deepEqual(await changes(stack), []);
        });
    });
}

function storageClass(name: string): object {
    return {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name },
        provisioner: "example.com/none",
        volumeBindingMode: "WaitForFirstConsumer",
    };
}

/** The definition of HTTPRoute, as far as the API server needs one: what its fields are is the schema's business. */
function httpRoutes(): object {
    const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
    return {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: {
            name: "httproutes.gateway.networking.k8s.io",
            annotations: { "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/3328" },
        },
        spec: {
            group: "gateway.networking.k8s.io",
            names: { kind: "HTTPRoute", plural: "httproutes", singular: "httproute" },
            scope: "Namespaced",
            versions: [{ name: "v1", served: true, storage: true, schema }],
        },
    };
}

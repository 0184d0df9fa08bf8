import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PUSH_PATHS } from "../../components/contracts/push-paths";
import { hubNetwork } from "../../components/egress-gateway/egress-gateway";
import { gatewayPods } from "../../components/egress-gateway/gateway";
import { gatewayConfig, HUB_FILES } from "../../components/egress-gateway/nginx";
import { hubDefaults, hubSlice } from "../../components/egress-gateway/settings";
import { secretDataOf } from "../../components/egress-gateway/stack";
import { pushPaths } from "../../components/ingest-gateway/nginx";
import { networkPolicySpecs } from "../../components/kubernetes/network-policies";
import { nginxSpec } from "../../components/kubernetes/nginx-pods";
import { platformOf } from "../fixtures/platform";
import { logStore, metricsStore, traceStore } from "../fixtures/stores";

const platform = platformOf("node");
const config = gatewayConfig({}, platform);

describe("the way to a hub", () => {
    it("hands on what a hub's ingest gateway takes, by the same paths, and pushes alone", () => {
        const taken = Object.keys(pushPaths({ metricsStore, logStore, traceStore })).sort();
        const handedOn = [...config.matchAll(/set \$target "\$hub([^"]+)"/g)].map(([, path]) => path);
        assert.deepEqual(handedOn.sort(), taken);
        assert.ok(handedOn.includes(PUSH_PATHS.metrics));
        assert.match(config, /location \/ \{\s+return 404;/);
        assert.equal(config.match(/request_method != POST/g)?.length, taken.length);
    });

    it("lets senders keep what the hub does not let in: they would give up at its answer", () => {
        assert.equal(config.match(/error_page 401 403 404 429 =503 @refused;/g)?.length, 5);
        assert.match(config, /proxy_intercept_errors on;/);
    });

    it("proves whom it speaks with, and says no tenant unless one is named", () => {
        assert.match(config, /proxy_ssl_verify on;/);
        assert.match(config, /proxy_ssl_server_name on;/);
        assert.match(config, /proxy_set_header X-Scope-OrgID "";/);
        assert.match(gatewayConfig({ tenant: "edge" }, platform), /proxy_set_header X-Scope-OrgID "edge";/);
    });

    it("has neither address nor credential in its configuration: they are files of the Secret, read at the start", () => {
        const text = JSON.stringify([config, HUB_FILES]);
        assert.doesNotMatch(text, /https:\/\//);
        const pods = nginxSpec(platform, gatewayPods({ replicas: 2, secret: "mine", ca: undefined }, config));
        const rendered = JSON.stringify(pods);
        assert.match(rendered, /"secretName":"mine"/);
        assert.match(rendered, /"observability-platform\/secrets-from-outside":"mine"/, "verify is told who makes it");
        assert.match(rendered, /"subPath":"16-hub.envsh"/);
        assert.match(rendered, /"defaultMode":365/, "the image passes over a script that may not be run");
    });

    it("takes a bundle of authorities from a ConfigMap as from a Secret", () => {
        const by = (from: "configMap" | "secret") =>
            JSON.stringify(
                nginxSpec(platform, gatewayPods({ replicas: 2, ca: { from, name: "authorities" } }, config)),
            );
        assert.match(by("configMap"), /"configMap":\{"name":"authorities"\}/);
        assert.match(by("secret"), /"secretName":"authorities"/);
    });

    it("may leave the cluster by the hub's port, and takes from the platform and who may push", () => {
        const specs = networkPolicySpecs(
            hubNetwork({ platform, settings: { ...hubDefaults("node"), port: 8443 }, pushFrom: ["monitoring"] }),
        );
        const out = Object.entries(specs).filter(
            ([name, { egress }]) => egress !== undefined && name !== "same-namespace",
        );
        assert.deepEqual(out.map(([name]) => name).sort(), ["dns", "to-hub"]);
        assert.deepEqual((specs["to-hub"]?.egress as { ports: object[] }[])[0]?.ports, [
            { port: 8443, protocol: "TCP" },
        ]);
        assert.deepEqual(
            Object.keys(specs).filter((name) => name.startsWith("push-from-")),
            ["push-from-others", "push-from-monitoring"],
        );
    });
});

describe("the hub: settings", () => {
    const broken = (given: object) =>
        hubSlice.rules({ ...hubDefaults("node"), ...given }, platform).map(({ path }) => path);

    it("are of a stack or of a Secret, and a name is one in a stack's list", () => {
        assert.deepEqual(broken({ stack: "acme/observability/prod", cluster: "edge-eu" }), []);
        assert.deepEqual(broken({ secret: "hub" }), []);
        assert.deepEqual(broken({ stack: "acme/observability/prod", secret: "hub" }), ["hub.secret"]);
        assert.deepEqual(broken({ secret: "hub", cluster: "edge-eu" }), ["hub.cluster"]);
    });

    it("want two gateways where a node may be lost", () => {
        assert.deepEqual(broken({ secret: "hub", replicas: 1 }), ["hub.replicas"]);
    });

    it("take a stack by its full name alone", () => {
        const { stack } = hubSlice.schema.shape;
        for (const name of ["prod", "observability/prod", "a/b/c/d", "a b/c/d"])
            assert.ok(!stack.safeParse(name).success);
        assert.ok(stack.safeParse("acme/observability/prod").success);
    });
});

describe("a cluster that its hub's stack knows", () => {
    const joined = { stack: "acme/observability/prod", cluster: "edge-eu" };
    const edge = { url: "https://push.example.com", tenant: "edge", username: "edge-eu", password: "p" };

    it("has address, credentials and authorities from there", () => {
        assert.deepEqual(secretDataOf({ "edge-eu": { ...edge, ca: "PEM" } }, joined), {
            url: "https://push.example.com",
            username: "edge-eu",
            password: "p",
            "ca.crt": "PEM",
        });
        assert.ok(!("ca.crt" in secretDataOf({ "edge-eu": edge }, joined)));
    });

    it("is told which the hub knows where it is not among them", () => {
        const message = (clusters: unknown) => {
            try {
                secretDataOf(clusters, joined);
            } catch (error) {
                assert.ok(error instanceof pulumi.RunError);
                return error.message;
            }
            return assert.fail("it was taken");
        };
        assert.match(message({ "edge-us": edge }), /acme\/observability\/prod knows no cluster edge-eu.*has edge-us/);
        assert.match(message(undefined), /has none/);
        assert.doesNotMatch(message({ "edge-us": edge }), /push\.example|"p"/);
    });
});

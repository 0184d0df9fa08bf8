import { references } from "../../../tools/verify/checks/references";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { document } from "../../fixtures/verify/manifests";
import { configMap, deployment, secret, service } from "../../fixtures/verify/wiring";

const keys = secret({ user: "u", password: "p" }, "keys");

/** A Deployment with this container or pod. */
const pod = (container: Record<string, unknown>, spec: Record<string, unknown> = {}) =>
    deployment("a", [], { container, pod: spec });
const from = (kind: "secretKeyRef" | "configMapKeyRef", ref: object) => ({
    env: [{ name: "X", valueFrom: { [kind]: ref } }],
});

describe("verify: references", () => {
    it("of variables are a Secret's or ConfigMap's keys", () => {
        const config = configMap({ level: "info" });
        assertClean(references, given(keys + pod(from("secretKeyRef", { name: "keys", key: "user" }))));
        assertClean(references, given(config + pod(from("configMapKeyRef", { name: "config", key: "level" }))));
        assertFound(
            references,
            given(keys + pod(from("secretKeyRef", { name: "keys", key: "users" }))),
            /no key users in Secret ns\/keys -> one of user, password/,
        );
        assertFound(references, given(pod(from("secretKeyRef", { name: "keys", key: "user" }))), /no Secret ns\/keys/);
        assertFound(
            references,
            given(config + pod(from("configMapKeyRef", { name: "c", key: "level" }))),
            /ConfigMap ns\/c/,
        );
    });

    it("that are optional may be missing, those of another namespace are not there", () => {
        assertClean(references, given(pod(from("secretKeyRef", { name: "keys", key: "x", optional: true }))));
        assertClean(references, given(pod({ envFrom: [{ secretRef: { name: "keys", optional: true } }] })));
        const elsewhere = secret({ user: "u" }, "keys", "store");
        assertFound(
            references,
            given(elsewhere + pod({ envFrom: [{ secretRef: { name: "keys" } }] })),
            /no Secret ns\/keys/,
        );
    });

    it("of volumes, projected ones too, with the keys that they pick", () => {
        const volumes = (...all: object[]) => ({ volumes: all.map((each, i) => ({ name: `v${i}`, ...each })) });
        const items = (key: string) => [{ key, path: "file" }];
        assertClean(
            references,
            given(keys + pod({}, volumes({ secret: { secretName: "keys", items: items("user") } }))),
        );
        assertFound(
            references,
            given(
                keys +
                    pod(
                        {},
                        volumes(
                            { secret: { secretName: "keys", items: items("none") } },
                            { configMap: { name: "gone" } },
                        ),
                    ),
            ),
            /no key none in Secret ns\/keys/,
            /no ConfigMap ns\/gone/,
        );
        const projected = (name: string) =>
            volumes({ projected: { sources: [{ secret: { name } }, { configMap: { name: "kube-root-ca.crt" } }] } });
        assertClean(references, given(keys + pod({}, projected("keys"))));
        assertFound(references, given(keys + pod({}, projected("gone"))), /no Secret ns\/gone/);
        assertFound(
            references,
            given(pod({}, volumes({ persistentVolumeClaim: { claimName: "disk" } }))),
            /no PersistentVolumeClaim ns\/disk/,
        );
    });

    it("of single files are keys of the volume that they come out of", () => {
        const mounted = (subPath: string) =>
            pod(
                { volumeMounts: [{ name: "c", mountPath: "/x", subPath }] },
                { volumes: [{ name: "c", configMap: { name: "config" } }] },
            );
        assertClean(references, given(configMap({ "a.ini": "x" }) + mounted("a.ini")));
        assertFound(references, given(configMap({ "a.ini": "x" }) + mounted("b.ini")), /no key b\.ini/);
    });

    it("of accounts, classes and pull secrets", () => {
        const spec = {
            ...{ serviceAccountName: "me", priorityClassName: "high", imagePullSecrets: [{ name: "pull" }] },
        };
        assertFound(references, given(pod({}, spec)), /ServiceAccount ns\/me/, /PriorityClass high/, /Secret ns\/pull/);
        const there = [
            { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "me" } },
            { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "high" } },
        ].map(document);
        assertClean(references, given(there.join("") + secret({}, "pull") + pod({}, spec)));
        assertClean(
            references,
            given(pod({}, { serviceAccountName: "default", priorityClassName: "system-node-critical" })),
        );
    });

    it("of Ingresses, autoscalers, bindings and webhooks", () => {
        const all = [
            {
                ...{ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "i" } },
                spec: {
                    rules: [{ http: { paths: [{ backend: { service: { name: "web", port: { number: 80 } } } }] } }],
                },
            },
            {
                ...{ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata: { name: "h" } },
                spec: { scaleTargetRef: { kind: "Deployment", name: "web" } },
            },
            {
                ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: { name: "b" } },
                roleRef: { kind: "Role", name: "reader" },
                subjects: [{ kind: "ServiceAccount", name: "me", namespace: "store" }],
            },
            {
                ...{ apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration" },
                metadata: { name: "w" },
                webhooks: [{ name: "w", clientConfig: { service: { name: "hook", namespace: "store" } } }],
            },
        ].map(document);
        assertFound(
            references,
            given(all.join("")),
            /no Service ns\/web/,
            /no Deployment ns\/web/,
            /no Role ns\/reader/,
            /no ServiceAccount store\/me/,
            /no Service store\/hook/,
        );
        const there = [
            { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "reader" } },
            { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "me", namespace: "store" } },
        ].map(document);
        const services = service("web", []) + service("hook", [], { namespace: "store" });
        assertClean(references, given(all.join("") + there.join("") + services + deployment("web", [])));
    });

    it("of the operators' resources", () => {
        const prometheus = document({
            ...{ apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus", metadata: { name: "p" } },
            spec: {
                replicas: 2,
                remoteWrite: [{ url: "https://a.example.com", basicAuth: { password: { name: "keys", key: "pass" } } }],
            },
        });
        const monitor = document({
            ...{ apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor", metadata: { name: "m" } },
            spec: { endpoints: [{ tlsConfig: { ca: { configMap: { name: "ca", key: "ca.crt" } } } }] },
        });
        assertFound(
            references,
            given(keys + prometheus + monitor),
            /no key pass in Secret ns\/keys/,
            /no ConfigMap ns\/ca/,
        );
    });

    it("may be a Secret that the settings name, since whoever wrote them brings it", () => {
        const password = { name: "brought", key: "password" };
        const prometheus = document({
            ...{ apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus" },
            metadata: { name: "p", namespace: "monitoring" },
            spec: { remoteWrite: [{ url: "https://a.example.com", basicAuth: { password } }] },
        });
        const write = { name: "a", url: "https://a.example.com", auth: { kind: "basic", secret: "brought" } };
        const settings = { kubePrometheusStack: { prometheus: { remoteWrite: [write] } } };
        assertClean(references, given(prometheus, settings));
        assertFound(references, given(prometheus), /no Secret monitoring\/brought/);
    });
});

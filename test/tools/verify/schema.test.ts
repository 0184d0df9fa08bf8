import { schema } from "../../../tools/verify/checks/schema";
import { tableOf } from "../../../tools/kubernetes-schema/table";
import assert from "node:assert/strict";
import { problemsIn } from "../../../tools/verify/schema/validate";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { document, workload } from "../../fixtures/verify/manifests";

const DEFINITION = `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Thing, plural: things }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          required: [spec]
          properties:
            spec:
              type: object
              required: [size]
              properties:
                size: { type: integer, minimum: 1 }
                port: { x-kubernetes-int-or-string: true, anyOf: [{ type: integer }, { type: string }] }
                mode: { type: string, enum: [fast, safe] }
                free: { type: object, x-kubernetes-preserve-unknown-fields: true, properties: { at: { type: string } } }
                labels: { type: object, additionalProperties: { type: string } }
                hosts:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [name]
                  items: { type: object, properties: { name: { type: string } } }
                either:
                  type: object
                  properties: { a: { type: string }, b: { type: string } }
                  oneOf: [{ required: [a] }, { required: [b] }]
`;

function thing(spec: Record<string, unknown>, more: Record<string, unknown> = {}) {
    return given(
        DEFINITION + document({ apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "t" }, spec, ...more }),
    );
}

describe("verify: schema of Kubernetes' own kinds", () => {
    it("passes what an API server takes", () => {
        assertClean(schema, given(workload({ kind: "StatefulSet", claims: true })));
    });

    it("finds a misspelt field, which would be dropped without a word", () => {
        const container = { readinessProbs: { httpGet: { path: "/", port: 80 } } };
        assertFound(schema, given(workload({ container })), /containers\[0\].readinessProbs: a field that is not/);
        assertFound(schema, given(workload({ pod: { topologySpreadConstraint: [] } })), /topologySpreadConstraint:/);
    });

    it("finds wrong types, such as a number or a boolean where a text belongs", () => {
        const env = { container: { env: [{ name: "PORT", value: 80 }] } };
        assertFound(schema, given(workload(env)), /env\[0\].value: the number 80 -> a string/);
        const annotated = "{apiVersion: v1, kind: Service, metadata: {name: a, annotations: {on: true}}}";
        assertFound(schema, given(annotated), /metadata.annotations.true: the boolean true -> a string/);
    });

    it("finds values outside of a choice, and required ones that are missing", () => {
        const port = (each: object) => given(workload({ container: { ports: [each] } }));
        assertFound(schema, port({ containerPort: 1, protocol: "tcp" }), /protocol: "tcp" -> one of "SCTP", "TCP"/);
        assertFound(schema, port({ name: "http" }), /containerPort: nothing -> a value: it is required/);
        assertFound(schema, port({ containerPort: "http" }), /containerPort: the string "http" -> an integer/);
    });

    it("takes quantities and ports in each of their forms, and null as left out", () => {
        const requests = { cpu: 0.5, memory: "1.5Gi", "ephemeral-storage": 1e9 };
        const httpGet = { path: "/", port: "http", scheme: null };
        assertClean(schema, given(workload({ container: { resources: { requests }, livenessProbe: { httpGet } } })));
        const wrong = { container: { resources: { requests: { memory: "1 GB" } } } };
        assertFound(schema, given(workload(wrong)), /requests.memory: "1 GB"/);
    });

    it("finds versions that are no longer served, and kinds that nothing defines", () => {
        const old = document({ apiVersion: "policy/v1beta1", kind: "PodDisruptionBudget", metadata: { name: "a" } });
        assertFound(schema, given(old), /policy\/v1beta1 .*nothing defines -> an API version that Kubernetes/);
        const strange = document({ apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "a" } });
        assertFound(schema, given(strange), /-> a kind that a definition of this stack brings/);
    });

    it("says nothing of a Secret's values", () => {
        const secret = document({
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "a" },
            stringData: { key: 12345 },
        });
        assertFound(schema, given(secret), /^ns\/Secret\/a: stringData.key: a wrong value -> a string$/);
    });
});

describe("verify: schema of kinds that the stack defines", () => {
    it("passes what the definition allows", () => {
        const free = { anything: [1], at: "a" };
        assertClean(
            schema,
            thing({ size: 1, port: "http", mode: "safe", free, labels: { a: "b" }, either: { a: "1" } }),
        );
        assertClean(schema, thing({ size: 1, port: 80, hosts: [{ name: "a" }, { name: "b" }] }));
    });

    it("finds unknown fields, at the top too, but not where they are to be kept", () => {
        assertFound(schema, thing({ size: 1, sise: 2 }), /spec.sise: a field that is not in the schema/);
        assertFound(schema, thing({ size: 1 }, { spek: {} }), /spek: a field/);
        assertFound(schema, thing({ size: 1, free: { at: 1 } }), /spec.free.at: the number 1 -> a string/);
    });

    it("finds values out of bounds and lists with a key twice", () => {
        assertFound(schema, thing({ size: 0 }), /spec.size: 0 -> at least 1/);
        assertFound(schema, thing({ size: 1.5 }), /spec.size: the number 1.5 -> an integer/);
        assertFound(schema, thing({ size: 1, port: true }), /spec.port: the boolean true -> a string or an integer/);
        assertFound(schema, thing({ size: 1, hosts: [{ name: "a" }, { name: "a" }] }), /hosts\[1\]: \["a"\] twice/);
        assertFound(schema, thing({ size: 1, either: { a: "1", b: "2" } }), /spec.either: .* -> exactly one of/);
    });

    it("judges metadata as Kubernetes does", () => {
        assertFound(schema, thing({ size: 1 }, { metadata: { name: "t", label: {} } }), /metadata.label: a field/);
    });
});

describe("schemas", () => {
    it("let a branch require fields without naming all others, at any depth", () => {
        const inner = { type: "object", properties: { a: { type: "string" }, b: { type: "string" } } };
        const branch = { properties: { inner: { properties: { a: {} }, required: ["a"] } } };
        const both = { type: "object", properties: { inner }, anyOf: [branch] };
        assert.deepEqual(problemsIn({ inner: { a: "1", b: "2" } }, both), []);
        assert.equal(problemsIn({ inner: { b: "2" } }, both).length, 1);
    });

    it("are read from an API server's document: names, types and what is required, nothing else", () => {
        const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
        const meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
        const table = tableOf({
            info: { version: "v1.99" },
            definitions: {
                [meta]: { type: "object", properties: { name: { type: "string", description: "text" } } },
                "io.k8s.api.apps.v1.Thing": {
                    properties: {
                        metadata: ref(meta),
                        sizes: { type: "array", items: { type: "integer" } },
                        status: ref("io.k8s.api.apps.v1.Status"),
                        self: ref("io.k8s.api.apps.v1.Thing"),
                    },
                    required: ["sizes"],
                    "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "Thing" }],
                },
                "io.k8s.api.apps.v1.ThingList": {
                    properties: { metadata: ref("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta") },
                    "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "ThingList" }],
                },
            },
        });
        assert.deepEqual(table, {
            version: "v1.99",
            kinds: { "apps/v1/Thing": "apps.v1.Thing" },
            types: {
                "apps.v1.Thing": {
                    metadata: "#meta.v1.ObjectMeta",
                    self: "#apps.v1.Thing",
                    "sizes!": "list:integer",
                    status: "any",
                },
                "meta.v1.ObjectMeta": { name: "string" },
            },
        });
    });
});

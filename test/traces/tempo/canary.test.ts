import assert from "node:assert/strict";
import { headerTenancy } from "../../../components/contracts/tenancy";
import { canaryFlags, canarySpec } from "../../../components/traces/tempo/canary";
import { tempoVersion } from "../../../components/traces/tempo/chart";
import { CANARY, CANARY_LABELS, podLabels, PORTS } from "../../../components/traces/tempo/names";
import { generatorProcessors } from "../../../components/traces/tempo/config";
import { at, record, records, strings } from "../../../tools/records";
import { planned, releasesOf } from "../../fixtures/planned";
import { traceStore as store } from "../../fixtures/stores";

const scheduling = { nodeSelector: { pool: "observability" }, tolerations: [] };

describe("the canary of traces", () => {
    for (const stack of ["prod", "dev"]) {
        it(`writes in ${stack} where the collectors do, and asks where Grafana does`, async () => {
            const plan = await planned(stack);
            const deployment = plan.resources.find(({ type, name }) => type.endsWith(":Deployment") && name === CANARY);
            const [container] = records(at(deployment?.inputs, "spec.template.spec.containers"));
            assert.equal(container?.image, `docker.io/grafana/tempo-vulture:${tempoVersion}`);
            const flags = new Map(strings(container.args).map((flag) => flag.split("=", 2) as [string, string]));

            const values = (release: string) =>
                JSON.stringify(releasesOf(plan).find(({ inputs }) => inputs.name === release)?.inputs.values);
            const [, pushed] = /^http:\/\/(.+:4317)$/.exec(flags.get("-tempo-push-url") ?? "") ?? [];
            assert.ok(pushed !== undefined && values("k8s-monitoring").includes(`"url":"${pushed}"`));
            const asked = flags.get("-tempo-query-url") ?? "";
            assert.ok(asked !== "" && values("kps").includes(asked));
        });
    }

    it("does not look for traces that retention has deleted, in a unit that Go reads", () => {
        assert.ok(canaryFlags({ store, retention: "14d" }).includes("-tempo-retention-duration=336h"));
    });

    it("names the platform's tenant where Tempo keeps tenants apart, and would otherwise be refused", () => {
        const named = (multitenancy: boolean) =>
            canaryFlags({
                store: { ...store, tenancy: headerTenancy("team", multitenancy) },
                retention: "14d",
            }).includes("-tempo-org-id=team");
        assert.deepEqual([named(true), named(false)], [true, false]);
    });

    it("is scraped, where the network lets Prometheus in", async () => {
        const { resources } = await planned("prod");
        const monitor = resources.find(
            ({ inputs }) => inputs.kind === "PodMonitor" && at(inputs, "metadata.name") === CANARY,
        );
        assert.deepEqual(at(monitor?.inputs, "spec.selector.matchLabels"), CANARY_LABELS);
        const { template } = record(canarySpec({ platform: { scheduling }, store, retention: "48h" }));
        const [container] = records(at(template, "spec.containers"));
        assert.deepEqual(container?.ports, [{ name: "metrics", containerPort: PORTS.canary }]);
        assert.ok(strings(container.args).includes(`-prometheus-listen-address=:${PORTS.canary}`));
        assert.deepEqual(at(template, "spec.nodeSelector"), scheduling.nodeSelector);
    });

    it("gets nothing of what is for Tempo: no Service of Tempo selects it", () => {
        const labels: Record<string, string> = CANARY_LABELS;
        assert.ok(Object.entries(podLabels()).some(([label, value]) => labels[label] !== value));
    });

    it("comes from the registry that the settings name", () => {
        const platform = { scheduling, imageRegistry: "mirror.example.com/hub" };
        const { template } = record(canarySpec({ platform, store, retention: "48h" }));
        const [container] = records(at(template, "spec.containers"));
        assert.equal(container?.image, `mirror.example.com/hub/grafana/tempo-vulture:${tempoVersion}`);
    });

    it("costs few series: of its 99 span names nine are counted, and of other services all", () => {
        const [policy] = generatorProcessors.span_metrics.filter_policies;
        const attributes = policy?.exclude.attributes ?? [];
        assert.ok(attributes.length > 0);
        const counted = (service: string, name: string) => {
            const span: Record<string, string> = { "resource.service.name": service, name };
            return !attributes.every(({ key, value }) => new RegExp(value).test(span[key] ?? ""));
        };
        const names = Array.from({ length: 99 }, (_, index) => `vulture-${index + 1}`);
        assert.equal(names.filter((name) => counted(CANARY, name)).length, 9);
        assert.ok(counted("shop", "vulture-42"));
    });
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { IConfiguration, ICruiseResult } from "dependency-cruiser";
import { root } from "../fixtures/planned";

type Import = readonly [from: string, to: string];

interface Case {
    /** Imports that the rule, and no other, refuses. */
    readonly refused: readonly Import[];
    /** What else it takes to be refused: the way back of a circle, which is reported once. */
    readonly with?: readonly Import[];
    /** Imports beside them that no rule refuses. */
    readonly allowed: readonly Import[];
}

const LOKI = "components/logs/loki/loki.ts";
const CORTEX = "components/metrics/cortex/cortex.ts";

const CASES: Readonly<Record<string, Case>> = {
    "no-circle": {
        refused: [["tools/a.ts", "tools/b.ts"]],
        with: [["tools/b.ts", "tools/a.ts"]],
        allowed: [["tools/a.ts", "tools/b.ts"]],
    },
    "system-not-to-system": {
        refused: [
            [LOKI, "components/metrics/cortex/names.ts"],
            [LOKI, "components/grafana/names.ts"],
            ["components/collectors/pushgateway/values.ts", "components/collectors/k8s-monitoring/names.ts"],
            ["components/object-store/minio/minio.ts", "components/object-store/s3/s3.ts"],
            ["components/backup/backup.ts", "components/ingest-gateway/names.ts"],
        ],
        allowed: [[LOKI, "components/logs/loki/names.ts"]],
    },
    "grafana-to-its-chart": {
        refused: [
            ["components/grafana/values.ts", "components/monitoring/kube-prometheus-stack/names.ts"],
            ["components/grafana/grafana.ts", "components/logs/loki/names.ts"],
        ],
        allowed: [
            ["components/grafana/values.ts", "components/grafana/names.ts"],
            ["components/grafana/values.ts", "components/monitoring/kube-prometheus-stack/values.gen.ts"],
        ],
    },
    "system-to-shared-rooms": {
        refused: [
            [LOKI, "components/metrics/settings.ts"],
            [LOKI, "components/dashboards/dashboards.ts"],
            [LOKI, "components/alerts/log-lines/groups.ts"],
            ["components/grafana/values.ts", "components/alerts/alerts.ts"],
        ],
        allowed: [
            [LOKI, "components/contracts/log-store.ts"],
            [LOKI, "components/settings/types.ts"],
            [LOKI, "components/kubernetes/namespace.ts"],
            [LOKI, "components/logs/settings.ts"],
            [LOKI, "components/alerts/rule.ts"],
            [LOKI, "components/alerts/log-lines/log-rule.ts"],
            ["components/grafana/values.ts", "components/dashboards/selectors.ts"],
        ],
    },
    "role-to-its-kinds": {
        refused: [
            ["components/object-store/index.ts", CORTEX],
            ["components/object-store/index.ts", "components/metrics/settings.ts"],
        ],
        allowed: [
            ["components/object-store/index.ts", "components/object-store/minio/minio.ts"],
            ["components/object-store/index.ts", "components/contracts/object-store.ts"],
        ],
    },
    "systems-by-platform": {
        refused: [
            ["components/alerts/alerts.ts", LOKI],
            ["components/kubernetes/namespace.ts", "components/grafana/names.ts"],
            ["components/contracts/contracts.ts", CORTEX],
        ],
        allowed: [
            ["components/platform/platform.ts", LOKI],
            ["components/platform/platform.ts", "components/object-store/index.ts"],
            ["components/alerts/alerts.ts", "components/contracts/contracts.ts"],
        ],
    },
    "platform-on-top": {
        refused: [
            ["components/alerts/alerts.ts", "components/platform/settings.ts"],
            ["components/settings/types.ts", "components/index.ts"],
        ],
        allowed: [
            ["components/platform/platform.ts", "components/platform/settings.ts"],
            ["components/index.ts", "components/platform/platform.ts"],
            ["components/index.ts", "components/logs/loki/loki.ts"],
        ],
    },
    "program-without-tools": {
        refused: [
            ["components/settings/types.ts", "tools/records.ts"],
            ["components/kubernetes/namespace.ts", "test/fixtures/planned.ts"],
            ["components/platform/platform.ts", "policies/pack.ts"],
            ["components/platform/platform.ts", "provider/index.ts"],
            ["index.ts", "tools/records.ts"],
        ],
        allowed: [["index.ts", "components/platform/platform.ts"]],
    },
    "policies-alone": {
        refused: [
            ["policies/pack.ts", "components/settings/types.ts"],
            ["policies/pack.ts", "tools/records.ts"],
        ],
        allowed: [
            ["policies/pack.ts", "policies/rules/spread.ts"],
            ["tools/plan/policies.ts", "policies/pack.ts"],
        ],
    },
    "examples-alone": {
        refused: [["examples/application/pulumi/index.ts", "components/settings/types.ts"]],
        allowed: [["examples/application/pulumi/index.ts", "examples/application/pulumi/other.ts"]],
    },
    "verify-by-program": {
        refused: [
            ["tools/verify/checks/buckets.ts", "components/platform/settings.ts"],
            ["tools/verify/check.ts", "components/settings/types.ts"],
        ],
        allowed: [
            ["tools/verify/program.ts", "components/platform/settings.ts"],
            ["tools/verify/check.ts", "tools/verify/program.ts"],
            ["tools/plan/main.ts", "components/platform/settings.ts"],
        ],
    },
};

/** A rule whose pattern fits no path of this tree refuses nothing, and lint stays green. */
describe("the rules of imports", () => {
    let config: IConfiguration;
    let folder: string;

    before(async () => {
        const { default: extract } = await import("dependency-cruiser/config-utl/extract-depcruise-config");
        config = await extract(join(root, ".dependency-cruiser.mjs"));
    });

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "import-rules-"));
    });

    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    function write(path: string, text = ""): void {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text, { flag: "a" });
    }

    /** What is refused in a tree of these imports, as `RULE: FROM TO`. */
    async function refusedOf(imports: readonly Import[], keyword: "import" | "import type"): Promise<string[]> {
        for (const [index, [from, to]] of imports.entries()) {
            const module = relative(dirname(from), to).replace(/\.ts$/, "");
            write(from, `${keyword} { A as A${index} } from "${module.startsWith(".") ? module : `./${module}`}";\n`);
            write(to, "export class A {}\n");
        }
        const { cruise } = await import("dependency-cruiser");
        // The compiler's options are for imports of packages, of which these trees have none.
        const { tsConfig, ...options } = { ...config.options };
        assert.deepEqual(tsConfig, { fileName: "tsconfig.json" });
        const { output } = await cruise(["."], {
            ...options,
            ruleSet: { forbidden: config.forbidden ?? [] },
            validate: true,
            baseDir: folder,
        });
        const { violations } = (output as ICruiseResult).summary;
        assert.deepEqual(
            violations.filter(({ rule }) => rule.severity !== "error"),
            [],
        );
        return [...new Set(violations.map(({ rule, from, to }) => `${rule.name}: ${from} ${to}`))].sort();
    }

    it("have each a tree below that breaks it", () => {
        assert.deepEqual((config.forbidden ?? []).map(({ name }) => name).sort(), Object.keys(CASES).sort());
    });

    for (const [rule, { refused, with: others = [], allowed }] of Object.entries(CASES)) {
        for (const keyword of ["import", "import type"] as const) {
            it(`${rule} refuses what it is for, by ${keyword}`, async () => {
                const expected = refused.map(([from, to]) => `${rule}: ${from} ${to}`).sort();
                assert.deepEqual(await refusedOf([...refused, ...others], keyword), expected);
            });
        }

        it(`${rule} lets through what is beside it`, async () => {
            assert.deepEqual(await refusedOf(allowed, "import"), []);
        });
    }
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cortexChart } from "../../../components/metrics/cortex/chart";
import { k8sMonitoringChart } from "../../../components/collectors/k8s-monitoring/chart";
import { lokiChart } from "../../../components/logs/loki/chart";
import { tempoVersion } from "../../../components/traces/tempo/chart";
import { GoPackages } from "../../../tools/config-keys/go-packages";
import { TableBuilder } from "../../../tools/config-keys/table";
import { CONFIGURED } from "../../../tools/programs";
import { KEYS } from "../../../tools/verify/configs/keys";

describe("tables of configuration keys", () => {
    // After a pin has moved: `npm run config-keys`, see tools/config-keys/main.ts.
    it("are those of the versions that the pins bring", () => {
        const versions = Object.fromEntries(Object.entries(KEYS).map(([program, table]) => [program, table?.version]));
        assert.equal(versions.cortex, cortexChart.appVersion);
        assert.equal(versions.loki, lokiChart.appVersion);
        assert.equal(versions.tempo, tempoVersion);
        assert.equal(versions.alloy, k8sMonitoringChart.appVersion);
        const pinned = [...CONFIGURED].map(([program, { version }]) => [program, version] as const);
        assert.deepEqual(versions, Object.fromEntries(pinned));
    });

    it("name every type that they use", () => {
        const scalars = new Set(["string", "bool", "int", "float", "duration", "days", "any", "attr", "attr!"]);
        for (const [program, table] of Object.entries(KEYS)) {
            const used = Object.values(table?.types ?? {}).flatMap((keys) => Object.values(keys));
            const names = used.map((type) => type.replace(/^block /, "").replace(/^(\[\]|\{\})+/, ""));
            const lost = names.filter((name) => !scalars.has(name) && table?.types[name] === undefined);
            assert.deepEqual(lost, [], program);
        }
    });
});

describe("keys from Go's source", () => {
    let root: string;

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), "config-keys-"));
        file("go.mod", "module a.io/m\n\nrequire (\n\tb.io/Dep v1.2.3\n)\n");
    });

    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    function file(path: string, text: string): void {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
    }

    /** The table of the module's `p.Config`. */
    function table(source: string, tag: "yaml" | "alloy" = "yaml") {
        file("p/p.go", `package p\n\nimport (\n\t"time"\n\n\tdep "b.io/Dep/v2x"\n\t"a.io/m/q"\n)\n\n${source}`);
        const builder = new TableBuilder(new GoPackages(root, join(root, "cache")), tag);
        assert.equal(builder.declared("a.io/m/p", "Config"), "p.Config");
        return { types: builder.finish(), open: [...builder.open] };
    }

    it("are the fields' names and types, embedded and nested ones too", () => {
        file("q/q.go", 'package q\n\ntype Inner struct { // nolint\n\tOn bool `yaml:"on"`\n}\n');
        const { types } = table(`type Config struct {
	Name, Other string
	Wait  time.Duration      \`yaml:"wait,omitempty"\` // comment
	List  []*q.Inner         \`yaml:"list"\`
	Map   map[string]float64 \`yaml:"map"\`
	Gone  int                \`yaml:"-"\`
	hidden int               \`yaml:"hidden"\`
	q.Inner                  \`yaml:",inline"\`
	Nest struct {
		Deep int \`yaml:"deep"\`
	} \`yaml:"nest"\`
	Self *Config \`yaml:"self"\`
}
`);
        assert.deepEqual(types["p.Config"], {
            name: "string",
            other: "string",
            wait: "duration",
            list: "[]q.Inner",
            map: "{}float",
            on: "bool",
            nest: "p.Config.Nest",
            self: "p.Config",
        });
        assert.deepEqual([types["q.Inner"], types["p.Config.Nest"]], [{ on: "bool" }, { deep: "int" }]);
    });

    it("of others come from the module cache, by the version that go.mod asks for", () => {
        file("cache/b.io/!dep@v1.2.3/v2x/x.go", 'package v2x\n\ntype T struct {\n\tA int `yaml:"a"`\n}\n');
        assert.deepEqual(table('type Config struct {\n\tT dep.T `yaml:"t"`\n}\n').types["v2x.T"], { a: "int" });
    });

    it("are left open where the type is not there or reads YAML by itself", () => {
        const { types, open } = table(`type Config struct {
	Lost dep.T   \`yaml:"lost"\`
	Own  Special \`yaml:"own"\`
	Same Plain   \`yaml:"same"\`
}

type Special struct {
	A int \`yaml:"a"\`
}

func (s *Special) UnmarshalYAML(unmarshal func(any) error) error {
	var text string
	return unmarshal(&text)
}

type Plain struct {
	B int \`yaml:"b"\`
}

func (p *Plain) UnmarshalYAML(unmarshal func(any) error) error {
	type plain Plain
	return unmarshal((*plain)(p))
}
`);
        assert.deepEqual(types["p.Config"], { lost: "any", own: "any", same: "p.Plain" });
        assert.deepEqual(open, ["b.io/Dep/v2x.T", "a.io/m/p.Special"]);
    });

    it("of Alloy tell arguments from blocks, and choices that hold each other", () => {
        const { types } = table(
            `type Config struct {
	URL    string  \`alloy:"url,attr"\`
	Extra  string  \`alloy:"extra,attr,optional"\`
	Stages []Stage \`alloy:"stage,enum,optional"\`
}

type Stage struct {
	Match *Match    \`alloy:"match,block,optional"\`
	Drop  *struct{} \`alloy:"drop,block,optional"\`
}

type Match struct {
	Stages []Stage \`alloy:"stage,enum,optional"\`
}
`,
            "alloy",
        );
        assert.deepEqual(Object.keys(types["p.Config"] ?? {}).sort(), ["extra", "stage.drop", "stage.match", "url"]);
        assert.deepEqual([types["p.Config"]?.url, types["p.Config"]?.extra], ["attr!", "attr"]);
        assert.equal(types["p.Match"]?.["stage.match"], "block p.Match");
    });
});

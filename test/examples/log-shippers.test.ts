import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { at, record, records } from "../../tools/records";
import { planned } from "../fixtures/planned";
import { lokiVariables, POD_VARIABLES, LOG_SHIPPERS } from "../fixtures/shippers";

/** Where a shipper would push, and as which tenant. */
interface Push {
    readonly url: string;
    readonly tenant: unknown;
    /** Labels of its streams. */
    readonly labels: readonly string[];
}

/** Outputs of Fluent Bit go to host, port and uri. */
function fluentBit({ host, port, uri, tenant_id: tenant, labels }: Record<string, unknown>): Push {
    const names = String(labels)
        .split(",")
        .map((each) => each.split("=")[0]?.trim() ?? "");
    return { url: `http://${String(host)}:${String(port)}${String(uri)}`, tenant, labels: names };
}

/** Sections of Fluent Bit's classic form, by name. */
function classic(text: string): Record<string, Record<string, string>[]> {
    const sections: Record<string, Record<string, string>[]> = {};
    let section: Record<string, string> | undefined;
    for (const line of text.split("\n").filter((each) => !/^\s*(#|$)/.test(each))) {
        const name = /^\[(\w+)\]$/.exec(line)?.[1];
        const [, key, value] = /^ {4}([\w.]+)\s+(\S.*)$/.exec(line) ?? [];
        if (name !== undefined) (sections[name] ??= []).push((section = {}));
        else {
            assert.ok(section && key !== undefined && value !== undefined, `not a key and a value: ${line}`);
            section[key] = value;
        }
    }
    return sections;
}

function promtail(config: unknown): Push {
    const [client, ...more] = records(at(config, "clients"));
    assert.ok(client && more.length === 0);
    const labels = records(at(config, "scrape_configs")).flatMap((scrape) => [
        ...records(scrape.relabel_configs).map(({ target_label: label }) => String(label)),
        ...records(scrape.static_configs).flatMap((each) => Object.keys(record(each.labels))),
    ]);
    return {
        url: String(client.url),
        tenant: client.tenant_id,
        labels: labels.filter((each) => !each.startsWith("__")),
    };
}

/** The plugin puts the push path behind its url. */
function fluentd(text: string): Push {
    const match = /<match [^>]+>\n {2}@type loki\n([\s\S]*)<\/match>/.exec(text)?.[1] ?? "";
    const extra = JSON.parse(/extra_labels (\{.*\})/.exec(match)?.[1] ?? "{}") as object;
    const own = /<label>\n([\s\S]*?)<\/label>/.exec(match)?.[1] ?? "";
    return {
        url: `${/^ {2}url "(.*)"$/m.exec(match)?.[1] ?? ""}/loki/api/v1/push`,
        tenant: /^ {2}tenant "(.*)"$/m.exec(match)?.[1],
        labels: [...Object.keys(extra), ...[...own.matchAll(/^\s+(\w+) \$\./gm)].map(([, name = ""]) => name)],
    };
}

function logstash(text: string): Push {
    const output = /output \{\n {2}loki \{\n([\s\S]*)\n {2}\}\n\}/.exec(text)?.[1] ?? "";
    const value = (key: string) => new RegExp(`^ {4}${key} => "(.*)"$`, "m").exec(output)?.[1];
    const fields = /include_fields => (\[.*\])/.exec(output)?.[1] ?? "[]";
    return { url: value("url") ?? "", tenant: value("tenant_id"), labels: JSON.parse(fields) as string[] };
}

const SHIPPERS: Readonly<Record<string, (text: string) => Push>> = {
    "fluent-bit/daemon.yaml": (text) => fluentBit(records(at(parse(text), "pipeline.outputs"))[0] ?? {}),
    "fluent-bit/sidecar.conf": (text) => fluentBit(classic(text).OUTPUT?.[0] ?? {}),
    "fluentd/daemon.conf": fluentd,
    "fluentd/sidecar.conf": fluentd,
    "promtail/daemon.yaml": (text) => promtail(parse(text)),
    "promtail/sidecar.yaml": (text) => promtail(parse(text)),
    "logstash/daemon.conf": logstash,
    "logstash/sidecar.conf": logstash,
};

/** Replaces variables in each shipper's own way of writing them. */
function expanded(text: string, env: Record<string, string>): string {
    const value = (_: string, name: string) => {
        assert.ok(name in env, `${name} is in no ConfigMap and no field`);
        return env[name] ?? "";
    };
    return text.replace(/#\{ENV\['(\w+)'\]\}/g, value).replace(/\$\{(\w+)\}/g, value);
}

describe("the examples of log shippers", () => {
    let env: Record<string, string> = {};
    before(async () => {
        env = { ...lokiVariables((await planned("prod")).outputs), ...POD_VARIABLES };
    });

    for (const [file, read] of Object.entries(SHIPPERS)) {
        it(`${file} pushes to the stack's address as its tenant, with few labels`, () => {
            const push = read(expanded(readFileSync(resolve(LOG_SHIPPERS, file), "utf8"), env));
            // URL drops the port that HTTP has anyway.
            assert.equal(new URL(push.url).href, env.LOKI_URL);
            assert.equal(push.tenant, env.LOKI_TENANT);
            assert.ok(push.labels.includes("job") && push.labels.includes("namespace"), push.labels.join());
            const known = ["job", "namespace", "container", "service_name"];
            assert.deepEqual(
                push.labels.filter((label) => !known.includes(label)),
                [],
            );
        });
    }

    it("take each variable from the README's commands", () => {
        const readme = readFileSync(resolve(LOG_SHIPPERS, "README.md"), "utf8");
        for (const name of Object.keys(env)) assert.match(readme, new RegExp(`from-literal=${name}=|name: ${name},`));
    });
});

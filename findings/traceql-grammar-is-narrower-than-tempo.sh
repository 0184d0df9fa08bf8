#!/usr/bin/env bash
# Grafana's grammar of TraceQL refuses queries that Tempo takes: a check of queries by it alone is wrong.
#
# A tool that holds dashboards' or rules' TraceQL against @grafana/lezer-traceql, as one does with lezer-promql and
# lezer-logql, calls right queries wrong: durations of several units, numbers that begin with a dot, the intrinsics
# nestedSetParent and span:childCount. Tempo 2.10.8 reads durations by Go's time.ParseDuration (pkg/traceql/lexer.go,
# tryScanDuration), knows both intrinsics (pkg/traceql/enum_attributes.go) and answered each of these searches with 200.
#
# @grafana/lezer-traceql 1.0.0, @lezer/common 1.5.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "name": "x", "version": "1.0.0", "private": true }' > package.json
npm install --silent --no-save --ignore-scripts @grafana/lezer-traceql@1.0.0 @lezer/common@1.5.1 @lezer/lr@1.4.8 > /dev/null

cat > ask.js <<'JS'
const { parser } = require("@grafana/lezer-traceql");
const refused = (query) => {
    let errors = 0;
    parser.parse(query).iterate({ enter: ({ type }) => void (errors += type.isError ? 1 : 0) });
    return errors > 0;
};
// The same meaning in words that the grammar knows, and as Tempo takes it too.
const pairs = [
    ["{ span.ratio > 0.99 }", "{ span.ratio > .99 }"],
    ["{ duration > 90m }", "{ duration > 1h30m }"],
    ["{ duration > 1s }", "{ nestedSetParent < 0 }"],
    ["{ duration > 1s }", "{ span:childCount > 1 }"],
];
let changed = 0;
for (const [known, taken] of pairs) {
    const said = [known, taken].map((query) => (refused(query) ? "refused" : "read"));
    console.log(`${said[0]}: ${known}   ${said[1]}: ${taken}`);
    if (said.join() !== "read,refused") changed += 1;
}
process.exitCode = changed === 0 ? 0 : 1;
JS
node ask.js || { echo "changed: the grammar reads what it refused, or refuses what it read"; exit 1; }

#!/usr/bin/env bash
# A line's structured metadata that has the name of one of its stream's labels cannot be asked for by that name.
#
# Loki keeps both, and `{app="shop"} | level="error"` asks the stream's label alone: a line whose metadata say
# level=error, in a stream with the label level=info, is not found by what it says of itself, and shows as info. The metadata
# stand under the name with `_extracted` behind it, as a parser's do (pkg/logql/log/labels.go). Whoever pushes by OTLP meets it:
# a resource's attribute that is made a label hides the log record's attribute of the same name.
#
# github.com/grafana/loki/v3 v3.7.6, built here, or the program that LOKI names.
set -euo pipefail
folder=$(mktemp -d)
running=()
trap 'for pid in "${running[@]}"; do kill -9 "$pid" 2> /dev/null || true; done; sleep 1; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
if [ -z "${LOKI:-}" ]; then
    export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
    go mod init x > /dev/null 2>&1
    from=$(go mod download -json github.com/grafana/loki/v3@v3.7.6 | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    cp -r "$from" source && chmod -R u+w source
    # A folder of the repository that is a module of its own.
    (cd source && export GOFLAGS= && go mod edit -dropreplace=github.com/grafana/loki/pkg/push && go mod download github.com/grafana/loki/pkg/push &&
        go build -trimpath -tags netgo -o ../loki ./cmd/loki)
    LOKI=$folder/loki
fi
at=127.0.0.1:29250
cat > loki.yml <<YAML
auth_enabled: false
server: { http_listen_address: 127.0.0.1, http_listen_port: 29250, grpc_listen_address: 127.0.0.1, grpc_listen_port: 29251 }
common:
  path_prefix: $folder/data
  replication_factor: 1
  instance_addr: 127.0.0.1
  ring: { kvstore: { store: inmemory } }
  storage: { filesystem: { chunks_directory: $folder/data/chunks, rules_directory: $folder/data/rules } }
schema_config:
  configs: [{ from: 2024-01-01, store: tsdb, object_store: filesystem, schema: v13, index: { prefix: index_, period: 24h } }]
limits_config: { discover_service_name: [], discover_log_levels: false }
analytics: { reporting_enabled: false }
YAML
"$LOKI" -config.file=loki.yml > loki.log 2>&1 &
running+=("$!") && disown
push() {
    curl --silent --output answer --write-out '%{http_code}' --header 'content-type: application/json' "http://$at/loki/api/v1/push" --data "{\"streams\": [{
        \"stream\": {\"app\": \"shop\", \"level\": \"info\"},
        \"values\": [[\"$(date +%s%N)\", \"it broke\", {\"level\": \"error\", \"code\": \"7\"}]]}]}"
}
for _ in $(seq 90); do [ "$(push || true)" = 204 ] && break; sleep 1; done
lines() {
    curl --silent --get "http://$at/loki/api/v1/query_range" --data-urlencode "query=$1" --data-urlencode since=1h > answer
    grep -o '"it broke"' answer | wc -l
}
[ "$(lines '{app="shop"} | code="7"')" = 1 ] || { cat answer; echo "changed: metadata of another name are not found"; exit 1; }
[ "$(lines '{app="shop"} | level="error"')" = 0 ] || { echo "changed: found by the name that it has"; exit 1; }
[ "$(lines '{app="shop"} | level="info"')" = 1 ] || { echo "changed: not found by the label either"; exit 1; }
[ "$(lines '{app="shop"} | level_extracted="error"')" = 1 ] || { echo "changed: not found as level_extracted"; exit 1; }
echo "label level=info, metadata level=error: found by level=\"info\" and level_extracted=\"error\", not by level=\"error\""

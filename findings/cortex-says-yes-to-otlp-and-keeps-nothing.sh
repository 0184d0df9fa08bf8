#!/usr/bin/env bash
# Cortex answers OTLP metrics with 200 where it keeps nothing: delta sums beside others, and any tenant name that it refuses.
#
# - Delta temporality, which some SDKs and collectors send by default, Cortex does not take. A push of nothing else is answered
#   400. A push that has one cumulative metric beside them is answered 200, without the partial success by which OTLP tells of
#   rejected points: what could be translated goes on, the rest is a warning in the log (pkg/util/push/otlp.go), and no counter
#   of discarded samples moves. Real clients send many metrics in a push, so the first answer is never seen.
# - A tenant name with a letter that Cortex does not allow is refused by every other way in. By OTLP the answer is 200.
# So a client that looks at the answer, as the protocol says, sees success for ever.
#
# github.com/cortexproject/cortex v1.21.1, built here, or the program that CORTEX names. Metrics are sent as JSON.
set -euo pipefail
folder=$(mktemp -d)
running=()
trap 'for pid in "${running[@]}"; do kill -9 "$pid" 2> /dev/null || true; done; sleep 1; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
if [ -z "${CORTEX:-}" ]; then
    export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
    go mod init x > /dev/null 2>&1
    from=$(go mod download -json github.com/cortexproject/cortex@v1.21.1 | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    cp -r "$from" source && chmod -R u+w source
    # Inside its own module, whose replacements it needs.
    (cd source && GOFLAGS= go build -trimpath -tags "netgo slicelabels" -o ../cortex ./cmd/cortex)
    CORTEX=$folder/cortex
fi
at=127.0.0.1:29270
cat > cortex.yml <<YAML
target: distributor,ingester,querier
auth_enabled: true
server: { http_listen_address: 127.0.0.1, http_listen_port: 29270, grpc_listen_address: 127.0.0.1, grpc_listen_port: 29271 }
distributor: { ring: { kvstore: { store: inmemory } }, shard_by_all_labels: true }
querier: { store_gateway_addresses: "127.0.0.1:29271" }
ingester: { lifecycler: { ring: { kvstore: { store: inmemory }, replication_factor: 1 }, address: 127.0.0.1, min_ready_duration: 0s, final_sleep: 0s } }
blocks_storage: { backend: filesystem, filesystem: { dir: blocks }, tsdb: { dir: tsdb }, bucket_store: { sync_dir: sync } }
YAML
"$CORTEX" -config.file=cortex.yml > cortex.log 2>&1 &
running+=("$!") && disown
for _ in $(seq 90); do curl --silent --fail "http://$at/ready" > /dev/null && break; sleep 1; done

metric() { # NAME TEMPORALITY: 1 is delta, 2 cumulative
    echo "{\"name\": \"$1\", \"sum\": {\"aggregationTemporality\": $2, \"isMonotonic\": true, \"dataPoints\": [{
        \"asInt\": \"5\", \"startTimeUnixNano\": \"$(date --date='-1 minute' +%s%N)\", \"timeUnixNano\": \"$(date +%s%N)\"}]}}"
}
send() { # TENANT METRICS: the status, with the answer in `answer`
    curl --silent --output answer --write-out '%{http_code}' --header 'content-type: application/json' --header "X-Scope-OrgID: $1" "http://$at/api/v1/otlp/v1/metrics" --data "{
        \"resourceMetrics\": [{\"resource\": {\"attributes\": [{\"key\": \"service.name\", \"value\": {\"stringValue\": \"shop\"}}]}, \"scopeMetrics\": [{\"metrics\": [$2]}]}]}"
}
kept() { # TENANT NAME: series that it has of a name
    curl --silent --get --header "X-Scope-OrgID: $1" "http://$at/prometheus/api/v1/query" --data-urlencode "query=count({__name__=~\"$2.*\"})" --data-urlencode "time=$(date +%s.%N)" |
        sed -n 's/.*"value":\[[0-9.]*,"\([0-9]*\)"\].*/\1/p'
}
for _ in $(seq 30); do [ "$(send team "$(metric cumulative 2)")" = 200 ] && break; sleep 1; done
alone=$(send team "$(metric delta_alone 1)")
[ "$alone" = 400 ] || { cat answer; echo "changed: delta alone is answered $alone"; exit 1; }
beside=$(send team "$(metric delta_beside 1), $(metric beside 2)")
[ "$beside" = 200 ] && ! grep -qi partial answer || { cat answer; echo "changed: delta beside another is answered $beside"; exit 1; }
refused=$(send "a team" "$(metric spoken 2)")
[ "$refused" = 200 ] && ! grep -qi partial answer || { cat answer; echo "changed: the tenant is answered $refused"; exit 1; }
sleep 2
[ "$(kept team cumulative)" = 1 ] && [ "$(kept team beside)" = 1 ] || { echo "changed: cumulative sums are not kept"; exit 1; }
[ -z "$(kept team delta)" ] || { echo "changed: delta sums are kept"; exit 1; }
read=$(curl --silent --output answer --write-out '%{http_code}' --get --header "X-Scope-OrgID: a team" "http://$at/prometheus/api/v1/query" --data-urlencode query=spoken_total)
[ "$read" != 200 ] || { cat answer; echo "changed: the tenant is read with $read"; exit 1; }
discarded=$(curl --silent "http://$at/metrics" | awk '/^cortex_discarded_samples_total/ { all += $2 } END { print all + 0 }')
[ "$discarded" = 0 ] || { echo "changed: $discarded samples are counted as discarded"; exit 1; }
echo "a delta sum alone: $alone, beside another: $beside and lost, $discarded samples counted as discarded; the tenant 'a team': $refused, and $read when it is read"

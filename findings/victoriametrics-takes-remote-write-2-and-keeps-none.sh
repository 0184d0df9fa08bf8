#!/usr/bin/env bash
# VictoriaMetrics answers remote write 2.0 with 204 and keeps nothing of it.
#
# A receiver that knows version 1 alone is to answer 415, by which a sender falls back (Prometheus' specification of remote
# write 2.0). VictoriaMetrics reads any body as version 1: the message of version 2 has its series under other field numbers,
# so it decodes to no series at all, and an empty push is a good one. The answer lacks the headers that tell how much was
# written; Prometheus notices ("sent v2 request … got 204 … but no response headers"), counts the samples as failed, and does
# not send them again. No metric of VictoriaMetrics moves.
#
# github.com/VictoriaMetrics/VictoriaMetrics v1.151.0 and Prometheus 3.15 (github.com/prometheus/prometheus v0.315.0), built
# here, or the programs that VICTORIA_METRICS and PROMETHEUS name.
set -euo pipefail
folder=$(mktemp -d)
running=()
trap 'for pid in "${running[@]}"; do kill -9 "$pid" 2> /dev/null || true; done; sleep 1; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
built() { # NAME PACKAGE VERSION FLAGS…
    mkdir "$1-module"
    (cd "$1-module" && go mod init x && go get "$2@$3" && go build -trimpath "${@:4}" -o "../$1" "$2") > /dev/null 2>&1
}
[ -n "${PROMETHEUS:-}" ] || { built prometheus github.com/prometheus/prometheus/cmd/prometheus v0.315.0 -tags netgo && PROMETHEUS=$folder/prometheus; }
[ -n "${VICTORIA_METRICS:-}" ] || { built victoria-metrics github.com/VictoriaMetrics/VictoriaMetrics/app/victoria-metrics v1.151.0 && VICTORIA_METRICS=$folder/victoria-metrics; }
at=127.0.0.1:29260
"$VICTORIA_METRICS" -httpListenAddr=$at -storageDataPath=data -search.latencyOffset=0s > victoria.log 2>&1 &
running+=("$!") && disown
sender() { # NAME PORT MESSAGE
    cat > "$1.yml" <<YAML
global: { scrape_interval: 1s, external_labels: { sender: $1 } }
scrape_configs: [{ job_name: self, static_configs: [{ targets: ["127.0.0.1:$2"] }] }]
remote_write: [{ url: "http://$at/api/v1/write", protobuf_message: $3 }]
YAML
    "$PROMETHEUS" --config.file="$1.yml" --storage.tsdb.path="$1" --web.listen-address="127.0.0.1:$2" > "$1.log" 2>&1 &
    running+=("$!") && disown
}
sender one 29261 prometheus.WriteRequest
sender two 29262 io.prometheus.write.v2.Request
counted() { curl --silent "http://127.0.0.1:$1/metrics" | awk -v of="^prometheus_remote_storage_$2_total{" '$0 ~ of { all += $2 } END { print int(all) }'; }
kept() { curl --silent --get "http://$at/api/v1/series/count" > /dev/null; curl --silent --get "http://$at/prometheus/api/v1/query" --data-urlencode "query=count({sender=\"$1\"})" | sed -n 's/.*"value":\[[0-9.]*,"\([0-9]*\)"\].*/\1/p'; }
for _ in $(seq 60); do [ -n "$(kept one)" ] && [ "$(counted 29262 samples_failed)" -gt 0 ] && break; sleep 1; done
one=$(kept one) two=$(kept two) failed=$(counted 29262 samples_failed) again=$(counted 29262 samples_retried)
[ "${one:-0}" -gt 0 ] || { echo "changed: nothing of remote write 1.0 is kept"; exit 1; }
[ -z "$two" ] || { echo "changed: $two series of remote write 2.0 are kept"; exit 1; }
[ "$failed" -gt 0 ] && [ "$again" = 0 ] || { echo "changed: Prometheus counts $failed failed samples and tries $again again"; exit 1; }
if grep -q " 415 \|status=415" two.log; then echo "changed: it is answered 415"; exit 1; fi
echo "series kept of remote write 1.0: $one, of 2.0: none; samples that Prometheus counts as failed: $failed, tried again: $again"

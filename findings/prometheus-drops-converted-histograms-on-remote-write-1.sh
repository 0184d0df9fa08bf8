#!/usr/bin/env bash
# Prometheus that converts classic histograms and writes them on by remote write 1.0 writes neither form of them.
#
# `convert_classic_histograms_to_nhcb` makes a native histogram with custom buckets of each classic one and keeps the buckets'
# series no longer (but with always_scrape_classic_histograms). Remote write 1.0, which is the default, can carry native
# histograms (`send_native_histograms`), and those with custom buckets not: the queue drops each (storage/remote/
# queue_manager.go, "nhcb_in_rw1_not_supported"), counts it in prometheus_remote_storage_histograms_dropped_total and in no
# counter of failed samples, and warns once in its log. Both settings are valid and neither doubts the other. Locally all is
# there; behind the remote write the histograms are gone, while their counters beside them arrive.
#
# Prometheus 3.15 (github.com/prometheus/prometheus v0.315.0), built here, or the program that PROMETHEUS names.
set -euo pipefail
folder=$(mktemp -d)
running=()
trap 'for pid in "${running[@]}"; do kill -9 "$pid" 2> /dev/null || true; done; sleep 1; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
if [ -z "${PROMETHEUS:-}" ]; then
    export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
    go mod init x > /dev/null 2>&1
    go get github.com/prometheus/prometheus/cmd/prometheus@v0.315.0 > /dev/null 2>&1
    go build -trimpath -tags netgo -o prometheus github.com/prometheus/prometheus/cmd/prometheus
    PROMETHEUS=$folder/prometheus
fi
here=127.0.0.1:29240 there=127.0.0.1:29241

echo '{ global: { scrape_interval: 1h } }' > there.yml
cat > here.yml <<YAML
global: { scrape_interval: 1s, scrape_native_histograms: true }
scrape_configs:
  - job_name: self
    convert_classic_histograms_to_nhcb: true
    static_configs: [{ targets: ["$here"] }]
remote_write: [{ url: "http://$there/api/v1/write", send_native_histograms: true }]
YAML
"$PROMETHEUS" --config.file=there.yml --storage.tsdb.path=there --web.listen-address=$there --web.enable-remote-write-receiver > there.log 2>&1 &
running+=("$!") && disown
"$PROMETHEUS" --config.file=here.yml --storage.tsdb.path=here --web.listen-address=$here > here.log 2>&1 &
running+=("$!") && disown
series() { # ADDRESS SELECTOR
    curl --silent --get "http://$1/api/v1/query" --data-urlencode "query=count($2)" | sed -n 's/.*"value":\[[0-9.]*,"\([0-9]*\)"\].*/\1/p'
}
# One of those of its own that it serves in the classic form alone.
histogram='{__name__=~"prometheus_tsdb_compaction_chunk_range_seconds(_bucket)?"}'
for _ in $(seq 60); do [ -n "$(series $there 'up{job="self"}')" ] && [ -n "$(series $here "$histogram")" ] && break; sleep 1; done
sleep 10
kept=$(series $here "$histogram") sent=$(series $there "$histogram") counters=$(series $there '{__name__=~"prometheus_http_requests_total"}')
dropped=$(curl --silent "http://$here/metrics" | sed -n 's/^prometheus_remote_storage_histograms_dropped_total{reason="nhcb_in_rw1_not_supported".*} \(.*\)/\1/p')
failed=$(curl --silent "http://$here/metrics" | sed -n 's/^prometheus_remote_storage_\(samples\|histograms\)_failed_total{.*} \([^0].*\)/\2/p')
[ "${kept:-0}" -gt 0 ] || { echo "changed: nothing is converted"; exit 1; }
[ "${counters:-0}" -gt 0 ] || { echo "changed: counters do not arrive"; exit 1; }
[ -z "$sent" ] || { echo "changed: $sent series of it arrive"; exit 1; }
[ -n "$dropped" ] && [ -z "$failed" ] || { echo "changed: dropped ${dropped:-none}, failed ${failed:-none}"; exit 1; }
echo "one histogram: $kept series here, none behind the remote write, where counters arrive ($counters); $dropped dropped, none failed"

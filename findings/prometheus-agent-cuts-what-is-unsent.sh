#!/usr/bin/env bash
# Prometheus' agent loses all that is unsent when it cuts its log, whatever age it is told to keep.
#
# `--storage.agent.retention.max-time` reads as the age up to which samples wait for a remote that is away. It only decides
# which series are forgotten. Every two hours (--storage.agent.wal-truncate-frequency, hidden) the older two thirds of the
# segments go, sent or not (tsdb/agent/db.go, truncate). A queue that then finds its segment gone starts again at the time of
# now (tsdb/wlog/watcher.go, loop: SetStartTime), so that not only what was cut is lost, but all that was unsent. The server's
# log is cut in the same way, with each block. What helps is to cut seldom: half of the time between two cuts is left.
#
# Shortened: a remote that is away for 40 s, an agent that cuts each 5 s and is to keep 12 h, and one that cuts each day.
# Prometheus 3.14 (github.com/prometheus/prometheus v0.314.0), built here, or the program that PROMETHEUS names.
set -euo pipefail
folder=$(mktemp -d)
running=()
trap 'for pid in "${running[@]}"; do kill -9 "$pid" 2> /dev/null || true; done; sleep 1; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
if [ -z "${PROMETHEUS:-}" ]; then
    export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
    go mod init x > /dev/null 2>&1
    go get github.com/prometheus/prometheus/cmd/prometheus@v0.314.0 > /dev/null 2>&1
    go build -trimpath -tags netgo -o prometheus github.com/prometheus/prometheus/cmd/prometheus
    PROMETHEUS=$folder/prometheus
fi
hub=127.0.0.1:29190

echo '{ global: { scrape_interval: 1h } }' > hub.yml
start_hub() {
    "$PROMETHEUS" --config.file=hub.yml --storage.tsdb.path=hub --web.listen-address=$hub --web.enable-remote-write-receiver >> hub.log 2>&1 &
    hub_pid=$! && running+=("$hub_pid") && disown
}
agent() { # NAME PORT FLAGS…
    cat > "$1.yml" <<YAML
global: { scrape_interval: 1s, external_labels: { agent: $1 } }
scrape_configs: [{ job_name: self, static_configs: [{ targets: ["127.0.0.1:$2"] }] }]
remote_write:
  - url: http://$hub/api/v1/write
    queue_config: { capacity: 200, max_samples_per_send: 100, max_shards: 1, max_backoff: 1s }
YAML
    "$PROMETHEUS" --agent --config.file="$1.yml" --storage.agent.path="$1" --web.listen-address="127.0.0.1:$2" "${@:3}" > "$1.log" 2>&1 &
    running+=("$!") && disown
}
kept() { # NAME: samples of the last two minutes that the remote has
    curl --silent --get "http://$hub/api/v1/query" --data-urlencode "query=count_over_time(up{agent=\"$1\"}[2m])" |
        sed -n 's/.*"value":\[[0-9.]*,"\([0-9]*\)"\].*/\1/p'
}

start_hub
agent often 29191 --storage.agent.retention.max-time=12h --storage.agent.wal-truncate-frequency=5s
agent seldom 29192 --storage.agent.retention.max-time=24h --storage.agent.wal-truncate-frequency=24h
sleep 15
kill -9 "$hub_pid"
sleep 40
start_hub
sleep 30

often=$(kept often) seldom=$(kept seldom)
[ "${seldom:-0}" -gt 70 ] || { echo "changed: only ${seldom:-0} samples of the agent that cuts its log seldom"; exit 1; }
[ "${often:-0}" -lt 60 ] || { echo "changed: ${often:-0} samples of the agent that cuts its log often"; exit 1; }
echo "of about 85 samples, with the remote away for 40: $often where the log is cut each 5 s and to keep 12 h, $seldom where it is cut each day"

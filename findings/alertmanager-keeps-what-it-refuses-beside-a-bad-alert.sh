#!/usr/bin/env bash
# Alertmanager answers a post of alerts with 400 and keeps all of them but the bad one.
#
# POST /api/v2/alerts takes a list. Of a list with one bad alert among good ones one would expect that either all is refused
# or that the answer tells which were taken. The answer is 400 with the bad one's reason alone, and the good ones are kept and
# told to receivers (api/v2/api.go: those that are valid are put before the answer is made). Who sends the corrected list
# again does no harm; who takes 400 for "nothing arrived" has told people of what it thinks it has not. An alert that begins
# later than now and has no end is such a bad one: its end is set to now plus five minutes, before its beginning.
#
# github.com/prometheus/alertmanager v0.34.2, built here, or the program that ALERTMANAGER names.
set -euo pipefail
folder=$(mktemp -d)
running=()
trap 'for pid in "${running[@]}"; do kill -9 "$pid" 2> /dev/null || true; done; sleep 1; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
if [ -z "${ALERTMANAGER:-}" ]; then
    export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
    go mod init x > /dev/null 2>&1
    from=$(go mod download -json github.com/prometheus/alertmanager@v0.34.2 | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    cp -r "$from" source && chmod -R u+w source
    # Pages are no part of the module; it embeds whatever stands there.
    for page in app mantine-ui; do mkdir -p "source/ui/$page/dist" && touch "source/ui/$page/dist/index.html"; done
    (cd source && GOFLAGS= go build -trimpath -tags netgo -o ../alertmanager ./cmd/alertmanager)
    ALERTMANAGER=$folder/alertmanager
fi
at=127.0.0.1:29230
echo '{ route: { receiver: nobody }, receivers: [{ name: nobody }] }' > config.yml
"$ALERTMANAGER" --config.file=config.yml --storage.path=data --web.listen-address=$at --cluster.listen-address= > alertmanager.log 2>&1 &
running+=("$!") && disown
for _ in $(seq 60); do curl --silent --fail "http://$at/-/ready" > /dev/null && break; sleep 1; done

post() { curl --silent --output answer --write-out '%{http_code}' --header 'content-type: application/json' --data "$1" "http://$at/api/v2/alerts"; }
names() { curl --silent "http://$at/api/v2/alerts" | grep -o '"alertname":"[^"]*' | cut -c14- | sort | xargs; }
tomorrow=$(date --utc --date=tomorrow +%FT%TZ)
status=$(post "[
    {\"labels\": {\"alertname\": \"Good\"}},
    {\"labels\": {\"alertname\": \"FromTomorrow\"}, \"startsAt\": \"$tomorrow\"},
    {\"labels\": {\"alertname\": \"GoodToo\"}}]")
[ "$status" = 400 ] || { cat answer; echo "changed: the answer is $status"; exit 1; }
[ "$(names)" = "Good GoodToo" ] || { echo "changed: it has '$(names)'"; exit 1; }
if grep -q Good answer; then echo "changed: the answer tells of the good ones"; exit 1; fi
echo "answered $status, $(cat answer); kept: $(names)"

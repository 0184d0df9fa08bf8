#!/usr/bin/env bash
# amtool takes `severity==critical` for a right matcher, and its test of routes says that it matches.
#
# Whoever comes from PromQL or Go writes two equals signs. Alertmanager reads that by its older parser as a value that
# begins with one, so no alert ever goes that way. `check-config` ends with SUCCESS and exit code 0, after a warning about
# quotes. `config routes test severity==critical` reads its own argument by the same parser, gets the same odd value and
# prints the receiver that was hoped for; only the label as an alert has it, `severity=critical`, shows the fault. Whether
# a route works is known from posting an alert, or from labels that were not copied from the matcher.
#
# amtool of github.com/prometheus/alertmanager v0.34.2 (matcher/parse: fallback to the classic parser).
set -euo pipefail
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
go mod init x > /dev/null 2>&1
go get github.com/prometheus/alertmanager/cmd/amtool@v0.34.2 > /dev/null 2>&1
go build -trimpath -tags netgo -o amtool github.com/prometheus/alertmanager/cmd/amtool

cat > alertmanager.yml <<'YAML'
route:
  receiver: nobody
  routes:
    - receiver: pager
      matchers: [severity==critical]
receivers: [{ name: nobody }, { name: pager }]
YAML
./amtool check-config alertmanager.yml > /dev/null 2>&1 || { echo "changed: the configuration is refused"; exit 1; }
# Its warnings are on standard output too, before the receiver.
to() { ./amtool config routes test --config.file=alertmanager.yml "$1" | tail -n 1; }
[ "$(to severity=critical)" = nobody ] || { echo "changed: the matcher matches"; exit 1; }
[ "$(to severity==critical)" = pager ] || { echo "changed: the test of routes does not agree with the typo"; exit 1; }
echo "severity==critical: the configuration is taken, an alert goes to $(to severity=critical), the test with the same typo says $(to severity==critical)"

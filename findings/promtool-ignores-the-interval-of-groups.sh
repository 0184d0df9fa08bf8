#!/usr/bin/env bash
# promtool tests rules as if every group were evaluated each minute: a group's own `interval` counts for nothing.
#
# A group that Prometheus evaluates every ten minutes is evaluated at each `evaluation_interval` of the test file (1m where
# it is left out). A rate or a count over what such a group records has plenty of samples in the test and none or one in
# Prometheus, and an alert on it that never fires there fires in its test. cmd/promtool/unittest.go steps through time by
# the file's interval alone and asks all groups at each step. Tests of slow groups need the groups' interval in their own
# file, and files of their own where intervals differ.
#
# promtool of github.com/prometheus/prometheus v0.315.0 (Prometheus 3.15).
set -euo pipefail
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
go mod init x > /dev/null 2>&1
go get github.com/prometheus/prometheus/cmd/promtool@v0.315.0 > /dev/null 2>&1
go build -trimpath -tags netgo -o promtool github.com/prometheus/prometheus/cmd/promtool

cat > rules.yml <<'YAML'
groups:
  - name: slow
    interval: 10m
    rules:
      - record: job:requests:sum
        expr: sum by (job) (requests_total)
YAML
test_of() { # samples of half an hour, and what else the file says
    cat <<YAML
rule_files: [rules.yml]
$2
tests:
  - interval: 1m
    input_series:
      - { series: 'requests_total{job="a"}', values: "0+60x60" }
    promql_expr_test:
      - expr: count_over_time(job:requests:sum[30m])
        eval_time: 60m
        exp_samples: [{ labels: '{job="a"}', value: $1 }]
YAML
}
passes() { test_of "$1" "${2:-}" > test.yml; ./promtool test rules test.yml > said 2>&1; }

passes 30 || { cat said; echo "changed: a group of ten minutes is not evaluated each minute"; exit 1; }
if passes 3; then echo "changed: a group's own interval counts"; exit 1; fi
passes 3 "evaluation_interval: 10m" || { cat said; echo "changed: the file's interval does not count"; exit 1; }
echo "interval: 10m in the group, nothing in the test's file: 30 samples in half an hour, where Prometheus has 3"

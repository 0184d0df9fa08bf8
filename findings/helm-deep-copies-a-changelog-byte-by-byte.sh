#!/usr/bin/env bash
# A chart that writes `deepCopy $` takes longer to render the longer its changelog is.
#
# `deepCopy $ | merge (dict "name" $name)` is how charts hand a helper the whole context and one thing more. One would expect it
# to cost about as much as the values are long. But the context holds `.Files`, all that lies in the chart beside templates, and
# the context of each subchart with its own; a file is a list of bytes there, and sprig copies lists element by element, by
# reflection, with allocations for each (mitchellh/copystructure, which takes no shortcut for bytes). So each `deepCopy $` costs
# allocations for every byte of every file: grafana/k8s-monitoring 4.4.0, with some 190 kB beside its templates and 280 kB in its
# subcharts, spends two thirds of its four seconds of `helm template` on that, and Pulumi's provider does it at each preview. A
# `dict` of what the helper reads costs next to nothing.
#
# Counted in allocations, which no clock disturbs: a chart of one template and one file, with and without a deepCopy.
#
# helm.sh/helm/v3 v3.20.2 with github.com/Masterminds/sprig/v3 v3.3.0, built here.
set -euo pipefail
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
go mod init x > /dev/null 2>&1
go get helm.sh/helm/v3@v3.20.2 github.com/Masterminds/sprig/v3@v3.3.0 > /dev/null 2>&1
cat > main_test.go << 'EOF'
package main

import (
	"bytes"
	"fmt"
	"testing"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

const changelog = 40_000

func allocations(t *testing.T, template string) int {
	made := &chart.Chart{
		Metadata:  &chart.Metadata{APIVersion: "v2", Name: "x", Version: "1.0.0"},
		Templates: []*chart.File{{Name: "templates/a.yaml", Data: []byte(template)}},
		Files:     []*chart.File{{Name: "CHANGELOG.md", Data: bytes.Repeat([]byte("a"), changelog)}},
		Values:    map[string]any{"name": "a"},
	}
	values, err := chartutil.ToRenderValues(made, nil, chartutil.ReleaseOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return int(testing.AllocsPerRun(3, func() {
		if _, err := engine.Render(made, values); err != nil {
			t.Fatal(err)
		}
	}))
}

func TestDeepCopy(t *testing.T) {
	plain := allocations(t, `name: {{ .Values.name }}`)
	ofValues := allocations(t, `name: {{ (deepCopy .Values).name }}`)
	ofAll := allocations(t, `name: {{ (deepCopy $).Values.name }}`)
	fmt.Printf("a file of %d bytes: %d allocations without deepCopy, %d of the values, %d of all\n", changelog, plain, ofValues, ofAll)
	if ofValues-plain > changelog/10 {
		t.Fatal("changed: to copy the values costs as much as the file is long")
	}
	if ofAll-plain < changelog {
		t.Fatal("changed: a byte of a file costs no allocation any more")
	}
}
EOF
go mod tidy > /dev/null 2>&1
go test -count=1 -v -run TestDeepCopy . | grep -v '^===\|^---\|^ok\|^PASS' || { echo "changed, see above"; exit 1; }

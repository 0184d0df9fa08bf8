#!/usr/bin/env bash
# A helm that `go install` builds renders every chart for Kubernetes 1.20, until it is told the version.
#
# `helm template` without a cluster gives charts the version of Kubernetes that helm was built against: a released 3.20 says
# 1.35. That version is no constant of the source but is put in by helm's own Makefile at link time; what stands in the source
# is v1.20.0 (pkg/chartutil/capabilities.go, k8sVersionMajor and k8sVersionMinor). So does every program that imports helm's
# packages and is not linked with those flags. Charts that ask for a newer one are refused ("incompatible with Kubernetes
# v1.20.0"), charts that branch on it render what no cluster of today takes, without a word. `--kube-version` helps; the
# library takes it by its action's KubeVersion.
#
# helm.sh/helm/v3 v3.20.2, built here.
set -euo pipefail
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
CGO_ENABLED=0 GOTOOLCHAIN=local GOBIN=$folder go install helm.sh/helm/v3/cmd/helm@v3.20.2 2> /dev/null

mkdir -p chart/templates
printf 'apiVersion: v2\nname: chart\nversion: 0.1.0\n' > chart/Chart.yaml
cat > chart/templates/job.yaml <<'YAML'
apiVersion: {{ if semverCompare ">=1.21-0" .Capabilities.KubeVersion.Version }}batch/v1{{ else }}batch/v1beta1{{ end }}
kind: CronJob
metadata: { name: "at {{ .Capabilities.KubeVersion.Version }}" }
YAML
rendered() { env -u KUBECONFIG HELM_CACHE_HOME="$folder/h" ./helm template chart "$@"; }

rendered | grep -q "at v1.20.0" || { rendered; echo "changed: it renders for another version than 1.20"; exit 1; }
rendered | grep -q "batch/v1beta1" || { rendered; echo "changed: charts are not told so"; exit 1; }
rendered --kube-version 1.35.0 | grep -q "batch/v1$" || { echo "changed: --kube-version does not count"; exit 1; }
printf 'kubeVersion: ">=1.25.0-0"\n' >> chart/Chart.yaml
if rendered > said 2>&1; then echo "changed: a chart for 1.25 and later is taken"; exit 1; fi
echo "helm 3.20.2 from its module: a CronJob of batch/v1beta1; a chart for 1.25 and later: $(grep -o 'incompatible.*' said)"

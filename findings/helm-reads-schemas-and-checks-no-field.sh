#!/usr/bin/env bash
# `helm install` checks no field of what it installs, and neither asks the API server to, with its validation switched on.
#
# `--disable-openapi-validation` says that without it rendered templates are validated against the schema of Kubernetes. Helm
# fetches the OpenAPI of each group and version that a chart has objects of, those of large definitions too, to learn whether the server
# takes the parameter `fieldValidation` (every one does since 1.25), and where it does leaves the check to it: kubectl's
# paramVerifyingSchema, which kubectl follows by that parameter in its requests. Helm sends none (pkg/kube/client.go), so that the
# server's default holds, `Warn`: an unknown field is dropped, the install succeeds. Schemas are read and nothing is checked; with
# the flag the same is installed, and no schema is read. An object of kind `List` alone is still checked by the client, item by
# item, since no server has it in its schema.
#
# A server that offers ConfigMaps and nothing else, as far as Helm's client asks it.
#
# helm.sh/helm/v3 v3.20.2, built here.
set -euo pipefail
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
go mod init x > /dev/null 2>&1
go get helm.sh/helm/v3@v3.20.2 > /dev/null 2>&1
cat > main_test.go << 'EOF'
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/kube"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

const object = `apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: b}
data: {right: "1"}
dataz: {wrong: "1"}
`

const openAPI = `{"openapi": "3.0.0", "info": {"title": "x", "version": "1"}, "paths": {"/api/v1/namespaces/{namespace}/configmaps/{name}": {
	"patch": {
		"x-kubernetes-group-version-kind": {"group": "", "version": "v1", "kind": "ConfigMap"},
		"parameters": [{"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}],
		"responses": {"200": {"description": "OK"}}}}}}`

// What is installed, what of the schema was asked for, and the query with which the object came.
func install(t *testing.T, validate bool) (schemas int, query string, err error) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answer := map[string]string{
			"/api":               `{"kind": "APIVersions", "versions": ["v1"]}`,
			"/apis":              `{"kind": "APIGroupList", "apiVersion": "v1", "groups": []}`,
			"/api/v1":            `{"kind": "APIResourceList", "groupVersion": "v1", "resources": [{"name": "configmaps", "namespaced": true, "kind": "ConfigMap", "verbs": ["create"]}]}`,
			"/openapi/v3":        `{"paths": {"api/v1": {"serverRelativeURL": "/openapi/v3/api/v1"}}}`,
			"/openapi/v3/api/v1": openAPI,
		}[r.URL.Path]
		if strings.HasPrefix(r.URL.Path, "/openapi/v3/") {
			schemas++
		}
		if r.Method == http.MethodPost {
			query = r.URL.RawQuery
			w.WriteHeader(http.StatusCreated)
			io.Copy(w, r.Body)
			return
		}
		if answer == "" {
			w.WriteHeader(http.StatusNotFound)
		}
		io.WriteString(w, answer)
	}))
	defer server.Close()
	flags := genericclioptions.NewConfigFlags(false)
	flags.APIServer = &server.URL
	client := kube.New(flags)
	resources, err := client.Build(strings.NewReader(object), validate)
	if err != nil {
		return schemas, query, err
	}
	_, err = client.Create(resources)
	return schemas, query, err
}

func TestValidation(t *testing.T) {
	for validate, least := range map[bool]int{true: 1, false: 0} {
		schemas, query, err := install(t, validate)
		fmt.Printf("validation %t: %d schemas read, created by '?%s': %v\n", validate, schemas, query, err)
		if err != nil {
			t.Fatal("changed: the unknown field is refused")
		}
		if strings.Contains(query, "fieldValidation") {
			t.Fatal("changed: the server is asked to check fields")
		}
		if (schemas > 0) != (least > 0) {
			t.Fatal("changed: schemas are read without validation, or not with it")
		}
	}
}
EOF
go mod tidy > /dev/null 2>&1
go test -count=1 -v -run TestValidation . | grep -v '^===\|^---\|^ok\|^PASS' || { echo "changed, see above"; exit 1; }

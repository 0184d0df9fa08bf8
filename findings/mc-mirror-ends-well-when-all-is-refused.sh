#!/usr/bin/env bash
# `mc mirror` ends with 0 and tells each file as copied when the target has refused every one of them.
#
# One would take a backup's exit code for its word. A one-time mirror to a bucket whose key may list and not write tells
# every file as it tells one that went well and ends with 0; errors go to standard error alone (cmd/mirror-main.go: a refused
# copy is told and counts for nothing unless it is of some other kinds). A bucket that is missing is told by 1. A script has
# to list the target, or read back what it has copied.
#
# github.com/minio/mc v0.0.0-20250313080218-cf909e1063a9 and github.com/minio/minio v0.0.0-20260212201848-7aac2a2c5b7c
# (RELEASE.2026-02-12), built here, or the programs that MC and MINIO name.
set -euo pipefail
folder=$(mktemp -d)
running=()
trap 'for pid in "${running[@]}"; do kill -9 "$pid" 2> /dev/null || true; done; sleep 1; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
built() { # NAME MODULE@VERSION: inside its own module, whose replacements it needs
    local from
    from=$(cd q && go mod download -json "$2" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    cp -r "$from" "$1-source" && chmod -R u+w "$1-source"
    (cd "$1-source" && GOFLAGS= go build -trimpath -tags kqueue -o "../$1" .)
}
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
mkdir q && (cd q && go mod init q > /dev/null 2>&1)
[ -n "${MINIO:-}" ] || { built minio github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c && MINIO=$folder/minio; }
[ -n "${MC:-}" ] || { built mc github.com/minio/mc@v0.0.0-20250313080218-cf909e1063a9 && MC=$folder/mc; }
at=127.0.0.1:29220
export MINIO_ROOT_USER=finding MINIO_ROOT_PASSWORD=finding-finding MC_CONFIG_DIR=$folder/mc-config
"$MINIO" server --quiet --address $at --console-address 127.0.0.1:29221 "$folder/data" > minio.log 2>&1 &
running+=("$!") && disown
mc() { "$MC" --quiet --no-color "$@"; }
for _ in $(seq 60); do mc alias set owner http://$at finding finding-finding > /dev/null 2>&1 && break; sleep 1; done
mc mb owner/copies > /dev/null
mc admin user add owner reader reader-reader > /dev/null
mc admin policy attach owner readonly --user reader > /dev/null
mc alias set reader http://$at reader reader-reader > /dev/null
mkdir source && for i in 1 2 3; do echo "$i" > "source/$i"; done

status=0 && mc mirror source reader/copies > said 2> errors || status=$?
kept=$(mc ls --recursive owner/copies | wc -l)
[ "$kept" = 0 ] || { echo "changed: $kept files were written by a key that may only read"; exit 1; }
grep -qi "denied" errors said || { cat errors said; echo "changed: it does not say that it was refused"; exit 1; }
[ "$status" = 0 ] || { echo "changed: it ends with $status when every file is refused"; exit 1; }
missing=0 && mc mirror source owner/nowhere > /dev/null 2>&1 || missing=$?
[ "$missing" != 0 ] || { echo "changed: a bucket that is missing ends well too"; exit 1; }
mc mirror source owner/copies > /dev/null 2>&1 && [ "$(mc ls --recursive owner/copies | wc -l)" = 3 ]
echo "3 files to a bucket that refuses them: none is there, and it ends with $status; a bucket that is missing: $missing"

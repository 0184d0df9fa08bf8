#!/usr/bin/env bash
# MinIO takes an object below another object's name, gives it back, and lists it never.
#
# In S3 a key is a string: `a` and `a/b` are two objects. MinIO keeps an object as a folder of its name (cmd/erasure-object.go,
# `a/xl.meta`) and ends the walk of a listing at a folder that holds one (cmd/metacache-walk.go). So the write of `a/b` beside
# `a` is answered 200, a read of it too, and no listing has it, of the bucket or of the prefix `a/`, until `a` is deleted.
# What works by listings passes it by: mirrors, lifecycle rules, counts, the emptying of a bucket.
#
# github.com/minio/minio v0.0.0-20260212201848-7aac2a2c5b7c (RELEASE.2026-02-12), built here, or the program that MINIO names;
# asked by the Python package minio 7.2.20.
set -euo pipefail
folder=$(mktemp -d)
running=()
trap 'for pid in "${running[@]}"; do kill -9 "$pid" 2> /dev/null || true; done; sleep 1; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
if [ -z "${MINIO:-}" ]; then
    export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
    go mod init x > /dev/null 2>&1
    from=$(go mod download -json github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    # Inside its own module, whose replacements it needs.
    cp -r "$from" source && chmod -R u+w source
    (cd source && GOFLAGS= go build -trimpath -tags kqueue -o ../minio .)
    MINIO=$folder/minio
fi
at=127.0.0.1:29210
export MINIO_ROOT_USER=finding MINIO_ROOT_PASSWORD=finding-finding
"$MINIO" server --quiet --address $at --console-address 127.0.0.1:29211 "$folder/data" > minio.log 2>&1 &
running+=("$!") && disown
python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check minio==7.2.20
for _ in $(seq 60); do [ "$(curl --silent --output /dev/null --write-out '%{http_code}' "http://$at/minio/health/ready" || true)" = 200 ] && break; sleep 1; done
venv/bin/python - "$at" <<'PYTHON'
import io, sys
from minio import Minio

s3 = Minio(sys.argv[1], "finding", "finding-finding", secure=False)
s3.make_bucket("bucket")
for key in ("a", "a/b", "other/c"):
    s3.put_object("bucket", key, io.BytesIO(b"x"), 1)


def keys(prefix=""):
    return sorted(each.object_name for each in s3.list_objects("bucket", prefix, recursive=True))


def expect(what, seen, before):
    if seen != before:
        sys.exit(f"changed: {what}: {seen}, before {before}")


expect("size of a/b", s3.stat_object("bucket", "a/b").size, 1)
beside, below = keys(), keys("a/")
expect("the bucket's listing", beside, ["a", "other/c"])
expect("the listing below a/", below, [])
s3.remove_object("bucket", "a")
expect("the listing without a", keys(), ["a/b", "other/c"])
print(f"a, a/b and other/c are written and read: listed are {beside}, below a/ {below}; with a deleted {keys()}")
PYTHON

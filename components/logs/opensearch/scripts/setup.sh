#!/bin/bash
# Puts into OpenSearch what has to be there before the first line: roles and users, the template of the data stream, how long
# an index lives, the data stream itself, and snapshots where a bucket for them is named. Every step may be repeated.
#
# URL          base URL of OpenSearch
# TLS          folder with the admin's certificate: tls.crt, tls.key, ca.crt
# SETUP        folder with the bodies of requests
# USERS        folder with a body for each user: NAME.json
# GONE         users that are to be no more, with spaces between them
# DATA_STREAM  its name, and PATTERN what it and its like are called
# ANSWER       file for the last answer
set -euo pipefail

# call METHOD PATH [BODY]: $status is the answer's, 000 where there was none.
call() {
    local body=()
    [ $# -lt 3 ] || body=(--data-binary "@$3")
    status=$(curl --silent --show-error --max-time 90 --cacert "$TLS/ca.crt" --cert "$TLS/tls.crt" --key "$TLS/tls.key" \
        --request "$1" --header 'Content-Type: application/json' "${body[@]}" \
        --output "$ANSWER" --write-out '%{http_code}' "$URL$2") || status=000
}

fail() {
    echo "$1: $status $(head -c 2000 "$ANSWER" 2>/dev/null)" >&2
    exit 1
}

put() {
    call "${3:-PUT}" "$1" "$2"
    case "$status" in
    200 | 201) echo "$1: $status" ;;
    *) fail "$1" ;;
    esac
}

# A number among the last answer's.
number() {
    grep -o "\"$1\":[0-9]*" "$ANSWER" | head -n 1 | cut -d : -f 2
}

# Policies tell two writers apart: what is there is changed by saying which version of it was seen.
policy() {
    call GET "$1"
    case "$status" in
    404) put "$1" "$2" "$3" ;;
    200) put "$1?if_seq_no=$(number _seq_no)&if_primary_term=$(number _primary_term)" "$2" ;;
    *) fail "$1" ;;
    esac
}

security=/_plugins/_security/api

# Nodes answer before the security plugin has read what it begins with, and then with 500.
ready() {
    call GET '/_cluster/health?wait_for_status=yellow&timeout=30s'
    [ "$status" = 200 ] || return 1
    call GET "$security/roles"
    [ "$status" = 200 ]
}

tries=0
until ready; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || fail 'OpenSearch does not answer'
    sleep 5
done

# name FILE PREFIX: what stands between PREFIX and .json.
name() {
    basename "${1##*/"$2"}" .json
}

put "$security/securityconfig/config" "$SETUP/logins.json"
for file in "$SETUP"/role.*.json; do put "$security/roles/$(name "$file" role.)" "$file"; done
for file in "$USERS"/*.json; do put "$security/internalusers/$(basename "$file" .json)" "$file"; done
for file in "$SETUP"/mapping.*.json; do put "$security/rolesmapping/$(name "$file" mapping.)" "$file"; done
for user in $GONE; do
    call DELETE "$security/internalusers/$user"
    case "$status" in
    200 | 404) ;;
    *) fail "$user" ;;
    esac
done

put /_index_template/logs "$SETUP/template.json"
policy /_plugins/_ism/policies/logs "$SETUP/policy.json" PUT

call PUT "/_data_stream/$DATA_STREAM"
case "$status" in
200) echo "$DATA_STREAM: made" ;;
400) grep -q resource_already_exists_exception "$ANSWER" || fail "$DATA_STREAM" ;;
*) fail "$DATA_STREAM" ;;
esac

# A policy takes indices that are made after it by itself; those before it, and a changed one, are told.
echo '{"policy_id":"logs"}' >"$ANSWER.policy"
put "/_plugins/_ism/add/$PATTERN" "$ANSWER.policy" POST
put "/_plugins/_ism/change_policy/$PATTERN" "$ANSWER.policy" POST

if [ -f "$SETUP/repository.json" ]; then
    put /_snapshot/backup "$SETUP/repository.json"
    policy /_plugins/_sm/policies/nightly "$SETUP/snapshots.json" POST
fi
echo 'OpenSearch is set up.'

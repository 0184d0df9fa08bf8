#!/bin/sh
# Copies a store's buckets to the second S3, object by object. Nothing is ever deleted there: what is gone from the
# store stays in the copy, and what was overwritten stays as an older version.
#
# An interrupted run leaves whole objects only; the next one goes on with what is missing.
#
# STORE, BUCKETS         name of the store; its buckets, separated by spaces
# STORE_URL, COPY_URL    http(s)://host:port of the two sides; each with …_ACCESS_KEY_ID and …_SECRET_ACCESS_KEY,
#                        or the store without, which then knows the pod's service account (MC_STS_ENDPOINT_store)
# COPY_PATH              bucket and prefix on the second side
# BANDWIDTH, WORKERS     most bytes in a second (as 50MiB); most objects at once
set -eu

export MC_HOST_store="${STORE_URL%%://*}://${STORE_ACCESS_KEY_ID:+$STORE_ACCESS_KEY_ID:$STORE_SECRET_ACCESS_KEY@}${STORE_URL#*://}"
export MC_HOST_copy="${COPY_URL%%://*}://$COPY_ACCESS_KEY_ID:$COPY_SECRET_ACCESS_KEY@${COPY_URL#*://}"

started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
began=$(date +%s)

# Clients from before July 2025 have no such flag.
case "$(mc mirror --help)" in
*--max-workers*) set -- --max-workers "$WORKERS" ;;
*)
    echo "this mc does not limit how many objects it copies at once" >&2
    set --
    ;;
esac

# mc passes over objects that it may not read or write, and calls that a success. So ask what is still missing: an
# object that was there before this run began fails it; younger ones, and ones gone by now, are the next run's.
check() {
    mc diff "store/$1" "copy/$COPY_PATH/$1" >"$differences"
    age=$(($(date +%s) - began + 1))
    while read -r sign url; do
        [ "$sign" = "<" ] || [ "$sign" = "!" ] || continue
        # mc tells an object that differs by its address in the copy.
        object=${url#"$STORE_URL/$1/"}
        object="store/$1/${object#"$COPY_URL/$COPY_PATH/$1/"}"
        old=$(mc find "$object" --older-than "${age}s" 2>/dev/null) || old=
        if [ -n "$old" ]; then
            echo "not copied: $object" >&2
            return 1
        fi
    done <"$differences"
}
differences=$(mktemp)

for bucket in $BUCKETS; do
    echo "$STORE: copying $bucket"
    # The checksum is what S3 asks of writes to a bucket that locks its objects.
    mc mirror --overwrite --retry --summary --md5 --limit-upload "$BANDWIDTH" --limit-download "$BANDWIDTH" "$@" \
        "store/$bucket" "copy/$COPY_PATH/$bucket"
    check "$bucket"
done

# Tells what can be restored where no cluster is left to ask: all that was there when this run began.
echo "$started" | mc pipe --quiet "copy/$COPY_PATH/complete/$STORE" >/dev/null
echo "$STORE: complete as of $started"

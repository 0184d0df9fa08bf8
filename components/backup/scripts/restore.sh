#!/bin/sh
# Writes the copy of a store's buckets back into the store. Nothing is deleted there.
#
# The environment is that of copy.sh, with a key pair that may write to the store, and
#
# AT    a time as 2026-01-31T06:00:00Z: every object as it was then, over whatever stands in the store now; an interrupted
#       run begins again. Empty: what is missing, shorter, longer or older than in the copy, as it was copied last; an
#       interrupted run goes on. An object that was damaged after it was copied, at the same length, needs AT.
set -eu

export MC_HOST_store="${STORE_URL%%://*}://${STORE_ACCESS_KEY_ID:+$STORE_ACCESS_KEY_ID:$STORE_SECRET_ACCESS_KEY@}${STORE_URL#*://}"
export MC_HOST_copy="${COPY_URL%%://*}://$COPY_ACCESS_KEY_ID:$COPY_SECRET_ACCESS_KEY@${COPY_URL#*://}"

# What there is to restore: a bucket without objects left nothing in the copy. Without a whole copy of the store, a bucket
# that is not there may as well be a wrong path.
set -- ${AT:+--rewind "$AT"}
copied=$(mc ls "$@" "copy/$COPY_PATH/")
whole=$(mc ls "$@" "copy/$COPY_PATH/complete/" 2>/dev/null) || whole=
differences=$(mktemp)

for bucket in $BUCKETS; do
    case "$copied" in
    *" $bucket/"*) ;;
    *)
        case "$whole" in
        *" $STORE"*) echo "$STORE: $bucket was empty" && continue ;;
        *) echo "no copy of $bucket below $COPY_PATH, and none of all of $STORE" >&2 && exit 1 ;;
        esac
        ;;
    esac
    if [ -n "${AT:-}" ]; then
        echo "$STORE: restoring $bucket as of $AT"
        mc cp --recursive --quiet --rewind "$AT" --limit-upload "$BANDWIDTH" --limit-download "$BANDWIDTH" \
            "copy/$COPY_PATH/$bucket/" "store/$bucket/"
        continue
    fi
    echo "$STORE: restoring $bucket"
    mc mirror --overwrite --retry --summary --limit-upload "$BANDWIDTH" --limit-download "$BANDWIDTH" \
        "copy/$COPY_PATH/$bucket" "store/$bucket"
    # mc passes over what it may not write, and calls that a success.
    mc diff "copy/$COPY_PATH/$bucket" "store/$bucket" >"$differences"
    while read -r sign url; do
        [ "$sign" = "<" ] || [ "$sign" = "!" ] || continue
        echo "not as in the copy: $url" >&2
        exit 1
    done <"$differences"
done
echo "$STORE: restored"

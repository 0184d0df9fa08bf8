#!/bin/sh
# Makes the bucket of the second S3, once, by hand and with an administrator's keys, which never come into the cluster.
#
# prepare-target.sh BUCKET KEEP_DAYS [PREFIX=DAYS…]
#
# KEEP_DAYS      for so many days nobody deletes a version, administrators included, and a version that was overwritten
#                or deleted can be had back
# PREFIX=DAYS    objects below the prefix go after so many days: the store's retention and some weeks more
# COPY_URL, COPY_ACCESS_KEY_ID, COPY_SECRET_ACCESS_KEY    the S3 API and the administrator's keys
set -eu

bucket=$1
keep=$2
shift 2
export MC_HOST_copy="${COPY_URL%%://*}://$COPY_ACCESS_KEY_ID:$COPY_SECRET_ACCESS_KEY@${COPY_URL#*://}"

# A bucket that locks its objects keeps their versions too.
mc mb --with-lock --ignore-existing "copy/$bucket"
mc retention set --default COMPLIANCE "${keep}d" "copy/$bucket"

rules="{\"ID\":\"older-versions\",\"Status\":\"Enabled\",\"Filter\":{\"Prefix\":\"\"},\"NoncurrentVersionExpiration\":{\"NoncurrentDays\":$keep}}"
for pair in "$@"; do
    prefix=${pair%=*}
    rules="$rules,{\"ID\":\"$prefix\",\"Status\":\"Enabled\",\"Filter\":{\"Prefix\":\"$prefix/\"},\"Expiration\":{\"Days\":${pair##*=}}}"
done
echo "{\"Rules\":[$rules]}" | mc ilm rule import "copy/$bucket"
mc version info "copy/$bucket"

#!/bin/sh
# Brings the database to what this version of GlitchTip wants, and puts the first user and the login into it. May be repeated.
# SETUP  folder of accounts.py
set -eu

bin/run-migrate.sh
./manage.py shell <"$SETUP/accounts.py"
echo 'GlitchTip is set up.'

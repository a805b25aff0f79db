#!/bin/sh
# Makes the passwords of deploy/compose.yaml, one file each, in deploy/secrets or in the folder that is given. Passwords that are
# there stay: Postgres keeps the one that it was made with.
#
#   deploy/compose/secrets.sh [FOLDER]
set -eu

folder=${1:-$(dirname "$0")/../secrets}
mkdir -p "$folder"
# The user of a container must be able to read its file, and other users of this machine must not get to it.
chmod 700 "$folder"
cd "$folder"
umask 022

# 192 random bits, as letters that need no escape anywhere.
password() {
  if [ ! -s "$1" ]; then
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$1"
  fi
  cat "$1"
}

postgres=$(password postgres_password)
nats=$(password nats_password)
password grafana_password >/dev/null
# The same passwords in the forms that nomnom, NATS and PgBouncer read.
printf 'postgres:///nomnom?user=nomnom&password=%s\n' "$postgres" >database_url
printf 'authorization { user: nomnom, password: "%s" }\n' "$nats" >nats_authorization
printf '"nomnom" "%s"\n' "$postgres" >pgbouncer_users

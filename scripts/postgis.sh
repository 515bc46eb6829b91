#!/usr/bin/env bash
# A throw-away PostgreSQL with PostGIS for tests and benchmarks, on a private socket.
#   scripts/postgis.sh start DIRECTORY    creates it there, prints its URL
#   scripts/postgis.sh stop DIRECTORY     stops and deletes it
#   scripts/postgis.sh pause|resume DIRECTORY
# POSTGIS_OPTIONS are passed to the server.
set -euo pipefail
action=$1 directory=$2
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
programs=${programs:-$(dirname "$(command -v initdb)")}

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

start() {
  mkdir -p "$directory"
  chmod 700 "$directory"
  [ "$(id -u)" != 0 ] || chown postgres "$directory"
  as_owner "$programs/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 \
    --locale=C.UTF-8 --no-sync >/dev/null
  resume
  as_owner "$programs/createdb" -h "$directory" -U postgres atlas
  as_owner "$programs/psql" -h "$directory" -U postgres -d atlas -qc \
    "create extension postgis"
  echo "postgresql://postgres@/atlas?host=$directory"
}

resume() {
  as_owner "$programs/pg_ctl" -D "$directory/data" -l "$directory/data/log" -w -o \
    "-k $directory -c listen_addresses= -c fsync=off -c max_connections=200 ${POSTGIS_OPTIONS:-}" \
    start >/dev/null
}

pause() { as_owner "$programs/pg_ctl" -D "$directory/data" -m fast stop >/dev/null; }

stop() {
  as_owner "$programs/pg_ctl" -D "$directory/data" -m immediate stop >/dev/null || true
  rm -rf "$directory"
}

"$action"

# Shared by the scripts in this folder; sourced, never run. Callers have set -euo pipefail.
# shellcheck shell=bash

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$ROOT"

say() { printf '%s\n' "$@" >&2; }
die() { say "error: $*"; exit 1; }
loud() { printf '\n!!!\n' >&2; printf '!!! %s\n' "$@" >&2; printf '!!!\n' >&2; }

# rustup puts cargo where a plain shell does not look.
need_rust() {
    command -v cargo >/dev/null || PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
    command -v cargo >/dev/null || die "Rust is missing: see https://rustup.rs"
    command -v cc >/dev/null || die "a C compiler is missing: SQLite and libpq are built from source (apt-get install gcc libc6-dev)"
}

# ---- steps ----
# step NAME COMMAND...  runs one step of a script; its time is printed then and in `report`.
STEPS=()
step() {
    local name=$1 began=$SECONDS status=0
    shift
    say "" "==> $name"
    "$@" || status=$?
    local line
    printf -v line '%4d s  %-8s  %s' $((SECONDS - began)) "$([ $status = 0 ] && echo ok || echo FAILED)" "$name"
    STEPS+=("$line")
    say "$line"
    [ $status = 0 ] || { report; exit "$status"; }
}
skip() { STEPS+=("   - s  not run   $1"); }
report() { say "" "---- $(basename -- "$0"): $SECONDS s"; printf '%s\n' "${STEPS[@]}" >&2; }

# ---- a PostgreSQL of our own ----
# postgres_binary NAME  prints where it is: in PATH, else the newest below /usr/lib/postgresql.
postgres_binary() {
    command -v "$1" && return
    local dir
    for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
        [ -x "$dir/$1" ] && { echo "$dir/$1"; return; }
    done
    return 1
}

has_postgres() { postgres_binary initdb >/dev/null && postgres_binary pg_ctl >/dev/null; }

# Installs the server's programs if that needs no password. The package must not start a
# cluster of the system's own: one that it would have made is not wanted here.
install_postgres() {
    command -v apt-get >/dev/null || return 1
    local sudo=()
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 1
        sudo=(sudo -n)
    fi
    say "PostgreSQL is missing: installing it with apt-get"
    "${sudo[@]}" mkdir -p /etc/postgresql-common || return 1
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo 'create_main_cluster = false' | "${sudo[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
    "${sudo[@]}" apt-get update >&2 &&
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql >&2
}

# PostgreSQL refuses to run as root.
as_postgres_user() {
    if [ "$(id -u)" != 0 ]; then "$@"
    elif command -v runuser >/dev/null; then runuser -u "$PG_USER" -- "$@"
    else su -s /bin/sh "$PG_USER" -c "$(printf '%q ' "$@")"
    fi
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# Starts a private cluster in a temporary folder and sets TEST_POSTGRES_URL to it. It is
# stopped and removed when the script ends. Nothing in it outlives the script, so it never syncs.
start_postgres() {
    local initdb pg_ctl password port try
    initdb=$(postgres_binary initdb) pg_ctl=$(postgres_binary pg_ctl)
    PG_USER=nobody
    ! id postgres >/dev/null 2>&1 || PG_USER=postgres
    PG_DIR=$(mktemp -d "${TMPDIR:-/tmp}/campus-ops-pg.XXXXXX")
    trap stop_postgres EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    echo "$password" >"$PG_DIR/password"
    [ "$(id -u)" != 0 ] || chown -R "$PG_USER" "$PG_DIR"

    cd / # the other user may not be able to look into our folder
    as_postgres_user "$initdb" -D "$PG_DIR/data" -U campus --pwfile="$PG_DIR/password" \
        --auth=password --encoding=UTF8 --locale=C --no-sync >"$PG_DIR/initdb.log" 2>&1 ||
        { cat "$PG_DIR/initdb.log" >&2; die "initdb failed"; }
    for try in 1 2 3 4 5; do
        port=$(free_port)
        if as_postgres_user "$pg_ctl" -D "$PG_DIR/data" -l "$PG_DIR/log" -w -s -o "-p $port -k $PG_DIR \
            -c listen_addresses=127.0.0.1 -c max_connections=400 -c shared_buffers=128MB -c max_wal_size=2GB \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off" start; then
            break
        fi
        [ "$try" != 5 ] || { cat "$PG_DIR/log" >&2; die "PostgreSQL does not start"; }
    done
    cd -- "$ROOT"
    export TEST_POSTGRES_URL="postgres://campus:$password@127.0.0.1:$port/postgres"
    PG_CTL=$pg_ctl
}

stop_postgres() {
    local status=$?
    cd /
    [ -z "${PG_CTL:-}" ] || as_postgres_user "$PG_CTL" -D "$PG_DIR/data" -m immediate -w -s stop || true
    rm -rf -- "$PG_DIR"
    return "$status"
}

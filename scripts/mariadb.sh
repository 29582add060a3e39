# Starts a MariaDB for one script: in its own folder, on a free port, ended with
# the script. Sourced by scripts/test and scripts/bench; knows neither.
#
# It touches no other server, and can run at the same time as other copies of itself.

have() { command -v "$1" >/dev/null; }

complain() { printf '%s: %s\n' "$0" "$*" >&2; }

# Ends a process group that the script started, and waits for it.
end_group() {
  kill -TERM -- "-$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo; then sudo -n "$@"
  else return 1
  fi
}

# The Debian packages that a server of our own still needs.
missing_mariadb() {
  have mariadbd && have mariadb-install-db || echo mariadb-server-core
  have mariadb || echo mariadb-client-core
}

# Installs Debian packages, as far as possible: the caller checks the result.
install_packages() {
  local packages=$*
  echo "installing: $packages"
  # Another copy of this script may be installing: wait for its lock.
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600)
  as_root "${apt[@]}" update >/dev/null 2>&1 || true
  # Before Debian 12 the core packages have a version in their names; the server's brings a service, which we leave alone.
  apt-cache show mariadb-server-core >/dev/null 2>&1 || packages=${packages//-core/}
  as_root "${apt[@]}" install -y --no-install-recommends $packages >/dev/null || true
}

# mariadb_sql PORT STATEMENT
mariadb_sql() {
  mariadb --no-defaults --protocol=tcp --host=127.0.0.1 --port="$1" --user=root --batch --skip-column-names -e "$2"
}

# start_mariadb FOLDER [OPTION…]: starts a server whose files are in FOLDER,
# which must exist and be empty. It has the defaults, with durable commits, except
# for the OPTIONs. Sets mariadb_server, its process group, and mariadb_port.
start_mariadb() {
  local folder as=() guard=()
  folder=$(cd "$1" && pwd -P)
  shift
  [ "$(id -u)" != 0 ] || as=(--user=root)
  # If the script is killed, its server ends with it.
  ! have setpriv || guard=(setpriv --pdeathsig TERM)
  mariadb_server=
  mariadb-install-db --no-defaults "${as[@]}" --datadir="$folder/data" --auth-root-authentication-method=normal \
    --skip-test-db >"$folder/install.log" 2>&1 || { cat "$folder/install.log" >&2; return 1; }
  for _ in 1 2 3 4 5; do
    mariadb_port=$((RANDOM % 20000 + 12000))
    set -m
    "${guard[@]}" mariadbd --no-defaults "${as[@]}" --datadir="$folder/data" --tmpdir="$folder" \
      --bind-address=127.0.0.1 --port="$mariadb_port" --skip-networking=0 --socket= --pid-file="$folder/pid" \
      --skip-name-resolve --max-connections=1000 "$@" >"$folder/server.log" 2>&1 &
    mariadb_server=$!
    set +m
    # Waits while it runs: if the port is taken it ends at once, and the next port is tried.
    for _ in $(seq 600); do
      # Whether the server on this port is ours: it alone has this folder.
      if [ "$(mariadb_sql "$mariadb_port" 'SELECT @@datadir' 2>/dev/null)" = "$folder/data/" ]; then
        mariadb_sql "$mariadb_port" 'SELECT CONCAT("MariaDB ", @@version, " on port ", @@port)'
        return 0
      fi
      kill -0 "$mariadb_server" 2>/dev/null || break
      sleep 0.1
    done
    end_group "$mariadb_server"
    mariadb_server=
  done
  cat "$folder/server.log" >&2
  return 1
}

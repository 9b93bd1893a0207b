# Shared by the scripts beside it: where the checkout is, how a step speaks, what set-up does.
# Sourced by bash; every step looks first whether there is anything to do.

set -Eeuo pipefail
trap 'printf "setup: stopped at line %s of %s\n" "$LINENO" "${BASH_SOURCE[0]}" >&2' ERR
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"
export PIP_DISABLE_PIP_VERSION_CHECK=1

LOCAL_DIR="${LOCAL_DIR:-$ROOT/.local}"
VENV="$ROOT/.venv"
PYTHON="$VENV/bin/python"

say() { printf 'setup: %s\n' "$*"; }

# One line that says what is wrong and what helps, then the end.
fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# step NAME COMMAND...: run a step whose work is known to be needed, and say how long it took.
step() {
    local name="$1" began="$SECONDS" output
    shift
    say "$name ..."
    output="$(mktemp)"
    if ! "$@" >"$output" 2>&1; then
        tail -n 25 "$output" >&2
        rm -f "$output"
        fail "$name failed; the lines above say why."
    fi
    rm -f "$output"
    say "$name done ($((SECONDS - began)) s)"
}

# A stamp holds the hash of what a step was made from; the step is done while both agree.
hash_of() { cat -- "$@" 2>/dev/null | sha256sum | cut -d' ' -f1; }
is_stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
stamp() { printf '%s\n' "$2" >"$1"; }

uses_own_cluster() { [ -z "${DATABASE_URL:-}" ] && [ -z "${DATABASE_URL_FILE:-}" ]; }

# --- Room ---

# need_room FOLDER MEGABYTES
need_room() {
    local free
    mkdir -p "$1" 2>/dev/null || fail "Cannot write to $1: give the folder to $(id -un), or clone elsewhere."
    free="$(df -Pm "$1" | awk 'NR == 2 { print $4 }')"
    [ "$free" -ge "$2" ] || fail "Only $free MB are free where $1 lies, $2 MB are needed: make room or clone elsewhere."
}

# --- System packages ---

have_postgis() {
    local pattern
    for pattern in /usr/share/postgresql/*/extension /opt/homebrew/share/postgresql*/extension \
        /Applications/Postgres.app/Contents/Versions/latest/share/postgresql/extension; do
        [ -f "$pattern/postgis.control" ] && return 0
    done
    return 1
}

have_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

have_python() { python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The names of the Debian packages that are missing, one a line; the argument "tests" adds the browser's.
missing_packages() {
    have_python || echo python3
    # Debian's python3 comes without the part that makes environments.
    [ -x "$PYTHON" ] || python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    command -v msgfmt >/dev/null || echo gettext
    if uses_own_cluster; then have_postgis || echo postgis-for-postgresql; fi
    if [ "${1:-}" = tests ]; then
        have_chromium >/dev/null || echo chromium
        # Playwright's own Node wants a library that a bare Debian lacks.
        [ "$(uname)" != Linux ] || compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null || echo libatomic1
        [ -d /usr/share/fonts/truetype/dejavu ] || [ "$(uname)" != Linux ] || echo fonts-dejavu-core
    fi
}

# PostGIS is packaged for one version of PostgreSQL: the one that this release of Debian ships.
with_versions() {
    local name version
    while read -r name; do
        if [ "$name" = postgis-for-postgresql ]; then
            version="$(apt-cache depends postgresql 2>/dev/null | grep -o 'postgresql-[0-9]*' | head -n 1)"
            echo "${version:-postgresql-15}-postgis-3"
        else
            echo "$name"
        fi
    done
}

system_packages() {
    local missing names as_root=() install
    missing="$(missing_packages "${1:-}")"
    if [ -z "$missing" ]; then
        say "system packages are there"
        return
    fi
    command -v apt-get >/dev/null || fail "Missing: $(echo $missing); install them (the names are Debian's)."
    if [ "$(id -u)" -ne 0 ]; then
        names="$(with_versions <<<"$missing" | xargs)"
        install="apt-get update && apt-get install -y --no-install-recommends $names"
        command -v sudo >/dev/null || fail "System packages are missing and there is no sudo; run as root: $install"
        sudo -n true 2>/dev/null || [ -t 0 ] || fail "System packages are missing and sudo asks for a password; run as root: $install"
        as_root=(sudo)
    fi
    need_room /var/cache 1200
    step "list of system packages" "${as_root[@]}" apt-get update -q
    names="$(with_versions <<<"$missing" | xargs)"
    # shellcheck disable=SC2086
    step "system packages ($names)" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends $names
    missing="$(missing_packages "${1:-}" | xargs)"
    [ -z "$missing" ] || fail "Still missing after their installation: $missing."
}

# --- Python ---

make_environment() {
    # An environment whose Python has gone (another machine, an upgrade) is made anew.
    "$PYTHON" -c '' 2>/dev/null || python3 -m venv --clear "$VENV"
    # What a set --find-links would offer must not stand in for what the lock names.
    PIP_FIND_LINKS="" "$PYTHON" -m pip install -q --require-hashes -r requirements.lock
}

python_environment() {
    local wanted
    wanted="$(hash_of requirements.lock) $(python3 -c 'import sys; print(sys.version_info[:2])')"
    if is_stamped "$VENV/stamp" "$wanted" && "$PYTHON" -c '' 2>/dev/null; then
        say "Python environment is there"
        return
    fi
    need_room "$ROOT" 900
    step "Python environment" make_environment
    stamp "$VENV/stamp" "$wanted"
}

# --- Front-end libraries ---

have_node() { command -v npm >/dev/null && node -e 'process.exit(+process.versions.node.split(".")[0] < 18)' 2>/dev/null; }

install_libraries() {
    local npm=npm
    if ! have_node; then
        PIP_FIND_LINKS="" "$PYTHON" -m pip install -q --require-hashes -r requirements-node.lock
        npm="$VENV/bin/npm"
    fi
    PATH="$PATH:$VENV/bin" "$npm" ci --no-audit --no-fund
    copy_served_files
}

# Only the files that pages ask for; the packages hold far more.
copy_served_files() {
    local vendor="$ROOT/portal/static/vendor" font=be-vietnam-pro weight subset
    rm -rf "$vendor"
    mkdir -p "$vendor/$font"
    cp "node_modules/@fontsource/$font/LICENSE" "$vendor/$font/"
    for weight in 400 600 700; do
        for subset in latin latin-ext vietnamese; do
            cp "node_modules/@fontsource/$font/files/$font-$subset-$weight-normal.woff2" "$vendor/$font/"
        done
    done
    # The map asks for its worker beside itself; both are modules, so no policy has to be widened.
    mkdir -p "$vendor/maplibre-gl"
    cp node_modules/maplibre-gl/LICENSE.txt node_modules/maplibre-gl/dist/maplibre-gl.css \
        node_modules/maplibre-gl/dist/maplibre-gl.mjs node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs \
        "$vendor/maplibre-gl/"
}

front_end_libraries() {
    local wanted
    wanted="$(hash_of package-lock.json script/lib.sh)"
    if is_stamped node_modules/.stamp "$wanted" && [ -d portal/static/vendor ]; then
        say "front-end libraries are there"
        return
    fi
    step "front-end libraries" install_libraries
    stamp node_modules/.stamp "$wanted"
}

# --- Translations and static files ---

translations() {
    local po made=0
    while IFS= read -r po; do
        [ "${po%.po}.mo" -nt "$po" ] && continue
        msgfmt --check-format -o "${po%.po}.mo" "$po" || fail "$po cannot be compiled; the line above says where."
        made=$((made + 1))
    done < <(find planning portal -path '*/locale/*/LC_MESSAGES/*.po')
    if [ "$made" -gt 0 ]; then say "translations compiled ($made)"; else say "translations are there"; fi
}

static_files() {
    local wanted
    wanted="$( (find planning portal -path '*/static/*' -type f -print0 | LC_ALL=C sort -z | xargs -r0 sha256sum; cat requirements.lock) | sha256sum)"
    if is_stamped "$LOCAL_DIR/static.stamp" "$wanted" && [ -d "$LOCAL_DIR/static" ]; then
        say "static files are there"
        return
    fi
    step "static files" "$PYTHON" manage.py collectstatic --noinput --clear --verbosity 0
    stamp "$LOCAL_DIR/static.stamp" "$wanted"
}

# --- All of it ---

# set_up [tests]: everything but the database. One at a time, should two be started at once.
set_up() {
    need_room "$LOCAL_DIR" 300
    exec 9>"$LOCAL_DIR/setup.lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        say "waiting for another set-up of this checkout"
        flock 9
    fi
    system_packages "${1:-}"
    python_environment
    front_end_libraries
    translations
    static_files
    exec 9>&-
}

#!/bin/sh
# Puts what package-lock.json names into node_modules, the pinned Node included; does nothing when it is there already.
# Speaks only when something is wrong. CUTOVER_INSTALL_SAYS is one line to print before a real installation.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root"
stamp=node_modules/.installed-from

fail() {
  printf 'cutover: %s\n' "$1" >&2
  exit 1
}

installed() {
  [ -x node_modules/.bin/node ] && cmp -s package-lock.json "$stamp"
}

# Someone may have run npm by hand: what npm recorded in node_modules then says the same as the lock file.
same_as_lock() {
  [ -f node_modules/.package-lock.json ] && node_modules/.bin/node -e '
    const read = (file) => JSON.parse(require("fs").readFileSync(file, "utf8")).packages
    const wanted = read("package-lock.json"), actual = read("node_modules/.package-lock.json")
    const names = Object.keys(wanted).filter((name) => name !== "" && (actual[name] || !(wanted[name].optional || wanted[name].devOptional)))
    const same = names.every((name) => actual[name] && actual[name].version === wanted[name].version)
    process.exit(same && Object.keys(actual).every((name) => wanted[name]) ? 0 : 1)
  ' 2>/dev/null
}

installed && exit 0

command -v node >/dev/null 2>&1 || fail 'Node.js is missing. Install Node.js 20 or newer with npm, then run this again.'
command -v npm >/dev/null 2>&1 || fail 'npm is missing. Install npm (it comes with Node.js 20 and newer), then run this again.'
found=$(node -p process.versions.node 2>/dev/null) || fail 'Node.js does not run on this machine. Install Node.js 20 or newer with npm, then run this again.'
[ "${found%%.*}" -ge 20 ] || fail "Node.js $found is too old. Install Node.js 20 or newer with npm, then run this again."
# An empty HOME makes npm write into a folder called "~" here; without one it looks up the user's.
[ -n "${HOME-unset}" ] || unset HOME
npm_found=$(npm --version 2>/dev/null) || fail 'npm does not run on this machine. Install Node.js 20 or newer with npm, then run this again.'
[ "${npm_found%%.*}" -ge 8 ] || fail "npm $npm_found is too old. Install npm 8 or newer (it comes with Node.js 20), then run this again."
[ -w . ] || fail "no permission to write in $root. Run this as its owner, or clone the repository again as yourself."

# Two at the same time: the second waits, then finds everything there. The lock goes when the last process that holds it ends.
exec 9<scripts/install.sh
if command -v flock >/dev/null 2>&1; then flock 9 2>/dev/null || true; fi
installed && exit 0

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

record() {
  cp package-lock.json "$scratch/stamp"
  mv "$scratch/stamp" "$stamp"
}

if [ -x node_modules/.bin/node ] && same_as_lock; then
  record
  exit 0
fi

[ -z "${CUTOVER_INSTALL_SAYS:-}" ] || printf '%s\n' "$CUTOVER_INSTALL_SAYS" >&2

# npm stops when it cannot write its cache, as for a user whose home folder does not exist.
cache=$(npm config get cache 2>/dev/null) || cache=
if [ -z "$cache" ] || ! mkdir -p "$cache" 2>/dev/null || [ ! -w "$cache" ]; then
  npm_config_cache=$scratch/cache
  export npm_config_cache
fi

run_npm() {
  npm "$@" >"$scratch/npm.log" 2>&1 </dev/null && return 0
  printf 'cutover: npm %s failed:\n' "$1" >&2
  grep -v '^npm warn' "$scratch/npm.log" | head -n 12 >&2
  fail "could not install what cutover needs. Check that this machine reaches the npm registry (npm ping) and has 500 MB free in $root, then run this again."
}

run_npm ci --include=dev --no-audit --no-fund

# The package "node" fetches its binary in an install script; where npm runs none, its platform package is asked for by name.
pinned=$(node -p 'require("./package.json").devDependencies.node')
if [ "$(node_modules/.bin/node -p process.versions.node 2>/dev/null)" != "$pinned" ]; then
  platform=$(node -p '(process.platform === "darwin" && process.arch === "arm64" ? "node-bin-" : "node-") + process.platform + "-" + process.arch')
  run_npm install --prefix "$scratch/node" --no-save --ignore-scripts --no-audit --no-fund "$platform@$pinned"
  mkdir -p node_modules/node/bin node_modules/.bin
  mv "$scratch/node/node_modules/$platform/bin/node" node_modules/node/bin/node
  ln -sf ../node/bin/node node_modules/.bin/node
fi
[ "$(node_modules/.bin/node -p process.versions.node 2>/dev/null)" = "$pinned" ] ||
  fail "Node.js $pinned does not run on this machine ($(uname -sm)). It needs a 64-bit Linux with glibc 2.28 or newer, or macOS."
record

#!/bin/sh
# build.sh WEB OUT: installs what WEB/package-lock.json names, if that has not been done, and builds the web inbox into OUT;
# OUT "check": runs its checks instead.
# Two builds may want that at the same moment: one waits for the other.
set -eu
web=$1 out=$2
cd "$web"
exec 9>.install.lock
flock 9
want=$(sha256sum <package-lock.json)
if [ "$(cat node_modules/.installed 2>/dev/null || true)" != "$want" ]; then
  npm ci --no-audit --no-fund --prefer-offline --loglevel=error
  echo "$want" >node_modules/.installed
fi
if [ "$out" = check ]; then exec npm run --silent check; fi
rm -rf "$out"
HANDOFF_INBOX_OUT=$out npm run --silent build -- --outDir "$out" --emptyOutDir false --logLevel warn
[ -f "$out/index.html" ] || { echo "the build of $web left no index.html in $out" >&2; exit 1; }

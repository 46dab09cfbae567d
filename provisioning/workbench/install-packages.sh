#!/bin/sh
# Installs the Debian packages that are named as arguments and not there yet; with sudo where not root.
set -eu
missing=""
for package in "$@"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "Debian packages to install:$missing"
as_root=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Install them as root:  apt-get install$missing" >&2; exit 1; }
    as_root=sudo
fi
$as_root apt-get update -q
# shellcheck disable=SC2086  # a list of names
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing

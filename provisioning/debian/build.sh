#!/bin/sh
# build.sh OUT [VERSION]: the Debian package from this checkout and its built collection, into OUT. The same input
# gives the same bytes. Without VERSION it is the project's own.
set -eu
out=$(realpath -m "$1")
root=$(realpath "$(dirname "$0")/../..")
collection=$root/build/collection
[ -f "$collection/collection.json" ] || { echo "$collection is missing: run \`make collection\` first" >&2; exit 1; }
version=${2:-$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/pyproject.toml")}
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH
tree=$out/source
rm -rf "$tree"
mkdir -p "$tree"
(cd "$root" && git ls-files -z kiosk catalogue firmware_bridge dashboard systemd provisioning docs | xargs -0 cp --parents -t "$tree")
mv "$tree/provisioning/debian" "$tree/debian"
cp -a "$collection" "$tree/collection"
cat >"$tree/debian/changelog" <<END
maakhoek ($version) unstable; urgency=medium

  * Built from $(git -C "$root" rev-parse --short HEAD).

 -- Maakhoek <maintainers@maakhoek.example>  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END
(cd "$tree" && dpkg-buildpackage -b -us -uc -tc >"$out/build.log" 2>&1) || { tail -30 "$out/build.log" >&2; exit 1; }
rm -rf "$tree"
ls "$out"/*.deb

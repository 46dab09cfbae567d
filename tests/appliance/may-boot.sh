#!/bin/sh
# Exit code 0 where this machine lets tests/appliance boot systems; else 1, and what is missing, a line each.
# Containers of CI often forbid some of it. The last one is the proof: systemd boots under nspawn, and powers off.
set -u
lacks=0
lack() { echo "$1"; lacks=1; }
try() { "$@" >/dev/null 2>&1; }

[ "$(id -u)" = 0 ] || { echo "root: this is $(id -un)"; exit 1; }
"$(dirname "$0")/../../provisioning/workbench/install-packages.sh" systemd-container iproute2 >&2 || exit 1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/lower" "$folder/memory"

try unshare --mount --pid --fork --net --ipc --uts true || lack "namespaces: unshare is refused"
try unshare --mount sh -ec "mount -t tmpfs memory '$folder/memory'; mkdir '$folder/memory/upper' '$folder/memory/work'
    mount -t overlay -o 'lowerdir=$folder/lower,upperdir=$folder/memory/upper,workdir=$folder/memory/work' o '$folder/lower'" ||
    lack "mounts: a tmpfs with an overlay on it is refused"
try mknod "$folder/null" c 1 3 || lack "device nodes: mknod is refused"
try unshare --net ip link add wire type veth peer name other || lack "a virtual network cable (veth) is refused"
try cat /proc/pressure/cpu || lack "/proc/pressure/cpu: the kernel does not tell how long tasks wait for a processor"
timeout 120 systemd-nspawn -q -D / --volatile=yes --register=no --keep-unit --private-network --resolv-conf=off \
    --timezone=off --link-journal=no --console=read-only --boot systemd.unit=poweroff.target \
    </dev/null >"$folder/console" 2>&1 || {
    lack "systemd-nspawn does not boot; its last words:"
    tail -n 3 "$folder/console" | sed 's/^/    /'
}
exit "$lacks"

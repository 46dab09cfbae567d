#!/bin/sh
# In the guest, on the host's files: Debian's own udev with the project's rules, the disk, then the agent that the
# kernel's command line names, on the second port.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run PYTHONDONTWRITEBYTECODE=1 PATIENCE=10
root=$(cd "$(dirname "$0")/../../.." && pwd)
agent=$(sed -n 's/.*maakhoek.agent=\([a-z]*\).*/\1/p' /proc/cmdline)
mkdir -p /run/udev/rules.d /run/disk /run/printer
cp "$root"/systemd/udev/*.rules /run/udev/rules.d/
/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle
[ ! -b /dev/vda ] || mount -t ext4 /dev/vda /run/disk || exit 1
cd "$root" || exit 1
PYTHONPATH=$root:$root/tests exec "$root/.venv/bin/python" "$root/tests/slow/guest/$agent.py" /dev/ttyS1

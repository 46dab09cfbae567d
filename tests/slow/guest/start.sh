#!/bin/sh
# In the guest, on the host's files: Debian's own udev with the project's rules, then the agent on the second port.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run PYTHONDONTWRITEBYTECODE=1
root=$(cd "$(dirname "$0")/../../.." && pwd)
mkdir -p /run/udev/rules.d
cp "$root"/systemd/udev/*.rules /run/udev/rules.d/
/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle
cd "$root" || exit 1
PYTHONPATH=$root:$root/tests exec "$root/.venv/bin/python" "$root/tests/slow/guest/agent.py" /dev/ttyS1

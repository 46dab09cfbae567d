"""A virtual machine with the appliance itself: Debian's kernel, its systemd, the units as shipped."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.guest import BOOT_S, Guest, booted

KEYBOARD = "/dev/input/by-id/usb-*-event-kbd"
HEARD = f"""rm -f /run/guest/keys
for keyboard in {KEYBOARD}; do cat <$keyboard >/run/guest/keys 2>/dev/null & done
until [ -e /run/guest/keys ]; do sleep 1; done"""
"""What arrives is kept; the keyboard is open before the file is there."""
KEY_BYTES = 2 * 3 * 24
"""Down and up are three events each."""
PROMPTS = "systemctl list-jobs --no-legend '*.target'; systemctl list-units --no-legend -q 'getty@*' 'autovt@*'"
"""What a key may set going: the machine's end, a login prompt."""


class SystemGuest(Guest):
    """A shell in it, as root, its bridge, and its USB port."""

    def run(self, command: str) -> str:
        """Its output. AssertionError where it failed."""
        return str(self.do("run", timeout_s=BOOT_S, command=command))

    def until(self, condition: str) -> None:
        """Wait for that command to succeed."""
        self.run(f"until {condition}; do sleep 1; done")

    def write(self, path: str, text: str) -> None:
        """A file in it."""
        self.do("write", timeout_s=BOOT_S, path=path, text=text)

    def call(self, method: str, **params: Any) -> Any:
        """What its bridge answers."""
        return self.do("call", timeout_s=BOOT_S, method=method, **params)

    @contextmanager
    def plugged(self, driver: str, **properties: Any) -> Iterator[None]:
        """That device of QEMU's is in the USB port."""
        self.plug(driver, "plugged", **properties)
        try:
            yield
        finally:
            self.unplug("plugged")

    @contextmanager
    def stick(self, image: Path) -> Iterator[None]:
        """A USB stick with that content is in the port."""
        name = image.name
        assert not self.command("blockdev-add", driver="file", **{"node-name": name, "filename": str(image)})
        with self.plugged("usb-storage", drive=name):
            yield
        self.until("! test -e /dev/sda")

    def press(self, *combinations: tuple[str, ...]) -> None:
        """Keys of QEMU's names, on a USB keyboard that is plugged in for them, until the last has arrived."""
        with self.plugged("usb-kbd"):
            self.until(f"[ -e {KEYBOARD} ]")
            self.run(HEARD)
            arrived = 0
            for keys in combinations:
                pressed = [{"type": "qcode", "data": key} for key in keys]
                assert not self.command("send-key", keys=pressed)
                arrived += len(keys) * KEY_BYTES
                self.until(f"[ $(stat -c %s /run/guest/keys) -ge {arrived} ]")


@contextmanager
def system_guest(folder: Path, root: Path, *devices: str | Path) -> Iterator[SystemGuest]:
    """Booted from `root`; what it writes is gone with it, unless `devices` have a disk. Its clock counts
    instructions: a machine that is busy otherwise makes it slow, and no watchdog in it bites for that."""
    usual = ("-icount", "shift=0", "-device", "qemu-xhci,id=usb", "-device", "virtio-gpu-pci")
    with booted(SystemGuest, folder, "system", *usual, *devices, root=root) as guest:
        yield guest

"""A virtual machine with the appliance itself: Debian's kernel, its systemd, the units as shipped."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.guest import BOOT_S, Guest, booted


class SystemGuest(Guest):
    """A shell in it, as root."""

    def run(self, command: str) -> str:
        """Its output. AssertionError where it failed."""
        return str(self.do("run", timeout_s=BOOT_S, command=command))

    def until(self, condition: str) -> None:
        """Wait for that command to succeed."""
        self.run(f"until {condition}; do sleep 0.2; done")

    def write(self, path: str, text: str) -> None:
        """A file in it."""
        self.do("write", timeout_s=BOOT_S, path=path, text=text)


@contextmanager
def system_guest(folder: Path, root: Path, *devices: str | Path) -> Iterator[SystemGuest]:
    """Booted from `root`; what it writes is gone with it. Its clock counts instructions: a machine that is busy
    otherwise makes it slow, and no watchdog in it bites for that."""
    counted = ("-icount", "shift=1")
    with booted(SystemGuest, folder, "system", *counted, *devices, root=root) as guest:
        yield guest

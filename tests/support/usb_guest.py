"""A virtual machine with an emulated USB serial adapter (FTDI), whose other end is a device of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.guest import Guest, booted


class UsbGuest(Guest):
    """Adapters go in and out."""

    def plug_adapter(self, chardev: str, name: str, serial: str) -> None:
        """Into the guest's USB port; `chardev` is behind it."""
        self.plug("usb-serial", name, chardev=chardev, serial=serial)


@contextmanager
def usb_guest(folder: Path, device: Path) -> Iterator[UsbGuest]:
    """Booted; `device` is the chardev `printer`, `other` leads nowhere; nothing is plugged in yet."""
    with booted(
        UsbGuest,
        folder,
        "usb",
        *("-device", "qemu-xhci,id=usb", "-chardev", f"serial,id=printer,path={device}"),
        *("-chardev", "file,id=other,path=/dev/null"),
    ) as guest:
        yield guest

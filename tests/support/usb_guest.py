"""A virtual machine with an emulated USB serial adapter (FTDI), whose other end is a device of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.guest import Guest, booted
from support.waiting import until


class UsbGuest(Guest):
    """Adapters go in and out."""

    def plug(self, chardev: str, name: str, serial: str) -> None:
        """An adapter into the guest's USB port; `chardev`, behind it, is free a moment after an unplugging."""
        adapter = {"driver": "usb-serial", "chardev": chardev, "id": name, "serial": serial, "bus": "usb.0"}

        def plugged() -> bool:
            refusal = self.command("device_add", **adapter)
            assert not refusal or "in use" in refusal or "Duplicate" in refusal, refusal
            return not refusal

        until(plugged, what="the adapter is plugged in")

    def unplug(self, name: str) -> None:
        """Out of it."""
        refusal = self.command("device_del", id=name)
        assert not refusal, refusal


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

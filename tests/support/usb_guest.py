"""A virtual machine with an emulated USB serial adapter (FTDI), whose other end is a device of this machine."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.programs import running
from support.waiting import until

BUILT = Path(__file__).parents[2] / "build" / "slow"
"""What `make slow-guest` builds."""
BOOT_S = 180.0
"""The processor is emulated."""


class JsonLines:
    """A UNIX socket on which each line is an object."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._pending = b""

    def write(self, message: dict[str, Any]) -> None:
        self._socket.sendall(json.dumps(message).encode() + b"\n")

    def read(self, timeout_s: float) -> dict[str, Any] | None:
        """The next object, None where none comes in time; what is none (a boot message) is passed over."""
        deadline = time.monotonic() + timeout_s
        while True:
            line, found, rest = self._pending.partition(b"\n")
            if found:
                self._pending = rest
                if line.startswith(b"{"):
                    message: dict[str, Any] = json.loads(line)
                    return message
                continue
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self._socket.recv(65_536)
            except TimeoutError:
                return None
            assert data, "the virtual machine is gone"
            self._pending += data


@dataclass
class UsbGuest:
    """`events`: what the machine in the guest has told so far, as (type, text)."""

    folder: Path
    process: subprocess.Popen[bytes]
    agent: JsonLines
    qmp: JsonLines
    events: list[tuple[str, str]] = field(default_factory=list)

    def do(self, action: str, timeout_s: float = 60.0, **arguments: Any) -> Any:
        """Ask the agent; its answer. AssertionError where it failed."""
        self.agent.write({"do": action, **arguments})
        return self._answer(timeout_s)

    def wait_for(self, event: str, timeout_s: float = 90.0) -> str:
        """The text of the next event of that type; those before it are forgotten."""
        deadline = time.monotonic() + timeout_s
        while True:
            while self.events:
                kind, text = self.events.pop(0)
                if kind == event:
                    return text
            left = deadline - time.monotonic()
            assert left > 0, f"no {event} within {timeout_s:g} s; see {self.folder / 'console'}"
            self._hear(left)

    def plug(self, chardev: str, name: str, serial: str) -> None:
        """An adapter into the guest's USB port; `chardev`, behind it, is free a moment after an unplugging."""
        adapter = {"driver": "usb-serial", "chardev": chardev, "id": name, "serial": serial, "bus": "usb.0"}

        def plugged() -> bool:
            refusal = self._command("device_add", **adapter)
            assert not refusal or "in use" in refusal or "Duplicate" in refusal, refusal
            return not refusal

        until(plugged, what="the adapter is plugged in")

    def unplug(self, name: str) -> None:
        """Out of it."""
        refusal = self._command("device_del", id=name)
        assert not refusal, refusal

    def _answer(self, timeout_s: float) -> Any:
        deadline = time.monotonic() + timeout_s
        while True:
            left = deadline - time.monotonic()
            assert left > 0, f"no answer within {timeout_s:g} s; see {self.folder / 'console'}"
            message = self._hear(left)
            if message is not None:
                assert "error" not in message, message["error"]
                return message["answer"]

    def _hear(self, timeout_s: float) -> dict[str, Any] | None:
        message = self.agent.read(timeout_s)
        if message is not None and "event" in message:
            self.events.append((message["event"], message["text"]))
            return None
        return message

    def _command(self, execute: str, **arguments: Any) -> str:
        """Why it is refused, "" where it is done."""
        self.qmp.write({"execute": execute, "arguments": arguments})
        while True:
            message = self.qmp.read(30.0)
            assert message is not None, f"{execute}: no answer"
            if "error" in message:
                return str(message["error"]["desc"])
            if "return" in message:
                return ""


@contextmanager
def usb_guest(folder: Path, device: Path) -> Iterator[UsbGuest]:
    """Booted; `device` is the chardev `printer`, `other` leads nowhere; nothing is plugged in yet."""
    console, agent, qmp = (folder / name for name in ("console", "agent", "qmp"))
    # The processor is emulated: KVM is not everywhere, and where it is nested it does not always work.
    command: list[str | Path] = ["qemu-system-x86_64", "-M", "q35,accel=tcg", "-cpu", "max", "-m", "512"]
    command += [
        "-nodefaults",
        "-nographic",
        "-no-reboot",
        "-kernel",
        BUILT / "vmlinuz",
        "-initrd",
        BUILT / "initrd",
    ]
    command += ["-append", "console=ttyS0 quiet panic=-1", "-serial", f"file:{console}"]
    command += ["-chardev", f"socket,id=agent,path={agent},server=on,wait=off", "-serial", "chardev:agent"]
    command += ["-qmp", f"unix:{qmp},server=on,wait=off", "-device", "qemu-xhci,id=usb"]
    command += ["-chardev", f"serial,id=printer,path={device}", "-chardev", "file,id=other,path=/dev/null"]
    command += ["-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap"]
    command += ["-device", "virtio-9p-pci,fsdev=host,mount_tag=host"]
    with running(command, folder / "qemu.out") as process:
        until(lambda: agent.exists() and qmp.exists(), what="QEMU")
        guest = UsbGuest(folder, process, JsonLines(agent), JsonLines(qmp))
        guest._command("qmp_capabilities")
        assert guest._answer(BOOT_S) == "ready"
        yield guest

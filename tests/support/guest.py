"""A virtual machine on this machine's own files; an agent in it (tests/slow/guest) does what a test asks."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from support.programs import running
from support.waiting import until

BUILT = Path(__file__).parents[2] / "build" / "slow"
"""What tests/slow/guest/build.sh makes."""
KERNEL = "console=ttyS0 quiet panic=-1 no_timer_check net.ifnames=0 mitigations=off"
"""A busy machine may be late with an emulated timer's interrupts: the kernel is not to give up for it. Against
attacks on a processor an emulated one needs no defence, which is slow."""
BOOT_S = 3600.0
"""The processor is emulated, and this machine may have other things to do: alone, half a minute."""

HOST = "10.0.2.2"
"""QEMU's name for this machine, in the guest."""


class JsonLines:
    """A UNIX socket on which each line is an object, once somebody listens there."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        until(lambda: self._connects(path), what=f"a listener on {path}")
        self._pending = b""

    def _connects(self, path: Path) -> bool:
        return self._socket.connect_ex(str(path)) == 0

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
class Guest:
    """`events`: what the agent in the guest has told so far by itself, as (kind, text)."""

    folder: Path
    process: subprocess.Popen[bytes]
    agent: JsonLines
    qmp: JsonLines
    events: list[tuple[str, str]] = field(default_factory=list)

    def do(self, action: str, timeout_s: float = 60.0, **arguments: Any) -> Any:
        """Ask the agent; its answer. AssertionError where it failed."""
        self.agent.write({"do": action, **arguments})
        return self.answer(timeout_s)

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
            self.hear(left)

    def answer(self, timeout_s: float) -> Any:
        deadline = time.monotonic() + timeout_s
        while True:
            left = deadline - time.monotonic()
            assert left > 0, f"no answer within {timeout_s:g} s; see {self.folder / 'console'}"
            message = self.hear(left)
            if message is not None:
                assert "error" not in message, message["error"]
                return message["answer"]

    def hear(self, timeout_s: float) -> dict[str, Any] | None:
        message = self.agent.read(timeout_s)
        if message is not None and "event" in message:
            self.events.append((message["event"], message["text"]))
            return None
        return message

    def command(self, execute: str, **arguments: Any) -> str:
        """Why it is refused, "" where it is done."""
        self.qmp.write({"execute": execute, "arguments": arguments})
        while True:
            message = self.qmp.read(30.0)
            assert message is not None, f"{execute}: no answer"
            if "error" in message:
                return str(message["error"]["desc"])
            if "return" in message:
                return ""

    def plug(self, driver: str, name: str, **properties: Any) -> None:
        """That device of QEMU's into the guest's USB port. A name, and what is behind it, are free a moment after
        an unplugging."""

        def is_plugged() -> bool:
            refusal = self.command("device_add", driver=driver, id=name, bus="usb.0", **properties)
            assert not refusal or "in use" in refusal or "Duplicate" in refusal, refusal
            return not refusal

        until(is_plugged, what=f"{name} is plugged in")

    def unplug(self, name: str) -> None:
        """Out of it."""
        refusal = self.command("device_del", id=name)
        assert not refusal, refusal


G = TypeVar("G", bound=Guest)


@contextmanager
def booted(kind: type[G], folder: Path, agent: str, *devices: str | Path, root: Path | None = None) -> Iterator[G]:
    """The agent (a file of tests/slow/guest) is ready, on this machine's own files, or as a unit of the Debian in
    `root`. `devices`: more arguments for QEMU."""
    folder.mkdir(exist_ok=True)
    words = f"{KERNEL} maakhoek.agent={agent}" + (f" maakhoek.root={root}" if root else "")
    console, line, qmp = (folder / name for name in ("console", "agent", "qmp"))
    command: list[str | Path] = [
        # The processor is emulated: KVM is not everywhere, and where it is nested it does not always work.
        *("qemu-system-x86_64", "-M", "q35,accel=tcg", "-cpu", "max", "-m", "1024"),
        *("-nodefaults", "-nographic", "-kernel", BUILT / "vmlinuz", "-initrd", BUILT / "initrd"),
        *("-append", words, "-serial", f"file:{console}"),
        *("-chardev", f"socket,id=agent,path={line},server=on,wait=off", "-serial", "chardev:agent"),
        *("-qmp", f"unix:{qmp},server=on,wait=off"),
        *("-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap"),
        *("-device", "virtio-9p-pci,fsdev=host,mount_tag=host", *devices),
    ]
    with running(command, folder / "qemu.out") as process:
        guest = kind(folder, process, JsonLines(line), JsonLines(qmp))
        guest.command("qmp_capabilities")
        assert guest.answer(BOOT_S) == "ready"
        yield guest

"""The pure link on a wire that says exactly what a test wants, with a clock that only moves when it is told to."""

from firmware_bridge.link.opening import TRUST_BYTES
from firmware_bridge.link.window import Limits, Link
from firmware_bridge.profile import Dialect

LIMITS = Limits(bytes=127, lines=4)
LONG = b"G1 X100.12345 Y100.12345 Z100.12345 E100.12345 F1234.5678"
TRUST_LINES = TRUST_BYTES // (len(b"N*1\n1") + len(LONG))
"""After so many long lines the wire is trusted at the latest."""
FENCE_OK = "ok T:20.0 /0.0 B:20.0 /0.0"


def number_of(line: bytes) -> int:
    return int(line.lstrip(b"N").partition(b"G")[0].partition(b"M")[0])


class Wire:
    """To a firmware that numbers and checks; the greeting is over."""

    def __init__(self, dialect: Dialect = Dialect.PRUSA, limits: Limits = LIMITS, erases: bool = True) -> None:
        self.now = 100.0
        self.link = Link(dialect, limits)
        self.link.hello(self.now)
        assert self.sent() == [b"", b"N0 M110 N0*125"]
        self.hear("ok")
        assert self.link.synced
        if dialect is Dialect.MARLIN:
            assert self.sent() == [b"?\x08N1M105*6"]
            if erases:
                self.hear(FENCE_OK)
            else:
                self.hear('echo:Unknown command: "?\x08N1M105*6"', "ok")
                self.pass_time(0.1)
                assert self.sent() == [b"N1M105*6"]
                self.hear(FENCE_OK)

    def hear(self, *lines: str) -> None:
        self.link.receive("".join(line + "\n" for line in lines).encode(), self.now)

    def pass_time(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            self.now = min(until, self.now + 0.01)
            self.link.tick(self.now)

    def sent(self) -> list[bytes]:
        return self.link.outgoing().split(b"\n")[:-1]

    def send(self, command: bytes) -> bytes:
        assert self.link.may_send(command)
        self.link.send(command, self.now)
        return self.sent()[-1]

    def raw(self) -> bytes:
        return self.link.outgoing()

    def calm(self, lines: int, command: bytes = LONG) -> None:
        for _ in range(lines):
            self.send(command)
            self.hear("ok")
            if b"M105" in self.raw():
                self.hear(FENCE_OK)

    def open_window(self, lines: int = 200) -> None:
        self.calm(lines)
        assert self.link.window == LIMITS.lines

    def fill(self, command: bytes = b"G1 X1") -> list[bytes]:
        lines = []
        while self.link.may_send(command):
            lines.append(self.send(command))
        return lines


class Plain:
    """To a firmware without numbers."""

    def __init__(self) -> None:
        self.now = 100.0
        self.link = Link(Dialect.KLIPPER, LIMITS)
        self.link.hello(self.now)
        assert self.link.outgoing() == b"M110 N0\n"
        self.link.receive(b"ok\n", self.now)

    def send(self, command: bytes) -> bytes:
        self.link.send(command, self.now)
        return self.link.outgoing()

    def hear(self, line: bytes) -> None:
        self.link.receive(line + b"\n", self.now)

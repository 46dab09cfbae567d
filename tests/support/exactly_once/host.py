"""The host under test: the bridge's pure link, and above it no more than what ends a job."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from firmware_bridge.link.dialects import is_unbounded
from firmware_bridge.link.replies import ColdExtrusion, Fatal, Refused, Started
from firmware_bridge.link.sending import Limits
from firmware_bridge.link.window import Link
from firmware_bridge.profile import Dialect
from support.exactly_once.firmwares import Kind

DIALECTS: Final = {
    Kind.MARLIN_11: Dialect.MARLIN,
    Kind.MARLIN_208: Dialect.MARLIN,
    Kind.MARLIN_21: Dialect.MARLIN,
    Kind.PRUSA: Dialect.PRUSA,
    Kind.REPETIER: Dialect.REPETIER,
    Kind.SMOOTHIE: Dialect.SMOOTHIE,
    Kind.REPRAPFIRMWARE: Dialect.REPRAPFIRMWARE,
    Kind.KLIPPER: Dialect.KLIPPER,
}
HELLO_EVERY_S: Final = 0.5


class Host:
    """Bytes and time in, bytes out, until every line of the file is surely done or the job has failed.

    It calls the link as the bridge's loop does: the short way for plain oks first.
    """

    def __init__(self, kind: Kind, limits: Limits) -> None:
        self.link = Link(DIALECTS[kind], limits)
        self.numbers: dict[int, str] = {}
        self.file: list[str] = []
        self.sent = 0
        self.reason = ""
        self.is_resting = False
        self._lines: deque[bytes] = deque()
        self._greeted_at = -HELLO_EVERY_S
        self._last: int | None = None

    def extend(self, commands: Sequence[str]) -> None:
        """More lines of the file."""
        self.file += commands
        self._lines.extend(command.encode() for command in commands)

    @property
    def is_synced(self) -> bool:
        """The greeting was answered."""
        return self.link.synced

    @property
    def has_sent_all(self) -> bool:
        """Each line has gone out once."""
        return not self._lines

    def receive(self, data: bytes, now: float) -> None:
        """What the wire brought. What ends a job, as the machine above the link has it, ends it here."""
        if self.link.take_oks(data, now):
            self._send(now)
            return
        for reply in self.link.receive(data, now):
            if isinstance(reply, Fatal | Refused):
                self._stop(reply.text)
            elif isinstance(reply, ColdExtrusion):
                self._stop("cold extrusion prevented")
            elif isinstance(reply, Started) and self.link.synced:
                self._stop("the printer has restarted")

    def _stop(self, reason: str) -> None:
        self.reason = self.reason or reason
        self.link.stop()

    def run(self, now: float, ends: bool) -> bytes:
        """What is to be written now; `ends`: the file has no more lines than these."""
        link = self.link
        if not link.synced and now - self._greeted_at >= HELLO_EVERY_S:
            self._greeted_at = now
            link.hello(now)
        link.tick(now)
        if link.failure is not None:
            self.reason = self.reason or link.failure.detail
        elif self.is_resting:
            # As while something heats up.
            link.prove(now)
        elif self._lines:
            self._send(now)
        if ends and self._last is None and not self._lines and link.may_send(b"M105"):
            self._last = link.send(b"M105", now)
        return link.outgoing()

    def _send(self, now: float) -> None:
        link, lines = self.link, self._lines
        first = link.next_number
        self._note(first, link.stream(lines, now))
        if lines and is_unbounded(lines[0]) and link.may_send(lines[0]):
            self._note(link.send(lines.popleft(), now), 1)

    def _note(self, first: int, count: int) -> None:
        for number in range(first, first + count):
            self.numbers[number] = self.file[self.sent]
            self.sent += 1

    @property
    def has_asked_for_the_end(self) -> bool:
        """Every line is on its way, and the question behind the last one."""
        return self._last is not None

    @property
    def is_done(self) -> bool:
        """All lines are surely done."""
        return self._last is not None and self.link.has_passed(self._last)

    @property
    def has_failed(self) -> bool:
        """The job is failed; `reason` says why."""
        return self.link.failure is not None

    def wakes_at(self) -> float | None:
        """When time alone makes it do something."""
        if self.has_failed:
            return None
        if not self.link.synced:
            return self._greeted_at + HELLO_EVERY_S
        return self.link.deadline()

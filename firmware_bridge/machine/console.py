"""What every procedure on the printer shares: the link, the host's own lines, what the printer last said. Pure.

A procedure is a generator: it yields to wait, and is resumed whenever something came or time has passed.
"""

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from firmware_bridge.contract import Temperatures
from firmware_bridge.link.replies import (
    Capability,
    Firmware,
    Ok,
    Position,
    Reply,
    Started,
    TemperatureReport,
)
from firmware_bridge.link.window import FENCE, Link
from firmware_bridge.machine.heating import BED, NOZZLE, Heater
from firmware_bridge.machine.interface import MachineEvent
from firmware_bridge.machine.interruptions import Ruined
from firmware_bridge.profile import Profile

T = TypeVar("T")
Procedure = Generator[None, None, T]

POLL_S: Final = 2.0
"""Between questions for the temperature, where the printer does not report by itself."""


@dataclass
class Identity:
    """M115, as far as it was heard."""

    fields: dict[str, str] = field(default_factory=dict)
    capabilities: dict[str, bool] = field(default_factory=dict)

    @property
    def firmware(self) -> str:
        """FIRMWARE_NAME, or ''."""
        return self.fields.get("FIRMWARE_NAME", "")

    @property
    def text(self) -> str:
        """All that it says of itself, to look for a machine's name."""
        return " ".join(self.fields.values())


class Console:
    """`now` is the time of the last thing that happened. `profile` may be replaced until the printer is known."""

    def __init__(self, link: Link, profile: Profile, now: float) -> None:
        self.link = link
        self.profile = profile
        self.now = now
        self.identity = Identity()
        self.temperatures = Temperatures()
        self.nozzle = Heater(NOZZLE, profile.caps.nozzle_c)
        self.bed = Heater(BED, profile.caps.bed_c)
        self.events: list[MachineEvent] = []
        self.has_started = False
        self.has_heard = False
        self.reports_by_itself = False
        self.position: Position | None = None
        self._lines: deque[bytes] = deque()
        self._last_number = 0
        self._measured_at = now

    def emit(self, event: MachineEvent) -> None:
        """Tell the world."""
        self.events.append(event)

    def heat(self, nozzle_c: float | None = None, bed_c: float | None = None) -> None:
        """Say targets; None leaves one as it is."""
        if nozzle_c is not None:
            self.say(f"M104 S{nozzle_c:g}".encode())
            self.nozzle.set_target(nozzle_c, self.now)
        if bed_c is not None:
            self.say(f"M140 S{bed_c:g}".encode())
            self.bed.set_target(bed_c, self.now)

    def say(self, *lines: bytes) -> None:
        """Queue lines of the host's own; they go before the job's."""
        self._lines.extend(lines)

    def forget(self) -> None:
        """Drop lines that were said but not sent."""
        self._lines.clear()

    @property
    def has_lines(self) -> bool:
        """Something said has not been sent yet."""
        return bool(self._lines)

    def pump(self) -> None:
        """Send what was said, as far as the window allows; ask for the temperature when it is time."""
        polls = self.link.synced and self.now - self._measured_at > (5.0 if self.reports_by_itself else POLL_S)
        if polls and self.link.may_send(FENCE):
            self._measured_at = self.now
            self.link.send(FENCE, self.now)
        while self._lines and self.link.may_send(self._lines[0]):
            self._last_number = self.link.send(self._lines.popleft(), self.now)
        self.link.prove(self.now)

    def until_done(self, wait_for_moves: bool = False) -> Procedure[None]:
        """Wait until every line sent or said so far has surely been carried out."""
        if wait_for_moves:
            self.say(b"M400")
        self.say(FENCE)
        while self._lines or not self.link.has_passed(self._last_number):
            yield

    def until(self, condition: Callable[[], bool], timeout_s: float) -> Procedure[bool]:
        """Wait for it; False when the time passed first."""
        deadline = self.now + timeout_s
        while not condition():
            if self.now >= deadline:
                return False
            yield
        return True

    def until_quiet(self, quiet_s: float, at_most_s: float) -> Procedure[None]:
        """Wait until nothing has come for a while."""
        deadline = self.now + at_most_s
        began = self.now
        while self.now < deadline and self.now - max(self.link.heard_at, began) < quiet_s:
            yield

    def hear(self, reply: Reply) -> None:
        """Remember what a reply tells about the printer."""
        if isinstance(reply, Ok | TemperatureReport):
            if reply.temperatures is not None:
                self._measure(reply.temperatures)
            elif isinstance(reply, Ok) and reply.position is not None:
                self.position = reply.position
        elif isinstance(reply, Position):
            self.position = reply
        elif isinstance(reply, Started):
            self.has_started = True
        elif isinstance(reply, Firmware):
            self.identity.fields.update(reply.fields)
        elif isinstance(reply, Capability):
            self.identity.capabilities[reply.name] = reply.present

    def check_heaters(self) -> None:
        """Raises Ruined where one of them is not well."""
        for heater in (self.nozzle, self.bed):
            fault = heater.fault(self.now)
            if fault is not None:
                raise Ruined(fault)

    def _measure(self, new: Temperatures) -> None:
        old = self.temperatures
        self.temperatures = Temperatures(
            nozzle_c=new.nozzle_c if new.nozzle_c is not None else old.nozzle_c,
            nozzle_target_c=new.nozzle_target_c if new.nozzle_target_c is not None else old.nozzle_target_c,
            bed_c=new.bed_c if new.bed_c is not None else old.bed_c,
            bed_target_c=new.bed_target_c if new.bed_target_c is not None else old.bed_target_c,
        )
        self._measured_at = self.now
        self.nozzle.observe(new.nozzle_c, self.now, new.nozzle_target_c)
        self.bed.observe(new.bed_c, self.now, new.bed_target_c)

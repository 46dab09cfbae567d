"""One job on the printer, from its first line to heaters off: a procedure that can be broken at any wait. Pure."""

import contextlib
import enum
from collections import deque
from typing import Final, Protocol

from firmware_bridge.contract import Fault, FaultCode, Origin
from firmware_bridge.gcode.read import Modal, parse_line, target_c
from firmware_bridge.link.dialects import is_unbounded
from firmware_bridge.link.framing import FramingError
from firmware_bridge.link.replies import ColdExtrusion, HostAction, Refused, Reply
from firmware_bridge.machine import parking
from firmware_bridge.machine.console import Console, Procedure
from firmware_bridge.machine.heating import Heater
from firmware_bridge.machine.interface import Ended, Heating, Outcome, Paused, Printing

HEATING_EVERY_S: Final = 1.0
COOL_IN_PAUSE_S: Final = 600.0
"""A nozzle that waits hot for longer cooks its filament and drips."""
LOW_LINES: Final = 2048

_MOVES: Final = (b"G1 ", b"G0 ", b"G28")
_HEATS: Final = (b"M104", b"M109", b"M140", b"M190")


class Source(Protocol):
    """A job's commands, read ahead by somebody else. `room` is called when `lines` runs low."""

    lines: deque[bytes]
    is_exhausted: bool
    failure: str
    total: int

    def room(self) -> None:
        """There is room for more lines."""

    def modal_after(self, line: int) -> Modal | None:
        """The state that the first `line` commands lead to; None while it is being found out: ask again."""


class Interruption(Exception):  # noqa: N818  (not an error)
    """Thrown into the procedure where it waits."""


class Cancelled(Interruption):
    """Somebody wants it to end."""

    def __init__(self, by: Origin) -> None:
        super().__init__()
        self.by = by


class Ruined(Interruption):
    """The object is spoiled, but the printer still listens."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


class _Hold(enum.Enum):
    """Whether the head is to park while the job waits."""

    PARK = "park"
    STAY = "stay"


class Print:
    """One job. `line`: commands taken from the source so far."""

    def __init__(self, console: Console, job: str, source: Source) -> None:
        self.job = job
        self.line = 0
        self.source = source
        self._console = console
        self._hold: _Hold | None = None
        self._hold_by = Origin.KIOSK
        self._is_printing = False
        self._is_ending = False
        self._is_streaming = False
        self._said_heating_at = 0.0
        self._is_to_cool = False

    # --- what may be asked ---------------------------------------------------------------------------

    def pause(self, by: Origin, park: bool = True) -> None:
        """Wait at the next opportunity."""
        if self._hold is None:
            self._hold, self._hold_by = (_Hold.PARK if park else _Hold.STAY), by

    def resume(self) -> None:
        """Go on."""
        self._hold, self._is_to_cool = None, False

    def cool_down(self) -> None:
        """Nozzle and bed off while it waits."""
        self._is_to_cool = self._hold is not None

    @property
    def is_ending(self) -> bool:
        """It is being stopped already; another reason to do so changes nothing."""
        return self._is_ending

    def check(self, reply: Reply) -> None:
        """What the firmware says may end or stop the job. Raises Interruption."""
        if self._is_ending:
            return
        if isinstance(reply, ColdExtrusion):
            raise Ruined(Fault(code=FaultCode.COLD_EXTRUSION, detail="cold extrusion prevented"))
        if isinstance(reply, Refused):
            detail = f"the printer did not carry out a command: {reply.text}"
            raise Ruined(Fault(code=FaultCode.FILE_REFUSED, detail=detail))
        if isinstance(reply, HostAction):
            if reply.name == "cancel":
                raise Cancelled(Origin.PRINTER)
            if reply.name in ("pause", "paused"):
                self.pause(Origin.PRINTER, park=reply.name == "pause")
            elif reply.name in ("resume", "resumed"):
                self.resume()

    def stream_on(self) -> None:
        """Send what may go now, between two turns of the procedure, if it streams at all."""
        if self._is_streaming and self._hold is None and not self._console.has_lines:
            with contextlib.suppress(Ruined):  # the procedure meets the same line again
                self._send_lines()

    # --- the procedure -------------------------------------------------------------------------------

    def run(self) -> Procedure[None]:
        """To the end; emits exactly one Ended, except when broken: then the caller does."""
        console = self._console
        try:
            yield from self._stream()
            console.heat(nozzle_c=0.0, bed_c=0.0)
            yield from console.until_done(wait_for_moves=True)
        except Cancelled as end:
            yield from self._abort()
            console.emit(Ended(self.job, Outcome.CANCELLED, end.by))
        except Ruined as end:
            yield from self._abort()
            console.emit(Ended(self.job, Outcome.FAILED, Origin.FAULT, end.fault))
        else:
            console.emit(Ended(self.job, Outcome.DONE, Origin.PRINTER))

    def _stream(self) -> Procedure[None]:
        source, console = self.source, self._console
        lines = source.lines
        while True:
            if self._hold is None and not console.has_lines:
                self._send_lines()
            if self._hold is not None:
                yield from self._pause()
            elif lines and lines[0][:4] in _HEATS and not console.has_lines:
                yield from self._heat(lines.popleft())
            elif source.failure:
                raise Ruined(Fault(code=FaultCode.FILE_REFUSED, detail=source.failure))
            elif source.is_exhausted and not lines:
                return
            else:
                yield from self._more()
            self._check_heaters()

    def _more(self) -> Procedure[None]:
        """A turn in which `stream_on` may send."""
        self._is_streaming = True
        try:
            yield
        finally:
            self._is_streaming = False

    def _send_lines(self) -> None:
        """As many lines as may go now; stops before a heater's."""
        lines, link, now = self.source.lines, self._console.link, self._console.now
        if not self._is_printing and lines and lines[0][:3] in _MOVES:
            self._is_printing = True
            self._console.emit(Printing(self.job))
        try:
            self.line += link.stream(lines, now)
            if lines and is_unbounded(lines[0]) and lines[0][:4] not in _HEATS and link.may_send(lines[0]):
                self.line += 1
                link.send(lines.popleft(), now)
        except FramingError as error:
            raise Ruined(Fault(code=FaultCode.FILE_REFUSED, detail=str(error))) from error
        if len(lines) < LOW_LINES:
            self.source.room()

    def _check_heaters(self) -> None:
        for heater in (self._console.nozzle, self._console.bed):
            fault = heater.fault(self._console.now)
            if fault is not None:
                raise Ruined(fault)

    def _heat(self, line: bytes) -> Procedure[None]:
        """M104, M109, M140 and M190: the target goes out, the waiting is the host's."""
        console = self._console
        words = parse_line(line)
        self.line += 1
        if words is None:
            return
        is_nozzle = words.code in ("M104", "M109")
        heater = console.nozzle if is_nozzle else console.bed
        target = target_c(words.values)
        if target is not None:
            console.heat(**{"nozzle_c" if is_nozzle else "bed_c": target})
        if words.code in ("M109", "M190"):
            yield from self._until_hot(heater, from_above="R" in words.values)

    def _until_hot(self, heater: Heater, from_above: bool = False) -> Procedure[None]:
        console = self._console
        while console.has_lines or not heater.has_settled(console.now, from_above):
            if not console.has_lines and console.now - self._said_heating_at >= HEATING_EVERY_S:
                self._is_printing = False
                self._said_heating_at = console.now
                console.emit(Heating(self.job, heater.remaining_s()))
            yield
            self._check_heaters()
            if self._hold is not None:
                yield from self._pause()

    def _pause(self) -> Procedure[None]:
        """Drain, park, wait, go back. Entered with a hold; the head returns when it is lifted."""
        console, parks, was_printing = self._console, self._hold is _Hold.PARK, self._is_printing
        modal = yield from self._modal()
        yield from console.until_done(wait_for_moves=modal.homed)
        if parks:
            console.say(*parking.away(modal, console.profile))
            yield from console.until_done(wait_for_moves=modal.homed)
        console.emit(Paused(self.job, self._hold_by))
        nozzle_c, bed_c = console.nozzle.target_c, console.bed.target_c
        paused_at = console.now
        while self._hold is not None:
            waits_long = self._is_to_cool or console.now - paused_at > COOL_IN_PAUSE_S
            if console.nozzle.target_c > 0.0 and waits_long:
                console.heat(nozzle_c=0.0)
            if console.bed.target_c > 0.0 and self._is_to_cool:
                console.heat(bed_c=0.0)
            yield
            self._check_heaters()
        self._is_printing = False
        if console.bed.target_c != bed_c:
            console.heat(bed_c=bed_c)
            yield from self._until_hot(console.bed)
        if console.nozzle.target_c != nozzle_c:
            console.heat(nozzle_c=nozzle_c)
            yield from self._until_hot(console.nozzle)
        if parks:
            console.say(*parking.back(modal, console.profile))
            yield from console.until_done(wait_for_moves=modal.homed)
        self._is_printing = was_printing
        self._said_heating_at = 0.0
        if was_printing:
            console.emit(Printing(self.job))

    def _modal(self) -> Procedure[Modal]:
        """Where the job stands after what was sent, with the heaters as they were really set."""
        while (modal := self.source.modal_after(self.line)) is None:
            yield
        return modal

    def _abort(self) -> Procedure[None]:
        """Heaters first, then away from the object and motors off."""
        console = self._console
        self._is_ending = True
        console.forget()
        if console.identity.capabilities.get("EMERGENCY_PARSER"):
            console.link.send_unasked(b"M108", console.now)
        console.heat(nozzle_c=0.0, bed_c=0.0)
        console.say(b"M107")
        modal = yield from self._modal()
        if modal.homed:
            console.say(*parking.away(modal, console.profile), b"M400", b"M84")
        yield from console.until_done()

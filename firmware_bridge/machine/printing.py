"""One job on the printer, from its first line to heaters off: a procedure that can be broken at any wait. Pure."""

import contextlib
from collections import deque
from typing import Final, Protocol

from firmware_bridge.contract import Fault, FaultCode, Origin
from firmware_bridge.gcode.read import Modal, parse_line, target_c
from firmware_bridge.link.dialects import is_unbounded
from firmware_bridge.link.framing import FramingError
from firmware_bridge.link.replies import ColdExtrusion, HostAction, Refused, Reply
from firmware_bridge.machine import parking, pausing
from firmware_bridge.machine.console import Console, Procedure
from firmware_bridge.machine.interface import Ended, Outcome, Printing
from firmware_bridge.machine.interruptions import Cancelled, Ruined
from firmware_bridge.machine.pausing import Hold, Stay

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


class Print:
    """One job. `line`: commands taken from the source so far; `starved`: see LinkHealth.starvation."""

    def __init__(self, console: Console, job: str, source: Source) -> None:
        self.job = job
        self.line = 0
        self.source = source
        self.hold = Hold()
        self.starved = 0
        self._console = console
        self._is_printing = False
        self._is_starving = False
        self._was_alone = False
        self._is_ending = False
        self._is_streaming = False

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
            self._obey(reply.name)

    def _obey(self, action: str) -> None:
        match action:
            case "cancel":
                raise Cancelled(Origin.PRINTER)
            case "pause":
                self.hold.begin(Origin.PRINTER, Stay.PARKED)
            case "paused":
                self.hold.begin(Origin.PRINTER, Stay.WHERE_IT_IS)
            case "resume" | "resumed" if self.hold.by is Origin.PRINTER:
                self.hold.end()

    def stream_on(self) -> None:
        """Send what may go now, between two turns of the procedure, if it streams at all."""
        if self._is_streaming and not self.hold.is_on and not self._console.has_lines:
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
            if not self.hold.is_on and not console.has_lines:
                self._send_lines()
            if self.hold.is_on:
                yield from self._pause()
            elif lines and lines[0][:4] in _HEATS and not console.has_lines:
                yield from self._heat(lines.popleft())
            elif source.failure:
                raise Ruined(Fault(code=FaultCode.FILE_REFUSED, detail=source.failure))
            elif source.is_exhausted and not lines:
                return
            else:
                yield from self._more()
            console.check_heaters()

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
        if link.in_flight == 0:
            self._count_starvation()
        try:
            count = link.stream(lines, now)
            if count:
                self.line += count
                self._is_starving = self._was_alone = False
            if lines and not link.in_flight and self._travels_alone(lines[0]) and link.may_send(lines[0]):
                self.line += 1
                self._is_starving, self._was_alone = False, True
                link.send(lines.popleft(), now)
        except FramingError as error:
            raise Ruined(Fault(code=FaultCode.FILE_REFUSED, detail=str(error))) from error
        if len(lines) < LOW_LINES:
            self.source.room()

    @staticmethod
    def _travels_alone(line: bytes) -> bool:
        return is_unbounded(line) and line[:4] not in _HEATS

    def _count_starvation(self) -> None:
        """Nothing is in flight: the host was late, where the window has room for several or no line was read.

        Around what travels alone that is as it should be.
        """
        if self._is_starving or self._was_alone or not self._is_printing:
            return
        if self.source.lines:
            following = self.source.lines[0]
            is_late = self._console.link.window > 1
            is_late = is_late and following[:4] not in _HEATS and not is_unbounded(following)
        else:
            is_late = not self.source.is_exhausted
        if is_late:
            self._is_starving = True
            self.starved += 1

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
        if words.code not in ("M109", "M190"):
            return
        self._is_printing = False
        from_above = "R" in words.values
        while not (yield from pausing.until_hot(console, self.hold, self.job, heater, from_above)):
            yield from self._pause()

    def _pause(self) -> Procedure[None]:
        """Entered with a hold; the head is back when it is over."""
        was_printing, self._is_printing = self._is_printing, False
        modal = yield from self._modal()
        yield from pausing.pause(self._console, self.hold, modal, self.job)
        self._is_printing = was_printing
        if was_printing:
            self._console.emit(Printing(self.job))

    def _modal(self) -> Procedure[Modal]:
        """Where the job stands after what was sent."""
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
            if not self.hold.is_parked:
                console.say(*parking.away(pausing.as_hot_as_it_is(console, modal), console.profile))
            console.say(b"M400", b"M84")
        yield from console.until_done()

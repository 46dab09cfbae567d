"""The machine as the host knows it, for as long as one connection lasts: bytes and time in, bytes and events out.

Pure: `serial_port.SerialMachine` owns the descriptor, the clock and the threads.
"""

from collections.abc import Sequence
from typing import Final

from firmware_bridge.contract import Fault, FaultCode, LinkHealth, Origin, Progress
from firmware_bridge.link.replies import Fatal, Reply
from firmware_bridge.machine.acts import Acts
from firmware_bridge.machine.console import Console, Procedure
from firmware_bridge.machine.handshake import HandshakeError, link_for, shake_hands
from firmware_bridge.machine.interface import (
    Act,
    Connected,
    Disconnected,
    Ended,
    MachineEvent,
    Measured,
    NeedsAttention,
    Outcome,
)
from firmware_bridge.machine.printing import Cancelled, Interruption, Print, Ruined, Source
from firmware_bridge.profile import Profile

MEASURED_EVERY_S: Final = 1.0
FULL_STEP_EVERY_S: Final = 0.05
"""Heaters, telemetry and the procedure are looked after so often while a job streams without trouble."""
REASON_S: Final = 0.5
"""A firmware that kills itself says why before or after it says so."""
COLD_LINES: Final = b"\nM104 S0\nM140 S0\n"
"""Last words where nobody may be listening any more; without numbers, since those are lost."""


class Printer:
    """One connection. `profile` is None until the printer is known; `is_over` when the port is to be closed."""

    def __init__(self, profiles: Sequence[Profile], port: str, baud: int, now: float) -> None:
        self.profile: Profile | None = None
        self.is_over = False
        self._port = port
        self._console = Console(link_for(profiles[0], baud), profiles[0], now)
        self._print: Print | None = None
        self._acts = Acts(self._console)
        self._fatal: Fatal | None = None
        self._fatal_at = 0.0
        self._attention = ""
        self._last_words = b""
        self._measured_at = now
        self._counted = (now, 0)
        self._resends = self._timeouts = 0
        self._began_at = now
        self._full_step_at = now
        self._life = self._live(tuple(profiles), baud)
        self._step(now)

    # --- what the edge does ----------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        """Take what the wire brought."""
        console = self._console
        console.now = now
        console.has_heard = True
        for reply in console.link.receive(data, now):
            self._hear(reply)
        self._step(now)

    def take_oks(self, data: bytes, now: float) -> bool:
        """The short way for what comes most: oks, and the next lines for them. False: it is `receive`'s."""
        job, console = self._print, self._console
        if job is None or now >= self._full_step_at or not console.link.take_oks(data, now):
            return False
        console.now = now
        job.stream_on()
        return True

    def tick(self, now: float) -> None:
        """Let time pass where nothing came; at least every 0.1 s."""
        self._console.link.tick(now)
        self._step(now)

    def outgoing(self) -> bytes:
        """What is to be written now."""
        data = self._console.link.outgoing() + self._last_words
        self._last_words = b""
        return data

    def deadline(self) -> float | None:
        """When `tick` has something to do sooner than usual."""
        return self._console.link.deadline()

    def take_events(self) -> list[MachineEvent]:
        """What happened since the last call."""
        events, self._console.events = self._console.events, []
        return events

    def lose(self, fault: Fault) -> None:
        """The port is gone, or the bridge goes: this connection ends."""
        self._end(fault)

    # --- what may be asked -----------------------------------------------------------------------------

    @property
    def is_printing(self) -> bool:
        """A job is on the printer."""
        return self._print is not None

    def print(self, job: str, source: Source) -> None:
        """Begin a job; refused with an Ended where there is no printer, or another job."""
        if self.profile is None or self._print is not None or self.is_over:
            fault = Fault(code=FaultCode.PRINTER_MISSING, detail="the printer is not ready for a job")
            self._console.emit(Ended(job, Outcome.FAILED, Origin.FAULT, fault))
            return
        self._resends, self._timeouts = self._console.link.resends, self._console.link.timeouts
        self._began_at = self._console.now
        self._counted = (self._console.now, 0)
        self._print = Print(self._console, job, source)
        self._acts.give_way()
        self._advance()

    def pause(self, by: Origin) -> None:
        """See Machine.pause."""
        if self._print is not None:
            self._print.pause(by)

    def resume(self) -> None:
        """See Machine.resume."""
        if self._print is not None:
            self._print.resume()

    def cancel(self, by: Origin) -> None:
        """See Machine.cancel."""
        if self._print is not None and not self._print.is_ending:
            self._interrupt(Cancelled(by))

    def act(self, act: Act) -> None:
        """See Machine.act."""
        if self.profile is not None and self._print is None:
            self._acts.begin(act)

    def cool_down(self) -> None:
        """See Machine.cool_down."""
        if self._print is not None:
            self._print.cool_down()
        else:
            self._acts.cool_down()

    def shut_down(self) -> None:
        """End a job because the bridge stops; `is_printing` says when that is done."""
        if self._print is not None and not self._print.is_ending:
            self._interrupt(Ruined(Fault(code=FaultCode.BRIDGE_STOPPED, detail="the bridge was stopped")))

    # --- its life --------------------------------------------------------------------------------------

    def _live(self, profiles: Sequence[Profile], baud: int) -> Procedure[None]:
        console = self._console
        yield from shake_hands(console, profiles, baud)
        self.profile = console.profile
        console.emit(Connected(console.identity.firmware, self._port, console.profile.id))
        while True:
            yield
            if self._print is not None:
                self._acts.give_way()
                yield from self._print.run()
                self._print = None
            elif self._acts.is_wanted:
                yield from self._acts.run()
            else:
                self._acts.tick()

    def _step(self, now: float) -> None:
        console = self._console
        console.now = now
        if self.is_over:
            return
        self._full_step_at = now + FULL_STEP_EVERY_S
        self._check_health()
        self._advance()
        if not self.is_over:
            console.pump()
            self._tell()

    def _advance(self) -> None:
        """Let the procedure go on from where it waits."""
        if self.is_over:
            return
        try:
            next(self._life)
        except HandshakeError as error:
            self._end(error.fault)
        except Interruption as end:
            # Raised by the procedure itself while it was dealing with another one.
            self._end(getattr(end, "fault", Fault(code=FaultCode.BAD_CONNECTION)))

    def _interrupt(self, interruption: Interruption) -> None:
        try:
            self._life.throw(interruption)
        except Interruption as end:
            self._end(getattr(end, "fault", Fault(code=FaultCode.BAD_CONNECTION)))

    def _hear(self, reply: Reply) -> None:
        self._console.hear(reply)
        if isinstance(reply, Fatal):
            if self._fatal is None:
                self._fatal, self._fatal_at = reply, self._console.now
                self._console.link.stop()
            elif self._fatal.code is FaultCode.PRINTER_HALTED:
                self._fatal = Fatal(reply.code, f"{self._fatal.text}; {reply.text}")
        elif self._print is not None:
            try:
                self._print.check(reply)
            except Interruption as interruption:
                self._interrupt(interruption)

    def _check_health(self) -> None:
        console = self._console
        if self._fatal is not None:
            if console.now - self._fatal_at >= REASON_S or console.has_started:
                self._end(Fault(code=self._fatal.code, detail=self._fatal.text))
        elif self.profile is None:
            return
        elif console.has_started:
            self._end(Fault(code=FaultCode.PRINTER_RESET, detail="the printer has started anew by itself"))
        elif console.link.failure is not None:
            self._last_words = COLD_LINES
            self._end(console.link.failure)

    def _end(self, fault: Fault) -> None:
        """This connection is over, and the job with it."""
        if self.is_over:
            return
        self.is_over = True
        if self._fatal is not None or self._acts.has_heated:
            self._last_words = COLD_LINES
        if self._print is not None:
            self._console.emit(Ended(self._print.job, Outcome.FAILED, Origin.FAULT, fault))
            self._print = None
        self._life.close()
        self._console.emit(Disconnected(fault))

    def _tell(self) -> None:
        console = self._console
        if console.waits_for_person != self._attention:
            self._attention = console.waits_for_person
            console.emit(NeedsAttention(self._attention))
        if self.profile is None or console.now - self._measured_at < MEASURED_EVERY_S:
            return
        self._measured_at = console.now
        console.emit(Measured(console.temperatures, self._progress(), self._health()))

    def _progress(self) -> Progress | None:
        job = self._print
        if job is None:
            return None
        line = max(0, job.line - self._console.link.in_flight)
        return Progress(
            line=line,
            lines=job.source.total,
            layer=0,
            layers=0,
            done=line / job.source.total if job.source.total else 0.0,
            elapsed_s=self._console.now - self._began_at,
            remaining_s=None,
        )

    def _health(self) -> LinkHealth:
        link, now = self._console.link, self._console.now
        line = self._print.line if self._print is not None else 0
        (then, before), self._counted = self._counted, (now, line)
        return LinkHealth(
            lines_per_s=max(0.0, (line - before) / (now - then)) if now > then else 0.0,
            resends=link.resends - self._resends,
            timeouts=link.timeouts - self._timeouts,
            window=link.window,
        )

"""The machine as the host knows it, for as long as one connection lasts: bytes and time in, bytes and events out.

Pure: `serial_port.SerialMachine` owns the descriptor, the clock and the threads.
"""

from collections.abc import Callable, Sequence
from typing import Final

from firmware_bridge.contract import Fault, FaultCode, Origin
from firmware_bridge.link.replies import Reply
from firmware_bridge.machine.acts import Acts
from firmware_bridge.machine.asking import Asking
from firmware_bridge.machine.console import Console, Procedure
from firmware_bridge.machine.cooling import Cooling, Verdict
from firmware_bridge.machine.handshake import HandshakeError, link_for, shake_hands
from firmware_bridge.machine.interface import (
    Act,
    Connected,
    Disconnected,
    Ended,
    MachineEvent,
    Outcome,
    Unproven,
)
from firmware_bridge.machine.interruptions import Cancelled, Interruption, Ruined
from firmware_bridge.machine.last_words import LastWords
from firmware_bridge.machine.pausing import Stay
from firmware_bridge.machine.printing import Print, Source
from firmware_bridge.machine.telling import Telling
from firmware_bridge.profile import Dialect, Profile

FULL_STEP_EVERY_S: Final = 0.05
"""Heaters, telemetry and the procedure are looked after so often while a job streams without trouble."""
COOLING_S: Final = 8.0
"""For heaters off after a printer has failed; a bridge that hangs is killed sooner."""
COLD_LINES: Final = b"\nM104 S0\nM140 S0\n"
"""Where there is no time to hear an answer; without numbers, since those are lost."""
BREAKS_WAITS: Final = frozenset({Dialect.MARLIN, Dialect.REPRAPFIRMWARE})

Confirmed = Callable[[Unproven], bool]
"""Whether a technician has vouched for it."""


class Printer:
    """One connection. `profile` is None until the printer is known; `is_over` when the port is to be closed, and
    `wants_reset` when it is to be opened anew with a pulse on DTR."""

    def __init__(
        self,
        profiles: Sequence[Profile],
        port: str,
        baud: int,
        now: float,
        confirmed: Confirmed = lambda _unproven: False,
    ) -> None:
        self.profile: Profile | None = None
        self.is_over = False
        self.wants_reset = False
        self._port = port
        self._console = Console(link_for(profiles[0], baud), profiles[0], now)
        self._print: Print | None = None
        self._acts = Acts(self._console)
        self._last_words = LastWords()
        self._asking = Asking(f"{now:.3f}", breaks_waits=profiles[0].dialect in BREAKS_WAITS)
        self._telling = Telling(self._console, self._asking)
        self._oldest = 0
        self._cooling: Cooling | None = None
        self._farewell = b""
        self._full_step_at = now
        self._life = self._live(tuple(profiles), baud, confirmed)
        self._step(now)

    # --- what the edge does ----------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        """Take what the wire brought."""
        if self._cooling is not None:
            self._cooling.receive(data, now)
            self._see_cooled()
            return
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
        self._telling.came(now)
        job.stream_on()
        return True

    def prepare(self) -> None:
        """After the writing: what would otherwise delay the next lines."""
        self._console.link.prepare()

    def tick(self, now: float) -> None:
        """Let time pass where nothing came; at least every 0.1 s."""
        if self._cooling is not None:
            self._cooling.tick(now)
            self._see_cooled()
            return
        self._console.link.tick(now)
        self._step(now)

    def outgoing(self) -> bytes:
        """What is to be written now."""
        data = self._console.link.outgoing() + self._farewell
        self._farewell = b""
        return data if self._cooling is None else data + self._cooling.outgoing()

    def deadline(self) -> float | None:
        """When `tick` has something to do sooner than usual."""
        return self._console.link.deadline() if self._cooling is None else None

    def take_events(self) -> list[MachineEvent]:
        """What happened since the last call."""
        events, self._console.events = self._console.events, []
        return events

    def lose(self, fault: Fault) -> None:
        """The port is gone, or the bridge goes: this connection ends at once."""
        if not self._has_failed:
            self._farewell = COLD_LINES if self._print is not None or self._acts.has_heated else b""
            self._close(fault)
        self.is_over = True

    # --- what may be asked -----------------------------------------------------------------------------

    @property
    def is_printing(self) -> bool:
        """A job is on the printer."""
        return self._print is not None

    @property
    def is_cooling(self) -> bool:
        """It has failed, and is being told to switch its heaters off."""
        return self._cooling is not None and not self.is_over

    @property
    def has_rest(self) -> bool:
        """No job, no act, and all that was said has been answered."""
        if self._has_failed:
            return not self.is_cooling
        link, console = self._console.link, self._console
        return not (self.is_printing or self._acts.is_wanted or console.has_lines or link.in_flight)

    def print(self, job: str, source: Source) -> None:
        """Begin a job; refused with an Ended where there is no printer, or another job."""
        if self.profile is None or self._print is not None or self._has_failed:
            fault = Fault(code=FaultCode.PRINTER_MISSING, detail="the printer is not ready for a job")
            self._console.emit(Ended(job, Outcome.FAILED, Origin.FAULT, fault))
            return
        self._telling.restart()
        self._print = Print(self._console, job, source)
        self._acts.give_way()
        self._advance()

    def pause(self, by: Origin) -> None:
        """See Machine.pause."""
        if self._print is not None:
            self._print.hold.begin(by, Stay.PARKED)

    def resume(self) -> None:
        """See Machine.resume."""
        self._asking.resumed()
        if self._print is not None:
            self._print.hold.end()

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
            self._print.hold.cool_down()
        else:
            self._acts.cool_down()

    def answer(self, question: str, choice: int) -> None:
        """See Machine.answer."""
        command = self._asking.answer(question, choice)
        if command is None or self._has_failed:
            return
        if self._console.identity.capabilities.get("EMERGENCY_PARSER") or command == b"M108":
            # Also a firmware that looks for M108 only where it takes lines in does so ahead of its queue.
            self._console.link.send_unasked(command, self._console.now)
        else:
            self._console.say(command)

    def emergency(self) -> None:
        """See Machine.emergency."""
        if not self._has_failed:
            self._fail(Fault(code=FaultCode.EMERGENCY_STOP, detail="somebody stopped it at the kiosk"), halts=True)

    def shut_down(self) -> bool:
        """End a job or an act because the bridge stops; whether to wait for that, until `has_rest`."""
        if self._print is not None and not self._print.is_ending:
            self._interrupt(Ruined(Fault(code=FaultCode.BRIDGE_STOPPED, detail="the bridge was stopped")))
        elif self._acts.has_heated:
            self._acts.cool_down()
        return self.is_printing or self.is_cooling or self._acts.is_wanted or self._console.has_lines

    # --- its life --------------------------------------------------------------------------------------

    def _live(self, profiles: Sequence[Profile], baud: int, confirmed: Confirmed) -> Procedure[None]:
        console = self._console
        yield from shake_hands(
            console, profiles, baud, lambda profile, firmware: confirmed(Unproven(profile, firmware, self._port))
        )
        self.profile = console.profile
        self._telling.restart()
        console.emit(Connected(console.identity.firmware, self._port, console.profile.id))
        while True:
            yield
            if self._print is not None:
                self._acts.give_way()
                yield from self._print.run()
                self._print = None
                self._asking.resumed()
            elif self._acts.is_wanted:
                yield from self._acts.run()
            else:
                self._acts.tick()

    def _step(self, now: float) -> None:
        console = self._console
        console.now = now
        if self._has_failed:
            return
        self._full_step_at = now + FULL_STEP_EVERY_S
        self._telling.came(now)
        self._check_health()
        self._advance()
        if not self._has_failed:
            console.pump()
            self._telling.went(now)
            self._tell()

    def _tell(self) -> None:
        link = self._console.link
        oldest = link.next_number - link.in_flight
        if oldest != self._oldest:
            self._oldest = oldest
            self._asking.went_on()
        self._telling.tell_asking()
        if self.profile is not None:
            self._telling.tell_measured(self._print)

    def _advance(self) -> None:
        """Let the procedure go on from where it waits."""
        if self._has_failed:
            return
        try:
            next(self._life)
        except HandshakeError as error:
            # Nobody who has said nothing at all: a board that has halted, perhaps; only a reset wakes that.
            self.wants_reset = not self._console.has_heard and self._console.profile.resets_on_open
            profile = self._console.profile.id
            self._tell_end(error.fault, Unproven(profile, error.unproven, self._port) if error.unproven else None)
            self.is_over = True
        except Interruption as end:
            self._fail(_fault_of(end))

    def _interrupt(self, interruption: Interruption) -> None:
        try:
            self._life.throw(interruption)
        except Interruption as end:
            # Raised by the procedure itself while it was dealing with another one.
            self._fail(_fault_of(end))

    def _hear(self, reply: Reply) -> None:
        self._console.hear(reply)
        self._asking.hear(reply)
        was_fatal = self._last_words.is_fatal
        self._last_words.hear(reply, self._console.now)
        if self._last_words.is_fatal:
            if not was_fatal:
                self._console.link.stop()
        elif self._print is not None:
            try:
                self._print.check(reply)
            except Interruption as interruption:
                self._interrupt(interruption)

    def _check_health(self) -> None:
        console = self._console
        if self._last_words.is_fatal:
            if self._last_words.are_said(console.now) or console.has_started:
                self._fail(self._last_words.fault)
        elif self.profile is None:
            return
        elif console.has_started:
            self._fail(Fault(code=FaultCode.PRINTER_RESET, detail="the printer has started anew by itself"))
        elif console.link.failure is not None:
            self._fail(console.link.failure)
        elif self._print is None and not self._acts.has_heated:
            # A job and an act of staff look after the heaters themselves.
            self._check_idle_heaters()

    def _check_idle_heaters(self) -> None:
        try:
            self._console.check_heaters()
        except Ruined as end:
            self._fail(end.fault, halts=True)

    # --- its end ---------------------------------------------------------------------------------------

    @property
    def _has_failed(self) -> bool:
        return self.is_over or self._cooling is not None

    def _fail(self, fault: Fault, *, halts: bool = False) -> None:
        """This connection is over, and the job with it; but for the heaters, as long as somebody may listen."""
        if self._has_failed:
            return
        self._close(fault)
        console = self._console
        if console.has_started:
            self.is_over = True  # a board that starts has its heaters off
        else:
            dialect = console.link.dialect
            self._cooling = Cooling(dialect, console.now, COOLING_S, resets_on_dtr=False, halts_at_once=halts)

    def _close(self, fault: Fault) -> None:
        self._console.link.stop()
        self._life.close()
        self._tell_end(fault)

    def _see_cooled(self) -> None:
        if self._cooling is not None and self._cooling.verdict is not None:
            self.wants_reset = self._cooling.verdict is Verdict.UNKNOWN and self._console.profile.resets_on_open
            self.is_over = True

    def _tell_end(self, fault: Fault, unproven: Unproven | None = None) -> None:
        console = self._console
        if self._print is not None:
            console.emit(Ended(self._print.job, Outcome.FAILED, Origin.FAULT, fault))
            self._print = None
        self._telling.nothing_asked()
        console.emit(Disconnected(fault, unproven))


def _fault_of(end: Interruption) -> Fault:
    return end.fault if isinstance(end, Ruined) else Fault(code=FaultCode.BAD_CONNECTION)

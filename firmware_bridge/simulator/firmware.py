"""The firmware's main loop without a wire and without a clock: bytes and the time in, bytes out.

A command is acknowledged when its handler is through: a move when it found a place in the planner, a wait when
it is over. A handler that must wait is a generator that yields the machine time at which to look again (None:
only an event can help). Meanwhile lines are still taken in and answered, up to the queue's size.

Two clocks: heat and motion follow machine time, which is wall time times `speed`; the firmware's talk (busy,
reports) keeps to wall time. With `speed` 0 machine time leaps over every wait.
"""

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final

from firmware_bridge.simulator import heaters
from firmware_bridge.simulator.emergency import EmergencyParser
from firmware_bridge.simulator.intake import QUEUE_SIZE, Command, Intake
from firmware_bridge.simulator.manners import Manners
from firmware_bridge.simulator.motion import Limits, Motion

Wait = Generator[float | None, None, None]
Handler = Callable[["Firmware", bytes], Wait | None]

_BUSY_S: Final = 2.0
_RX_TIMEOUT_S: Final = 2.0
_HEAT_LINE_S: Final = 1.0
_LOOK_AT_HEATERS_S: Final = 0.5


@dataclass
class Options:
    """`speed` 0: at once. `boot_s`: bytes that arrive before it has passed are lost. `drop_ok`: a probability."""

    speed: float = 1.0
    rx_buffer_bytes: int = 128
    boot_s: float = 0.5
    drop_ok: float = 0.0
    seed: int = 0


@dataclass
class HeatWait:
    """M109 or M190 is running."""

    is_bed: bool
    near_since_s: float | None = None


class Firmware:
    """One board. Its handlers are in `handlers`; they may use whatever has no underscore."""

    def __init__(self, manners: Manners, limits: Limits, options: Options, handlers: dict[str, Handler]) -> None:
        self.manners = manners
        self.options = options
        self.executed: list[bytes] = []
        self.executed_count = 0
        self.starts = 0
        self.intake = Intake(options.rx_buffer_bytes, manners.numbering)
        self.lose_oks = 0
        self.mute = False
        self.hung = False
        self.now = 0.0
        self.heat_wait: HeatWait | None = None
        self._running: Wait | None = None
        self._wake: float | None = None
        self._injected: list[bytes] = []
        self._handlers = handlers
        self._random = random.Random(options.seed)
        self._out: list[str] = []
        self._wall = 0.0
        self.motion = Motion(limits, takes_time=options.speed > 0)
        self.nozzle = heaters.nozzle()
        self.bed = heaters.bed()
        self._start_state()
        self._booting_until: float | None = None

    # --- the shell's side ---

    def power_on(self, wall: float, reason: str = "PowerUp") -> None:
        """Start, or reset: all that was set is forgotten; what is warm stays warm for a while."""
        self._wall = wall
        self.starts += 1
        self._out.clear()
        self.nozzle.target_c = self.bed.target_c = 0.0
        self.motion.restart(self.now)
        self.intake.clear()
        self._start_state()
        self._boot_reason = reason
        self._booting_until = wall + self.options.boot_s

    def receive(self, data: bytes, wall: float) -> None:
        """Bytes that have arrived at the board's UART."""
        self._advance(wall)
        if self._booting_until is not None or self.dead:
            return
        self._last_byte = wall
        if self.manners.emergency_parser and not self.hung:
            for command in self._emergency_parser.feed(data):
                self._out_of_band(command)
            if self.dead:
                return
        self.intake.arrive(data)
        if not self.hung:
            self._pump()
        self.intake.lose_overflow()

    def run(self, wall: float) -> None:
        """Do all that is due."""
        self._advance(wall)
        if self._booting_until is not None:
            if wall < self._booting_until:
                return
            self._booting_until = None
            self.say(self.manners.banner(self._boot_reason))
        if self.dead or self.hung:
            return
        self._pump()
        self._talk()

    def next_due(self) -> float | None:
        """Wall time at which `run` has something to do, None while only a byte can change something."""
        if self._booting_until is not None:
            return self._booting_until
        if self.dead or self.hung:
            return None
        due = (
            [self._wall + _LOOK_AT_HEATERS_S]
            if self.nozzle.target_c or self.bed.target_c or self._has_fault()
            else []
        )
        if self._report_every:
            due.append(self._next_report)
        if self._running is not None:
            due.append(self._next_busy)
            if self.heat_wait is not None:
                due.append(self._next_heat_line)
            if self._wake is not None and self.options.speed:
                due.append(self._wall + (self._wake - self.now) / self.options.speed)
        if self.intake.has_partial_line and self.manners.is_prusa:
            due.append(self._last_byte + _RX_TIMEOUT_S)
        return min(due) if due else None

    @property
    def booting(self) -> bool:
        """Bytes that arrive now are lost."""
        return self._booting_until is not None

    def take_output(self) -> bytes:
        """What it has said since the last call."""
        if not self._out:
            return b""
        text = "".join(self._out)
        self._out.clear()
        return b"" if self.mute else text.encode("latin-1")

    def take_executed(self) -> list[bytes]:
        """Commands that were executed since the last call, in order."""
        taken, self.executed = self.executed, []
        return taken

    # --- the handlers' side ---

    @property
    def instant(self) -> bool:
        """Nothing takes time."""
        return self.options.speed == 0

    def say(self, text: str) -> None:
        """Whole lines, each with its LF."""
        self._out.append(text)

    def kill(self, message: str = "") -> None:
        """Last words, heaters off, then silence until a reset. Prusa's board resets itself."""
        self.say(self.manners.killed(message))
        self.nozzle.target_c = self.bed.target_c = 0.0
        self.motion.stop(self.now)
        self.intake.clear()
        self._running = None
        self.dead = True
        if self.manners.is_prusa:
            words = self._out[:]
            self.power_on(self._wall, "")
            self._out = words

    def thermal_error(self, what: str, is_bed: bool) -> None:
        """The firmware's own thermal protection bites."""
        self.say(self.manners.thermal_error(what, is_bed))
        self.kill()

    def inject(self, *commands: bytes) -> None:
        """Commands of the firmware's own; they run before the host's and get no ok."""
        self._injected.extend(commands)

    def report_every(self, seconds: float) -> None:
        """M155."""
        self._report_every = seconds
        self._next_report = self._wall + seconds

    def begin_heat_wait(self, is_bed: bool) -> HeatWait:
        """From now on, until its command is through, it says every second how hot it is."""
        wait = self.heat_wait = HeatWait(is_bed)
        self._next_heat_line = self._wall
        return wait

    # --- inside ---

    def _start_state(self) -> None:
        self.dead = False
        self.cold_extrusion_allowed = False
        self.heat_wait = None
        self.waits_for_user = False
        self.user_continues = False
        self._running = None
        self._running_is_injected = False
        self._wake = None
        self._injected.clear()
        self._next_busy = 0.0
        self._next_heat_line = 0.0
        self._report_every = 0.0
        self._next_report = 0.0
        self._last_byte = 0.0
        self._emergency_parser = EmergencyParser()
        self._protection = heaters.Protection()
        self._boot_reason = ""

    def _has_fault(self) -> bool:
        return self.nozzle.fault is not heaters.Fault.NONE or self.bed.fault is not heaters.Fault.NONE

    def _advance(self, wall: float) -> None:
        passed = (wall - self._wall) * (self.options.speed or 1.0)
        self._wall = wall
        if passed > 0.0:
            self._let_pass(passed)

    def _let_pass(self, seconds: float) -> None:
        self.now += seconds
        self.nozzle.advance(seconds)
        self.bed.advance(seconds)
        if self.instant:
            self.nozzle.leap()
            self.bed.leap()
        if self.manners.thermal_protection and not self.dead:
            error = self._protection.check(self.nozzle, self.bed, self.now)
            if error is not None:
                self.thermal_error(*error)

    def _pump(self) -> None:
        """The main loop, until nothing more can be done at this moment."""
        while not self.dead:
            if self.intake.has_bytes:
                refusal = self.intake.fill()
                if refusal is not None:
                    self.say(refusal)
                    continue
            if self.intake.critical:
                self._mind_critical()
                continue
            if self._running is not None:
                if not self._resume():
                    return
            elif self._injected:
                self._begin(self._injected.pop(0), injected=True)
            elif self.intake.queue:
                self._begin(self.intake.queue[0].text, injected=False)
            else:
                return

    def _begin(self, text: bytes, *, injected: bool) -> None:
        self.executed.append(text)
        self.executed_count += 1
        self._running_is_injected = injected
        space = text.find(b" ")
        handler = self._handlers.get((text if space < 0 else text[:space]).decode("latin-1"))
        if handler is None:
            self.say(self.manners.unknown(text))
            self._finish()
            return
        wait = handler(self, text)
        if self.dead:
            return
        if wait is None:
            self._finish()
        else:
            self._running = wait
            self._wake = None
            self._next_busy = self._wall + _BUSY_S

    def _resume(self) -> bool:
        """Let the running handler go on; False while it waits."""
        running = self._running
        if running is None:
            return True
        if self._wake is not None and self._wake > self.now and not self.user_continues:
            if not self.instant:
                return False
            self._let_pass(self._wake - self.now)
        try:
            self._wake = next(running)
        except StopIteration:
            if not self.dead:
                self._running = None
                self._finish()
            return True
        return self.instant and self._wake is not None

    def _finish(self) -> None:
        self.heat_wait = None
        if self._running_is_injected:
            return
        if not self.intake.queue:
            return
        command = self.intake.queue.popleft()
        self._acknowledge(command)

    def _acknowledge(self, command: Command) -> None:
        if self.lose_oks or (self.options.drop_ok and self._random.random() < self.options.drop_ok):
            self.lose_oks = max(0, self.lose_oks - 1)
            return
        if command.text[:4] == b"M105":
            self.say(f"ok {self.manners.temperatures(self.nozzle, self.bed)}\n")
        elif self.manners.advanced_ok:
            number = "" if command.number is None else f" N{command.number}"
            free = QUEUE_SIZE - 1 - len(self.intake.queue)
            self.say(f"ok{number} P{self.motion.free_blocks(self.now)} B{free}\n")
        else:
            self.say("ok\n")

    def _talk(self) -> None:
        wall = self._wall
        if self._running is not None and wall >= self._next_busy:
            self._next_busy = wall + _BUSY_S
            self.say("echo:busy: paused for user\n" if self.waits_for_user else "echo:busy: processing\n")
        if self.heat_wait is not None and wall >= self._next_heat_line:
            self._next_heat_line = wall + _HEAT_LINE_S
            near = self.heat_wait.near_since_s
            left = None if near is None else max(0, round(10.0 - (self.now - near)))
            self.say(self.manners.heat_wait(self.nozzle, self.bed, self.heat_wait.is_bed, left))
        elif self._report_every and wall >= self._next_report:
            self._next_report = wall + self._report_every
            lead = "" if self.manners.is_prusa else " "
            self.say(f"{lead}{self.manners.temperatures(self.nozzle, self.bed)}\n")
        if self.manners.is_prusa and self.intake.has_partial_line and wall >= self._last_byte + _RX_TIMEOUT_S:
            self.intake.forget_partial_line()
            self.say("RX timeout\n")

    def _mind_critical(self) -> None:
        critical, self.intake.critical = self.intake.critical, []
        if not self.manners.emergency_parser:
            for command in critical:
                self._out_of_band(command)

    def _out_of_band(self, command: bytes) -> None:
        if command in (b"M108", b"M876") and not self.manners.is_prusa:
            self.user_continues = True
        elif command == b"M112":
            self.kill("M112")
        elif command == b"M410" and not self.manners.is_prusa:
            self.motion.stop(self.now)

"""The firmware's main loop without a wire and without a clock: bytes and the time in, bytes out.

A command is acknowledged when its handler is through: a move when it found a place in the planner, a wait when
it is over. A handler that must wait is a generator that yields the machine time at which to look again (None:
only an event can help). Meanwhile lines are still taken in and answered, up to the queue's size.

Two clocks: heat and motion follow machine time, which is wall time times `speed`; the firmware's talk (busy,
reports) keeps to wall time. With `speed` 0 machine time leaps over every wait.
"""

from dataclasses import dataclass

from firmware_bridge.simulator import heaters
from firmware_bridge.simulator.acknowledging import Acknowledging
from firmware_bridge.simulator.checks import Nothing, Refusal
from firmware_bridge.simulator.emergency import EmergencyParser
from firmware_bridge.simulator.execution import Execution, Handler
from firmware_bridge.simulator.firmwares.form import AfterHalt, Firmware, Trouble
from firmware_bridge.simulator.intake import Answer, Intake
from firmware_bridge.simulator.motion import Limits, Motion
from firmware_bridge.simulator.person import Person
from firmware_bridge.simulator.print_timer import PrintTimer
from firmware_bridge.simulator.talk import Talk
from firmware_bridge.simulator.voice import POWER_UP, Voice


@dataclass
class Options:
    """`speed` 0: at once. `boot_s`: bytes that arrive before it has passed are lost."""

    speed: float = 1.0
    rx_buffer_bytes: int = 128
    boot_s: float = 0.5
    seed: int = 0


class Board:
    """One board. Its handlers are in `handlers`; they may use whatever has no underscore."""

    dead: bool
    """Silent until a reset."""
    cold_extrusion_allowed: bool
    _emergency_parser: EmergencyParser

    def __init__(
        self, firmware: Firmware, machine: str, limits: Limits, options: Options, handlers: dict[str, Handler]
    ) -> None:
        self.firmware = firmware
        self.options = options
        self.refused_count = 0
        self.starts = 0
        self.now = 0.0
        self.wall = 0.0
        self.intake = Intake(options.rx_buffer_bytes, firmware.lines)
        self.motion = Motion(limits, firmware.planner_blocks, firmware.planner_s, takes_time=options.speed > 0)
        self.nozzle = heaters.nozzle()
        self.bed = heaters.bed()
        self.voice = Voice(firmware, machine, self.nozzle, self.bed, self.motion)
        self.acknowledging = Acknowledging(self.voice, self.intake, options.seed)
        self.person = Person()
        self.talk = Talk(self)
        self.mute = False
        self.hung = False
        self.execution = Execution(self, handlers)
        self.print_timer = PrintTimer()
        self._out: list[str] = []
        self._forget_all()
        self._booting_until: float | None = None

    # --- the shell's side ---

    def power_on(self, wall: float, reason: str = POWER_UP) -> None:
        """Start, or reset: all that was set is forgotten; what is warm stays warm for a while."""
        self.wall = wall
        self.starts += 1
        self._out.clear()
        self.nozzle.target_c = self.bed.target_c = 0.0
        self.motion.restart(self.now)
        self.intake.clear()
        self._forget_all()
        self._boot_reason = reason
        self._booting_until = wall + self.options.boot_s

    def greet(self) -> None:
        """Somebody has opened the port of a board that does not reset."""
        if not self.booting:
            self.say(self.firmware.texts.greeting)

    def receive(self, data: bytes, wall: float) -> None:
        """Bytes that have arrived at the board's UART."""
        self._advance(wall)
        if self._booting_until is not None or self.dead:
            return
        self.talk.heard(wall)
        if self.firmware.emergency_parser and not self.hung:
            for command in self._emergency_parser.feed(data):
                self._out_of_band(command)
            if self.dead or self.booting:
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
            self.say(self.voice.banner(self._boot_reason))
            self.talk.heard(wall)
        if self.dead or self.hung:
            return
        self._pump()
        self.talk.speak()

    def next_due(self) -> float | None:
        """Wall time at which `run` has something to do, None while only a byte can change something."""
        if self._booting_until is not None:
            return self._booting_until
        if self.dead or self.hung:
            return None
        due = self.talk.due()
        wake = self.execution.wakes_at()
        if wake is not None and self.options.speed:
            due.append(self.wall + (wake - self.now) / self.options.speed)
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
        if self.firmware.texts.line_end != "\n":
            text = text.replace("\n", self.firmware.texts.line_end)
        return b"" if self.mute else text.encode("latin-1")

    # --- the handlers' side ---

    @property
    def instant(self) -> bool:
        """Nothing takes time."""
        return self.options.speed == 0

    def say(self, text: str) -> None:
        """Whole lines, each with its LF."""
        self._out.append(text)

    def answer(self, text: str, *, on_ok: bool) -> None:
        """One line, or what stands behind the ok."""
        if on_ok:
            self.acknowledging.words = text
        else:
            self.say(text + "\n")

    def act(self, *actions: str) -> None:
        """Host actions."""
        for action in actions:
            self.say(self.voice.action(action))

    def halt(self, trouble: Trouble, is_bed: bool = False) -> None:
        """Last words, heaters off, and what this firmware does then."""
        form = self.firmware.halts[trouble]
        self.say(self.voice.last_words(form.words, is_bed))
        self.nozzle.target_c = self.bed.target_c = 0.0
        if form.after is AfterHalt.GOES_ON:
            return
        self.motion.stop(self.now)
        if form.after is AfterHalt.REFUSES:
            self.execution.refuse_all(form, self.voice.last_words(form.refusal, is_bed))
            return
        self.intake.clear()
        self.execution.restart()
        self.dead = True
        if form.after is AfterHalt.RESTARTS:
            words = self._out[:]
            self.power_on(self.wall, "")
            self._out = words

    def inject(self, *commands: bytes) -> None:
        """Commands of the firmware's own; they run before the host's and get no ok."""
        self.execution.inject(*commands)

    def let_pass(self, seconds: float) -> None:
        """Machine time."""
        self.now += seconds
        self.nozzle.advance(seconds)
        self.bed.advance(seconds)
        if self.instant:
            self.nozzle.leap()
            self.bed.leap()
        if self.firmware.thermal_protection and not self.dead:
            trouble = self._protection.check(self.nozzle, self.bed, self.now)
            if trouble is not None:
                self.halt(*trouble)

    # --- inside ---

    def _forget_all(self) -> None:
        self.dead = False
        self.cold_extrusion_allowed = False
        self.execution.restart()
        self.print_timer = PrintTimer()
        self.person.forget()
        self.talk.restart()
        self.acknowledging.words = None
        self._emergency_parser = EmergencyParser()
        self._protection = heaters.Protection()
        self._boot_reason = ""

    def _advance(self, wall: float) -> None:
        passed = (wall - self.wall) * (self.options.speed or 1.0)
        self.wall = wall
        if passed > 0.0:
            self.let_pass(passed)

    def _pump(self) -> None:
        """The main loop, until nothing more can be done at this moment."""
        while not (self.dead or self.booting):
            if self.intake.has_bytes:
                answer = self.intake.fill()
                if answer is not None:
                    self.reply(answer)
                    continue
            if self.intake.early:
                self._mind_early()
                continue
            if not self.execution.step():
                return

    def reply(self, answer: Answer) -> None:
        """To a line that was not taken."""
        last = self.intake.checker.last_number
        if isinstance(answer, Nothing):
            self.say(self.acknowledging.plain())
        elif isinstance(answer, Refusal):
            self.refused_count += not answer.complaint
            ok = not answer.complaint and self.acknowledging.resend_has_ok()
            self.say(self.voice.refusal(answer, last, ok=ok))
        else:
            self.say(self.voice.skip(answer, last))

    def _mind_early(self) -> None:
        early, self.intake.early = self.intake.early, []
        if not self.firmware.emergency_parser:
            for command in early:
                if command.decode("latin-1") in self.firmware.minds_early:
                    self._out_of_band(command)

    def _out_of_band(self, command: bytes) -> None:
        code = command[:4]
        if code == b"M112":
            self.halt(Trouble.M112)
        elif code == b"M410":
            self.motion.stop(self.now)
            self.execution.look_again()
        elif code == b"M108":
            self.person.go_on()
        elif code == b"M876" and self.firmware.prompts:
            self.person.answer_line(command)

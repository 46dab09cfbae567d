"""The firmware's main loop without a wire and without a clock: bytes and the time in, bytes out.

A command is acknowledged when its handler is through: a move when it found a place in the planner, a wait when
it is over. A handler that must wait is a generator that yields the machine time at which to look again (None:
only an event can help). Meanwhile lines are still taken in and answered, up to the queue's size.

Two clocks: heat and motion follow machine time, which is wall time times `speed`; the firmware's talk (busy,
reports) keeps to wall time. With `speed` 0 machine time leaps over every wait.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final

from firmware_bridge.simulator import heaters
from firmware_bridge.simulator.acknowledging import Acknowledging
from firmware_bridge.simulator.checks import Nothing, Refusal
from firmware_bridge.simulator.emergency import EmergencyParser
from firmware_bridge.simulator.firmwares.form import AfterHalt, Firmware, Halt, Trouble
from firmware_bridge.simulator.intake import Answer, Intake
from firmware_bridge.simulator.motion import Limits, Motion
from firmware_bridge.simulator.person import Person
from firmware_bridge.simulator.talk import Talk
from firmware_bridge.simulator.voice import Voice

Wait = Generator[float | None, None, None]
Handler = Callable[["Board", bytes], Wait | None]

_MOVES: Final = ("G0", "G1", "G2", "G3", "G5")


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
    halted: Halt | None
    running: Wait | None
    timer_started: float | None
    cold_extrusion_allowed: bool
    _emergency_parser: EmergencyParser

    def __init__(
        self, firmware: Firmware, machine: str, limits: Limits, options: Options, handlers: dict[str, Handler]
    ) -> None:
        self.firmware = firmware
        self.options = options
        self.executed_count = 0
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
        self._handlers = handlers
        self._executed: list[bytes] = []
        self._out: list[str] = []
        self._forget_all()
        self._booting_until: float | None = None

    # --- the shell's side ---

    def power_on(self, wall: float, reason: str = "PowerUp") -> None:
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
        if self._wake is not None and self.running is not None and self.options.speed:
            due.append(self.wall + (self._wake - self.now) / self.options.speed)
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

    def take_executed(self) -> list[bytes]:
        """Commands that were executed since the last call, in order."""
        taken, self._executed = self._executed, []
        return taken

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
            self.halted = form
            self._last_refusal = self.voice.last_words(form.refusal, is_bed)
            if self.running is not None:
                self.running = None
                self._finish()
            return
        self.intake.clear()
        self.running = None
        self.dead = True
        if form.after is AfterHalt.RESTARTS:
            words = self._out[:]
            self.power_on(self.wall, "")
            self._out = words

    def inject(self, *commands: bytes) -> None:
        """Commands of the firmware's own; they run before the host's and get no ok."""
        self._injected.extend(commands)

    # --- inside ---

    def _forget_all(self) -> None:
        self.dead = False
        self.halted = None
        self.cold_extrusion_allowed = False
        self.running = None
        self.timer_started = None
        self.person.forget()
        self.talk.restart()
        self.acknowledging.words = None
        self._last_refusal = ""
        self._running_is_injected = False
        self._wake: float | None = None
        self._injected: list[bytes] = []
        self._emergency_parser = EmergencyParser()
        self._protection = heaters.Protection()
        self._boot_reason = ""

    def _advance(self, wall: float) -> None:
        passed = (wall - self.wall) * (self.options.speed or 1.0)
        self.wall = wall
        if passed > 0.0:
            self._let_pass(passed)

    def _let_pass(self, seconds: float) -> None:
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

    def _pump(self) -> None:
        """The main loop, until nothing more can be done at this moment."""
        while not self.dead:
            if self.intake.has_bytes:
                answer = self.intake.fill()
                if answer is not None:
                    self.reply(answer)
                    continue
            if self.intake.early:
                self._mind_early()
                continue
            if self.running is not None:
                if not self._resume():
                    return
            elif self._injected:
                self._begin(self._injected.pop(0), injected=True)
            elif self.intake.queue:
                self._begin(self.intake.queue[0].text, injected=False)
            else:
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

    def _begin(self, text: bytes, *, injected: bool) -> None:
        self._running_is_injected = injected
        code = text.partition(b" ")[0].decode("latin-1")
        if self.firmware.lines.any_case:
            code = code.upper()
        if self.halted is not None and not self._still_obeys(self.halted, code):
            return
        self._executed.append(text)
        self.executed_count += 1
        if self.firmware.acknowledges_first and not injected:
            self.say(self.acknowledging.of(self.intake.queue[0], self.motion.free_blocks(self.now)))
        handler = self._handlers.get(code)
        if handler is None:
            self.say(self.voice.unknown(text))
            self._finish()
            return
        wait = handler(self, text)
        if self.dead or self.booting:
            return
        if wait is None:
            self._finish()
        else:
            self.running = wait
            self._wake = None
            self.talk.command_begins()

    def _still_obeys(self, halt: Halt, code: str) -> bool:
        """Whether a halted firmware does this; if not, it is answered here."""
        if code == halt.leave:
            self.halted = None
            self.say(halt.left)
            return True
        if code in halt.allowed or (halt.only_moves and code not in _MOVES):
            return True
        self.say(self._last_refusal)
        if halt.refusal_ok:
            self._finish()
        elif not self._running_is_injected:
            number = self.intake.queue.popleft().number
            if number is not None and halt.says_busy:
                self.intake.checker.last_number = number - 1
        return False

    def _resume(self) -> bool:
        """Let the running handler go on; False while it waits."""
        running = self.running
        if running is None:
            return True
        if self._wake is not None and self._wake > self.now and not self.person.has_answered:
            if not self.instant:
                return False
            self._let_pass(self._wake - self.now)
        try:
            self._wake = next(running)
        except StopIteration:
            if not self.dead and self.running is running:
                self.running = None
                self._finish()
            return True
        return self.instant and self._wake is not None

    def _finish(self) -> None:
        self.talk.command_ends()
        if self._running_is_injected or not self.intake.queue:
            return
        command = self.intake.queue.popleft()
        if not self.firmware.acknowledges_first:
            self.say(self.acknowledging.of(command, self.motion.free_blocks(self.now)))

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
        elif code == b"M108":
            self.person.go_on()
        elif code == b"M876" and self.firmware.prompts:
            self.person.answer_line(command)

"""A `machine.Printer` on a simulated firmware, both pure, on a clock of the test's own: hours pass in a moment."""

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from firmware_bridge.gcode.read import Modal, parse_line
from firmware_bridge.machine.interface import Connected, Ended, MachineEvent
from firmware_bridge.machine.printer import Confirmed, Printer
from firmware_bridge.profile import load_profile
from firmware_bridge.simulator.board import Board, Options
from firmware_bridge.simulator.firmwares.table import FIRMWARES, USUAL
from firmware_bridge.simulator.handlers.table import handlers_for
from firmware_bridge.simulator.motion import Limits

STEP_S = 0.02
E = TypeVar("E")


class Lines:
    """A job's commands, all in memory: a `printing.Source`."""

    def __init__(self, commands: Sequence[str]) -> None:
        self._all = [command.encode() for command in commands]
        self.lines = deque(self._all)
        self.total = len(self._all)
        self.is_exhausted = True
        self.failure = ""

    def room(self) -> None:
        """Nothing more comes."""

    def modal_after(self, line: int) -> Modal:
        """At once."""
        modal = Modal()
        for command in self._all[:line]:
            words = parse_line(command)
            if words is not None:
                modal.apply(words)
        return modal


class VirtualPrinter:
    """`say` may change what the firmware says, or add to it; `hear` what reaches it."""

    def __init__(
        self,
        profile: str = "ender3",
        *,
        firmware: str | None = None,
        emergency_parser: bool = True,
        confirmed: Confirmed = lambda _unproven: False,
    ) -> None:
        self.profile = load_profile(profile)
        volume = self.profile.volume
        form = FIRMWARES[firmware] if firmware else USUAL[self.profile.dialect]
        form = replace(form, emergency_parser=form.emergency_parser and emergency_parser)
        limits = Limits(((volume.x_min_mm, volume.x_mm), (volume.y_min_mm, volume.y_mm), (0.0, volume.z_mm)))
        options = Options(speed=1.0, rx_buffer_bytes=self.profile.rx_buffer_bytes, boot_s=0.0)
        self.board = Board(form, self.profile.machine_names[0], limits, options, handlers_for(form))
        self.now = 100.0
        self.board.power_on(self.now)
        self.printer = Printer((self.profile,), "/dev/virtual", 115_200, self.now, confirmed)
        self.events: list[MachineEvent] = []
        self.executed: list[str] = []
        self.told: list[tuple[float, MachineEvent]] = []
        self.say: Callable[[bytes], bytes] = lambda data: data
        self.hear: Callable[[bytes], bytes] = lambda data: data

    def connected(self) -> "VirtualPrinter":
        """Met and known."""
        self.until(Connected, 30.0)
        return self

    def known_as_its_profile(self) -> None:
        """M115 says the profile's machine, also where this firmware says none."""
        name = self.profile.machine_names[0].encode()
        self.say = lambda data: re.sub(rb"(FIRMWARE_NAME:[^\n]*)", rb"\1 MACHINE_TYPE:" + name, data)

    def step(self) -> None:
        """A moment."""
        self.now += STEP_S
        out = self.hear(self.printer.outgoing())
        if out:
            self.board.receive(out, self.now)
        self.board.run(self.now)
        said = self.say(self.board.take_output())
        if said:
            self.printer.receive(said, self.now)
        else:
            self.printer.tick(self.now)
        self.executed += [command.decode("latin-1") for command in self.board.execution.take_executed()]
        fresh = self.printer.take_events()
        self.events += fresh
        self.told += [(self.now, event) for event in fresh]

    def run(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + seconds
        while self.now < until:
            self.step()

    def until(self, wanted: type[E] | Callable[[], object], seconds: float) -> E:
        """Until there is a new event of that kind, or the condition holds; fails when it takes longer."""
        deadline, seen = self.now + seconds, len(self.events)
        while self.now < deadline:
            self.step()
            if isinstance(wanted, type):
                found = next((event for event in self.events[seen:] if isinstance(event, wanted)), None)
                if found is not None:
                    return found
            elif wanted():
                return None  # type: ignore[return-value]
        raise AssertionError(f"not within {seconds} s: {wanted}; the last were {self.events[-5:]}")

    def ended(self, seconds: float = 600.0) -> Ended:
        """The job's end."""
        return self.until(Ended, seconds)

    def all(self, kind: type[E]) -> Iterator[E]:
        """Every event of that kind."""
        return (event for event in self.events if isinstance(event, kind))

    def interject(self, *lines: str) -> None:
        """The firmware says so, between two of its own lines."""
        self.printer.receive("".join(f"{line}\n" for line in lines).encode(), self.now)


def start_of_print(nozzle_c: int = 210, bed_c: int = 60) -> list[str]:
    """As a slicer begins."""
    return [
        "G90",
        "M83",
        f"M140 S{bed_c}",
        f"M104 S{nozzle_c}",
        "G28",
        f"M190 S{bed_c}",
        f"M109 S{nozzle_c}",
        "G92 E0",
        "G1 Z0.2 F900",
        "G1 X10 Y10 F6000",
    ]


def moves(count: int, feed: int = 600) -> list[str]:
    """To and fro, a second each at the given feed of 10 mm/s."""
    return [f"G1 X{10 + 10 * (i % 2)} Y{20 + (i % 150)} E0.4 F{feed}" for i in range(count)]


def end_of_print() -> list[str]:
    """Cold."""
    return ["M104 S0", "M140 S0", "M107", "M84"]


def end_of(modal: Modal, commands: Sequence[str]) -> Modal:
    """The state after these commands."""
    result = replace(modal)
    for command in commands:
        words = parse_line(command.encode())
        if words is not None:
            result.apply(words)
    return result

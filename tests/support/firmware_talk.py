"""A simulated firmware without a process, a wire or a clock of the wall: time passes when the test says so."""

from dataclasses import dataclass, field

from firmware_bridge.simulator.actions import ACTIONS
from firmware_bridge.simulator.bench import Bench
from firmware_bridge.simulator.board import Board, Options
from firmware_bridge.simulator.firmwares.form import Firmware
from firmware_bridge.simulator.handlers.table import handlers_for
from firmware_bridge.simulator.motion import Limits

CUBE = Limits(((0.0, 200.0), (0.0, 200.0), (0.0, 200.0)))


@dataclass
class FirmwareTalk:
    """`lines`: all that it has said, without line ends (a CR that is not part of one is shown as `\\r`)."""

    firmware: Firmware
    speed: float = 1.0
    machine: str = "SimRap 1.4"
    reason: str = "PowerUp"
    wall: float = 0.0
    lines: list[str] = field(default_factory=list)
    executed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        rx_bytes = self.firmware.lines.rx_buffer_bytes or 128
        options = Options(speed=self.speed, rx_buffer_bytes=rx_bytes, boot_s=0.02)
        self.board = Board(self.firmware, self.machine, CUBE, options, handlers_for(self.firmware))
        self.bench = Bench(self.board, 1, ACTIONS)
        self.board.power_on(self.wall, self.reason)
        self._half = ""

    def send(self, data: bytes | str) -> None:
        """Bytes as they are, or a line."""
        self.board.receive(data.encode("latin-1") + b"\n" if isinstance(data, str) else data, self.wall)
        self.board.run(self.wall)
        self._listen()

    def tell(self, action: str) -> None:
        """Something happens to it."""
        assert self.bench.obey(action, self.wall) == "ok"
        self._listen()

    def wait(self, seconds: float) -> None:
        """Time passes."""
        until = self.wall + seconds
        while self.wall < until:
            due = [moment for moment in (self.board.next_due(), self.bench.next_due()) if moment is not None]
            self.wall = min([until, *(max(moment, self.wall + 0.001) for moment in due)])
            self.bench.run(self.wall)
            self.board.run(self.wall)
            self._listen()

    def ask(self, data: bytes | str, seconds: float = 0.0) -> list[str]:
        """Send, let time pass, and give what was said meanwhile."""
        before = len(self.lines)
        self.send(data)
        self.wait(seconds)
        return self.lines[before:]

    def _listen(self) -> None:
        self.executed += [command.decode("latin-1") for command in self.board.execution.take_executed()]
        end = self.firmware.texts.line_end
        *lines, self._half = (self._half + self.board.take_output().decode("latin-1")).split(end)
        self.lines += [line.replace("\r", "\\r") for line in lines]

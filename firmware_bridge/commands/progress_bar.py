"""One line on a terminal that says how far a print is; on anything else, only sentences."""

import shutil
from typing import Final, TextIO

from firmware_bridge.contract import Temperatures
from firmware_bridge.gcode.plan import Plan

MIN_BAR_CELLS: Final = 10
MAX_BAR_CELLS: Final = 40
_CLEAR: Final = "\r\x1b[K"


class ProgressBar:
    """Writes to one stream, usually stderr, so that stdout stays clean."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._doing = "starting"

    def say(self, text: str) -> None:
        """A sentence on a line of its own."""
        self._write(f"{_CLEAR if self._is_terminal else ''}{text}\n")

    def doing(self, what: str, remaining_s: float | None = None) -> None:
        """The word before the bar; said once where there is no terminal."""
        if what != self._doing and not self._is_terminal:
            self.say(what)
        self._doing = what
        if self._is_terminal and remaining_s is not None:
            self._write(f"{_CLEAR}{what}, about {duration(remaining_s)} more")

    def show(self, plan: Plan, line: int, temperatures: Temperatures) -> None:
        """Draw, on a terminal only."""
        if self._is_terminal:
            width = shutil.get_terminal_size().columns
            self._write(_CLEAR + render(self._doing, plan, line, temperatures, width - 1))

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def render(doing: str, plan: Plan, line: int, temperatures: Temperatures, width: int) -> str:
    """The line, at most `width` characters."""
    done = plan.done(line)
    words = (
        f" {done:4.0%}  line {line}/{plan.lines}  layer {plan.layer_at(line)}/{len(plan.layers)}"
        f"  {_pair(temperatures.nozzle_c, temperatures.nozzle_target_c)}"
        f"  {_pair(temperatures.bed_c, temperatures.bed_target_c)}  {duration(plan.remaining_s(line))} left"
    )
    cells = min(MAX_BAR_CELLS, width - len(doing) - len(words) - 3)
    if cells < MIN_BAR_CELLS:
        return f"{doing}{words}"[:width]
    filled = round(done * cells)
    return f"{doing} [{'█' * filled}{'·' * (cells - filled)}]{words}"


def duration(seconds: float) -> str:
    """`1 h 05 min`, `12 min`, `40 s`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _pair(actual: float | None, target: float | None) -> str:
    if actual is None:
        return "–"
    return f"{actual:.0f}/{target:.0f} °C" if target is not None else f"{actual:.0f} °C"

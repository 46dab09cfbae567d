"""How far a print is and how long it still takes: the plan of the file, at the pace of this print. Pure."""

from bisect import bisect_right
from typing import Final

from msgspec import Struct

from firmware_bridge.contract import Progress

TRUST_IN_PLAN: Final = 0.05
"""The plan weighs as much as this share of the print, measured; so the promise bends and does not jump."""


class Timeline(Struct, frozen=True, kw_only=True):
    """The plan in some thousand points. `at_line[i]` commands take `at_s[i]` seconds; both begin at 0.

    `layer_lines`: the first command of each layer. `lines` counts commands.
    """

    lines: int
    at_line: tuple[int, ...]
    at_s: tuple[float, ...]
    layer_lines: tuple[int, ...]

    @property
    def total_s(self) -> float:
        """Printing time of the whole file by the plan."""
        return self.at_s[-1]

    def elapsed_s(self, line: int) -> float:
        """Planned printing time of the first `line` commands."""
        after = bisect_right(self.at_line, line)
        if after == len(self.at_line):
            return self.total_s
        begin, end = self.at_line[after - 1], self.at_line[after]
        share = (line - begin) / (end - begin)
        return self.at_s[after - 1] + share * (self.at_s[after] - self.at_s[after - 1])

    def layer(self, line: int) -> int:
        """The layer that command `line` belongs to, from 1; 0 before the first."""
        return bisect_right(self.layer_lines, line)


class Course:
    """One print: its timeline and the time that it really took. `now_s` is monotonic."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._printed_s = 0.0
        self._since_s: float | None = None
        self._first_layer: tuple[float, float] | None = None

    def run(self, now_s: float) -> None:
        """The printer prints from now on."""
        if self._since_s is None:
            self._since_s = now_s

    def hold(self, now_s: float) -> None:
        """The printer heats, pauses or has ended."""
        self._printed_s = self.printed_s(now_s)
        self._since_s = None

    def printed_s(self, now_s: float) -> float:
        """Time spent printing, without heating and pauses."""
        return self._printed_s + (now_s - self._since_s if self._since_s is not None else 0.0)

    def progress(self, line: int, now_s: float) -> Progress:
        """Where the print is when the first `line` commands are done."""
        plan = self._timeline
        planned_s, printed_s = plan.elapsed_s(line), self.printed_s(now_s)
        layer = plan.layer(line)
        if layer > 0 and self._first_layer is None:
            # What comes before (homing, levelling, purging) says nothing about the pace.
            self._first_layer = (planned_s, printed_s)
        return Progress(
            line=line,
            lines=plan.lines,
            layer=layer,
            layers=len(plan.layer_lines),
            done=min(planned_s / plan.total_s, 1.0) if plan.total_s > 0 else 0.0,
            elapsed_s=round(printed_s, 1),
            remaining_s=round((plan.total_s - planned_s) * self._pace(planned_s, printed_s), 1),
        )

    def _pace(self, planned_s: float, printed_s: float) -> float:
        """Real seconds for a planned one."""
        if self._first_layer is None:
            return 1.0
        trust_s = max(TRUST_IN_PLAN * self._timeline.total_s, 1.0)
        planned_before_s, printed_before_s = self._first_layer
        return (trust_s + printed_s - printed_before_s) / (trust_s + planned_s - planned_before_s)

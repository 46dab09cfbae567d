"""Faults at an appointed place: before the host's n-th line, after the n-th executed command, after n seconds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_WHEN: Final = ("line", "executed", "time")

HELP: Final = """\
line=N ACTION          just before the first byte of the N-th line that the host writes, counted from 1
executed=N ACTION      after the N-th executed command
time=S ACTION          S seconds after the start"""


class ScheduleError(ValueError):
    """A line of a schedule that cannot be understood; the message shows it and says what can."""


@dataclass(frozen=True)
class Appointment:
    """`when` is one of `line`, `executed`, `time`; `action` is for the control socket."""

    when: str
    at: float
    action: str


def read(lines: Sequence[str]) -> list[Appointment]:
    """`line=120 flip`; empty lines and what begins with # are nothing. Raises ScheduleError."""
    return [_appointment(line.strip()) for line in lines if line.strip() and not line.strip().startswith("#")]


def _appointment(line: str) -> Appointment:
    moment, _, action = line.partition(" ")
    when, _, at = moment.partition("=")
    try:
        number = float(at)
    except ValueError:
        number = -1.0
    if when not in _WHEN or number < 0 or not action.strip():
        examples = "'line=120 flip', 'executed=50 reset', 'time=2.5 unplug'"
        raise ScheduleError(f"'{line}' is no fault; say it like {examples}")
    return Appointment(when, number, action.strip())


class Schedule:
    """What is still to come."""

    def __init__(self, appointments: Sequence[Appointment]) -> None:
        in_order = sorted(appointments, key=lambda appointment: appointment.at)
        self._open = {when: [a for a in in_order if a.when == when] for when in _WHEN}
        self._line = 1

    def pieces(self, data: bytes) -> Iterator[tuple[list[str], bytes]]:
        """The host's bytes, cut before each line that has an appointment, with its actions."""
        waiting = self._open["line"]
        while data:
            actions = self._due("line", self._line)
            lines = int(waiting[0].at) - self._line if waiting else 0
            end = _end_of_line(data, lines) if waiting else len(data)
            piece, data = data[:end], data[end:]
            self._line += piece.count(b"\n")
            yield actions, piece

    def executed(self, count: int) -> list[str]:
        """Actions that are due after so many commands."""
        return self._due("executed", count)

    def elapsed(self, seconds: float) -> list[str]:
        """Actions that are due so long after the start."""
        return self._due("time", seconds)

    def next_time(self) -> float | None:
        """Seconds after the start when something is due."""
        return self._open["time"][0].at if self._open["time"] else None

    def _due(self, when: str, now: float) -> list[str]:
        waiting = self._open[when]
        actions = []
        while waiting and waiting[0].at <= now:
            actions.append(waiting.pop(0).action)
        return actions


def _end_of_line(data: bytes, lines: int) -> int:
    """Behind so many line ends, or the end."""
    end = 0
    for _ in range(lines):
        found = data.find(b"\n", end)
        if found < 0:
            return len(data)
        end = found + 1
    return end

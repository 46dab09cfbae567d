"""What is counted of prints, and what follows from it. Pure."""

from dataclasses import dataclass, fields
from typing import Final

from firmware_bridge.contract import JobState

SUCCEEDED: Final = frozenset({JobState.COOLING, JobState.READY, JobState.COLLECTED})
STOPPED: Final = frozenset({JobState.CANCELLED})
"""By people. What began and is in neither set has failed."""


@dataclass(frozen=True)
class Tally:
    """Prints that began, by how they ended; `unbegun`: left the queue before. `own`: of a visitor's own version.

    `seconds`: of printing. `grams`: of what succeeded, as the slicer computed it; `lost_grams`: of what did not,
    in proportion to the time that it printed.
    """

    succeeded: int = 0
    stopped: int = 0
    failed: int = 0
    unbegun: int = 0
    own: int = 0
    seconds: float = 0.0
    grams: float = 0.0
    lost_grams: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)))

    @property
    def begun(self) -> int:
        """All that heated up at least."""
        return self.succeeded + self.stopped + self.failed

    @property
    def hours(self) -> float:
        """Of printing."""
        return self.seconds / 3600

    @property
    def success(self) -> float | None:
        """From 0 to 1: of those that were not stopped by people; None where there are none."""
        tried = self.succeeded + self.failed
        return self.succeeded / tried if tried else None

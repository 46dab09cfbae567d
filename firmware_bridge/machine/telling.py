"""What the printer's thread tells about a connection: measurements each second, questions as they change. Pure."""

from typing import Final

from firmware_bridge.contract import Attention, Progress, Question
from firmware_bridge.machine.asking import Asking
from firmware_bridge.machine.console import Console
from firmware_bridge.machine.health import Meter
from firmware_bridge.machine.interface import Asked, Measured, NeedsAttention
from firmware_bridge.machine.printing import Print

MEASURED_EVERY_S: Final = 1.0


class Telling:
    """`restart` with each job, and when the printer is known: counts and times are from then on."""

    def __init__(self, console: Console, asking: Asking) -> None:
        self._console = console
        self._asking = asking
        self._told: tuple[Attention | None, Question | None] = (None, None)
        self._measured_at = console.now
        self.restart()

    def restart(self) -> None:
        """Something begins: a connection, a job."""
        self._meter = Meter(self._console.link, self._console.now)
        self._began_at = self._console.now

    def came(self, now: float) -> None:
        """After something came, on the short way too."""
        if self._meter.is_timing:
            self._meter.heard(self._console.link, now)

    def went(self, now: float) -> None:
        """After something may have gone."""
        self._meter.sent(self._console.link, now)

    def tell_asking(self) -> None:
        """What people are asked, where that has changed."""
        attention, question = self._asking.attention, self._asking.question
        if attention is not self._told[0]:
            self._console.emit(NeedsAttention(attention))
        if question is not self._told[1]:
            self._console.emit(Asked(question))
        self._told = (attention, question)

    def nothing_asked(self) -> None:
        """The connection is over, and with it whatever was asked."""
        if self._told != (None, None):
            self._console.emit(NeedsAttention(None))
            self._console.emit(Asked(None))

    def tell_measured(self, job: Print | None) -> None:
        """Temperatures, progress and the link's health, when it is time."""
        console = self._console
        if console.now - self._measured_at < MEASURED_EVERY_S:
            return
        self._measured_at = console.now
        line, starved = (job.line, job.starved) if job is not None else (0, 0)
        health = self._meter.health(console.link, console.now, line, starved)
        console.emit(Measured(console.temperatures, self._progress(job) if job is not None else None, health))

    def _progress(self, job: Print) -> Progress:
        line, lines = max(0, job.line - self._console.link.in_flight), job.source.total
        return Progress(
            line=line,
            lines=lines,
            layer=0,
            layers=0,
            done=line / lines if lines else 0.0,
            elapsed_s=self._console.now - self._began_at,
            remaining_s=None,
        )

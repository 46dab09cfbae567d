"""What is outside: the collection, the printer, the clock, as frozen data."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalogue.packs import ToolpathPack
from firmware_bridge.contract import Info, Job, State, Telemetry
from kiosk.domain.cooling import Sample
from kiosk.domain.piece import Piece
from kiosk.domain.setup import Setup


@dataclass(frozen=True, eq=False)
class JobToolpath:
    """The toolpath of the job on the plate; `pack` is None when there is none."""

    job: str
    pack: ToolpathPack | None


@dataclass(frozen=True)
class World:
    """What is outside: the collection, and the printer as the bridge tells it (`state` None: no bridge).

    `now` is the local time on the clock, `uptime_s` never jumps; `state` came at `state_at_s` of it. `is_roomy`:
    the keyboard fits beside what is made with it. `has_low_reach`: the glass is so high that controls can be put
    low. `pictures` is the folder of those that are no card's. `refused_words` the library does not print.
    `can_practise`: there is a simulated printer to train with. `setup`: None where nobody watches over it.
    """

    now: datetime
    uptime_s: float = 0.0
    pieces: tuple[Piece, ...] = ()
    pictures: Path | None = None
    cards_per_page: int = 6
    is_roomy: bool = True
    has_low_reach: bool = True
    refused_words: frozenset[str] = frozenset()
    can_practise: bool = False
    setup: Setup | None = None
    info: Info | None = None
    state: State | None = None
    state_at_s: float = 0.0
    telemetry: Telemetry | None = None
    cooling_since: Sample | None = None
    toolpath: JobToolpath | None = None

    def picture(self, name: str) -> Path | None:
        """A picture that is no card's."""
        return self.pictures / f"{name}.png" if self.pictures else None

    def piece(self, card: str | None) -> Piece | None:
        """The collection's model of that card."""
        return next((piece for piece in self.pieces if piece.card.id == card), None)

    @property
    def is_practice(self) -> bool:
        """An exercise: the bridge that answers has a simulated printer."""
        return bool(self.info and self.info.practice)

    @property
    def clock_trusted(self) -> bool:
        """Clock times may be shown; else durations."""
        return self.state is None or self.state.clock_trusted

    @property
    def closes_in_s(self) -> float | None:
        """Until the library closes, now; None where there are no hours, or the clock is not trusted."""
        if self.state is None or self.state.closes_in_s is None:
            return None
        return max(0.0, self.state.closes_in_s - (self.uptime_s - self.state_at_s))


def jobs(world: World) -> tuple[Job, ...]:
    """Every job that the bridge has: the one on the plate, those in the queue, those that staff looks at first."""
    if world.state is None:
        return ()
    return tuple(filter(None, (world.state.job, *world.state.queue, *world.state.for_staff)))

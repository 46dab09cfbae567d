"""How warm nozzle and bed are: each goes towards its target, or the room, as a body does. Pure."""

import math
from dataclasses import dataclass
from typing import Final

from firmware_bridge.contract import Temperatures

ROOM_C: Final = 21.0
NOZZLE_C: Final = 215.0
BED_C: Final = 60.0
NOZZLE_S: Final = 45.0
BED_S: Final = 110.0


@dataclass(frozen=True)
class Warmth:
    """Celsius."""

    nozzle_c: float = ROOM_C
    bed_c: float = ROOM_C

    def after(self, seconds: float, *, is_heating: bool) -> "Warmth":
        """Towards the targets of a print, or the room."""
        nozzle_to, bed_to = (NOZZLE_C + 6, BED_C + 3) if is_heating else (ROOM_C, ROOM_C)
        warmer = Warmth(
            _towards(self.nozzle_c, nozzle_to, seconds, NOZZLE_S), _towards(self.bed_c, bed_to, seconds, BED_S)
        )
        return Warmth(min(warmer.nozzle_c, NOZZLE_C), min(warmer.bed_c, BED_C)) if is_heating else warmer

    @property
    def is_hot(self) -> bool:
        """A print may begin."""
        return self.nozzle_c >= NOZZLE_C - 2 and self.bed_c >= BED_C - 2

    @property
    def is_cold(self) -> bool:
        """It can be touched."""
        return self.nozzle_c < 45 and self.bed_c < 35

    def reading(self, wobble: float, *, is_heating: bool) -> Temperatures:
        """As a sensor says it, `wobble` beside the truth."""
        return Temperatures(
            nozzle_c=round(self.nozzle_c + wobble, 1),
            nozzle_target_c=NOZZLE_C if is_heating else 0.0,
            bed_c=round(self.bed_c + wobble / 3, 1),
            bed_target_c=BED_C if is_heating else 0.0,
        )


def _towards(now: float, target: float, seconds: float, slowness_s: float) -> float:
    return target + (now - target) * math.exp(-seconds / slowness_s)

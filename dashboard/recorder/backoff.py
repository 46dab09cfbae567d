"""How long to wait before the next try. Pure but for the dice."""

import random
from collections.abc import Iterator
from typing import Final

FIRST_S: Final = 0.5
LONGEST_S: Final = 30.0


def delays(dice: random.Random) -> Iterator[float]:
    """Seconds, for ever: half to all of a step that doubles, so that a thousand clients do not come at once."""
    step = FIRST_S
    while True:
        yield step * dice.uniform(0.5, 1.0)
        step = min(step * 2, LONGEST_S)

"""How long to wait before the next try. Pure but for the dice."""

import random
from collections.abc import Iterator
from typing import Final

FIRST_S: Final = 0.5
LONGEST_S: Final = 30.0


def delays(dice: random.Random, first_s: float = FIRST_S, longest_s: float = LONGEST_S) -> Iterator[float]:
    """Seconds, for ever: half to all of a step that doubles, so that a thousand clients do not come at once."""
    step = first_s
    while True:
        yield step * dice.uniform(0.5, 1.0)
        step = min(step * 2, longest_s)

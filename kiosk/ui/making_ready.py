"""While nobody is there: what the next visitor will see is made, a step at a time, and Python's collector runs.

What is made the first time stays: the collector would look through all of it under somebody's finger.
"""

import gc
from collections.abc import Callable, Iterator

_WHOLE_COLLECTION = 1000
"""Collections of the middle generation before one of all: so rare that one was made here before."""


class MakingReady:
    """`prepare` begins anew: one short step at a time."""

    def __init__(self, prepare: Callable[[], Iterator[None]]) -> None:
        self._prepare = prepare
        self._steps: Iterator[None] | None = None
        self._was_ready = False

    def begin(self) -> None:
        """The program has come up: what there is by now stays too."""
        gc.freeze()
        gc.set_threshold(*gc.get_threshold()[:2], _WHOLE_COLLECTION)

    def step(self) -> bool:
        """True: all is ready."""
        if self._steps is None:
            gc.collect()  # what the last visitor left behind
            self._steps = self._prepare()
        is_ready = next(self._steps, self) is self
        if not self._was_ready:
            gc.collect()
            gc.freeze()
        self._was_ready |= is_ready
        return is_ready

    def stop(self) -> None:
        """Somebody is there, or all was drawn anew."""
        self._steps = None

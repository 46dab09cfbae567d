"""The one thread that writes to the disk, so that nobody else ever waits for it."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Final

from firmware_bridge.journal.journal import JournalError

log = logging.getLogger(__name__)

RETRY_S: Final = 1.0
LAST_TRY_S: Final = 3.0
"""How long a closing bridge keeps trying to write to a full disk."""

Action = Callable[[], None]


class Writer:
    """Runs actions in order. One that raises JournalError is tried again until it succeeds: order is kept.

    `on_trouble(True)` is called when the disk refuses, `on_trouble(False)` when it takes again; both, and every
    `then`, on the writer's thread.
    """

    def __init__(self, on_trouble: Callable[[bool], None]) -> None:
        self._on_trouble = on_trouble
        self._actions: queue.SimpleQueue[tuple[Action, Action | None] | None] = queue.SimpleQueue()
        self._give_up_s: float | None = None
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, action: Action, then: Action | None = None) -> None:
        """Run `action`, and `then` when it has succeeded."""
        self._actions.put((action, then))

    def close(self) -> None:
        """Write what is waiting, join the thread."""
        self._give_up_s = time.monotonic() + LAST_TRY_S
        self._actions.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (item := self._actions.get()) is not None:
            action, then = item
            if self._insist(action) and then is not None:
                then()

    def _insist(self, action: Action) -> bool:
        """Whether it succeeded; False only while closing."""
        in_trouble = False
        while True:
            try:
                action()
            except (JournalError, OSError) as error:
                if not in_trouble:
                    log.error("%s", error)
                    self._on_trouble(True)
                in_trouble = True
                if self._give_up_s is not None and time.monotonic() > self._give_up_s:
                    return False
                time.sleep(RETRY_S)
            else:
                if in_trouble:
                    log.info("the disk takes writes again")
                    self._on_trouble(False)
                return True

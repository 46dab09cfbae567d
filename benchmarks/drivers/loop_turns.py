"""What a turn of the kiosk's loop took, and what it spent that on. Times in seconds."""

import gc
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

_NS: Final = 1e-9
_RASTERISER: Final = "llvmpipe"
"""Its threads' names begin with this: where GL is software they fill in the pixels."""


@dataclass(frozen=True)
class Turn:
    """`passed_s` is what a visitor notices; the rest tells why.

    `own_cpu_s`: the loop's own thread. `cpu_s`: all threads. `queued_s`: the loop or the rasteriser could have
    gone on, but others had the processors. `collecting_s`: Python's collector. The last three part `passed_s`: the
    finger's own event, the clock's events (with its rest until the next frame is due), drawing on the window.
    """

    step: str
    passed_s: float
    own_cpu_s: float
    cpu_s: float
    queued_s: float
    collecting_s: float
    finger_s: float
    clock_s: float
    drawing_s: float


class Hand:
    """One of Kivy's input providers: it is asked for touches when a touchscreen would be."""

    def __init__(self) -> None:
        self.does: Callable[[], None] | None = None
        self.took_s = 0.0

    def start(self) -> None:
        """Kivy's own."""

    def stop(self) -> None:
        """Kivy's own."""

    def update(self, dispatch_fn: object) -> None:
        """Kivy's own: what the hand does now."""
        does, self.does = self.does, None
        if does:
            begin_s = time.perf_counter()
            does()
            self.took_s = time.perf_counter() - begin_s


class TurnMeter:
    """`measured` runs one turn. Make it in the thread of the loop, after GL has started."""

    def __init__(self, loop: Any, window: Any) -> None:
        self.turns: list[Turn] = []
        self._idle, self._hear, self._hand = loop.idle, window.mainloop, Hand()
        loop.add_input_provider(self._hand)
        self._queues = _schedules()
        self._drawing_from_s = self._collecting_s = self._collecting_from_s = 0.0
        gc.callbacks.append(self._collects)
        window.bind(on_draw=self._begins_to_draw)

    def measured(self, step: str, finger: Callable[[], None] | None) -> Turn:
        """One turn of the loop, in which that finger's event comes."""
        queued_s, cpu_s, own_cpu_s = self._queued_s(), time.process_time(), time.thread_time()
        self._drawing_from_s = self._collecting_s = 0.0
        self._hand.does, self._hand.took_s = finger, 0.0
        begin_s = time.perf_counter()
        self._idle()
        self._hear()
        end_s = time.perf_counter()
        drawing_from_s = self._drawing_from_s or end_s
        turn = Turn(
            step=step,
            passed_s=end_s - begin_s,
            own_cpu_s=time.thread_time() - own_cpu_s,
            cpu_s=time.process_time() - cpu_s,
            queued_s=self._queued_s() - queued_s,
            collecting_s=self._collecting_s,
            finger_s=self._hand.took_s,
            clock_s=drawing_from_s - begin_s - self._hand.took_s,
            drawing_s=end_s - drawing_from_s,
        )
        self.turns.append(turn)
        return turn

    def worst(self, count: int) -> dict[str, list[dict[str, Any]]]:
        """As dictionaries: those that took longest, and those that worked most."""
        return {
            "longest": _most(self.turns, lambda turn: turn.passed_s, count),
            "heaviest": _most(self.turns, lambda turn: turn.cpu_s, count),
        }

    def _begins_to_draw(self, *_: object) -> None:
        self._drawing_from_s = time.perf_counter()

    def _collects(self, phase: str, _info: object) -> None:
        if phase == "start":
            self._collecting_from_s = time.perf_counter()
        else:
            self._collecting_s += time.perf_counter() - self._collecting_from_s

    def _queued_s(self) -> float:
        """The second figure of /proc/…/schedstat."""
        return sum(int(os.pread(file, 100, 0).split()[1]) for file in self._queues) * _NS


def _schedules() -> list[int]:
    """Of this thread and of the rasteriser's: files that stay open, so that measuring itself costs little."""
    threads = Path(f"/proc/{os.getpid()}/task")
    own = threads / str(threading.get_native_id())
    drawing = [thread for thread in threads.iterdir() if (thread / "comm").read_text().startswith(_RASTERISER)]
    return [os.open(thread / "schedstat", os.O_RDONLY) for thread in (own, *drawing)]


def _most(turns: Sequence[Turn], by: Callable[[Turn], float], count: int) -> list[dict[str, Any]]:
    return [asdict(turn) for turn in sorted(turns, key=by, reverse=True)[:count]]

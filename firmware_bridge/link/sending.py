"""What goes out: how many lines at once, in which form, the fences between them. Why so stands in window.py."""

import contextlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import Final

from firmware_bridge.link import framing
from firmware_bridge.link.dialects import Manners, is_ordinary, is_unbounded
from firmware_bridge.link.opening import Opening
from firmware_bridge.link.outbox import BACKSPACE, Outbox
from firmware_bridge.link.reel import Reel

FENCE: Final = b"M105"
PROOF: Final = FENCE + b" " * 76
"""A long fence: it changes nothing, and tells whether the wire is sound."""
FENCE_EVERY_LINES: Final = 500
AHEAD_LINES: Final = 64
"""Framed at once."""
LOW_LINES: Final = 16
ERASE_TRIALS: Final = 3
TRIAL: Final = b"?" + BACKSPACE
"""Before a fence: where the backspace is not taken, that line is an unknown command instead."""


@dataclass(frozen=True)
class Limits:
    """What may be in flight: `bytes` framed, `lines`; `baud` says how long bytes are under way."""

    bytes: int
    lines: int
    baud: int = 115_200


class Sending:
    """The lines, the window over them, and what is to be written.

    `alone`: the line in flight may take any time, and nothing goes beside it. `trial`: the number of the fence
    that has a backspace before it. `fence_alone_at`: when the last fence went, if it went alone.
    """

    def __init__(self, manners: Manners, limits: Limits) -> None:
        if manners.transport_lines:
            limits = replace(limits, bytes=manners.transport_bytes, lines=manners.transport_lines)
        self.limits = limits
        self.reel = Reel()
        self.out = Outbox()
        first = limits.lines if manners.transport_lines else 1
        self.opening = Opening(limits.lines, guarded=manners.cuts_lines, first=first)
        self.checks = manners.checks_lines
        self.alone = False
        self.fence_due = False
        self.trials = ERASE_TRIALS if manners.may_erase else 0
        self.trial: int | None = None
        self.fence_alone_at: float | None = None
        self._fence_at = FENCE_EVERY_LINES
        self._source: deque[bytes] | None = None

    def restart(self) -> None:
        """The next line is 1."""
        self.reel.restart()
        self._fence_at = FENCE_EVERY_LINES

    def learn_queue(self, lines: int) -> None:
        """The idle printer says that its command queue has so many places; one stays free, as ever."""
        self.opening.most = max(self.opening.most, lines - 1)

    def hello(self) -> None:
        """Ask the firmware to count from 1."""
        self.out.put(framing.HELLO if self.checks else framing.PLAIN_HELLO)

    # --- may it go --------------------------------------------------------------------------------------

    @property
    def has_repeats(self) -> bool:
        """Lines are to be sent again."""
        return self.reel.end < self.reel.next

    @property
    def repeat_size(self) -> int:
        """Bytes of the next line that is to be sent again."""
        return len(self.reel.frame(self.reel.end))

    @property
    def fence_size(self) -> int:
        """Bytes of a fence, at most."""
        return framing.framed_size(self.reel.next, FENCE)

    @property
    def end_of_whole(self) -> int:
        """Lines before it are on their way as a whole; the one that is held open is not."""
        return self.reel.end - self.out.holds

    def fits(self, size: int) -> bool:
        """So many bytes may go as one line now."""
        reel = self.reel
        if not reel.lines:
            return True
        return not self.alone and reel.lines < self.opening.lines and reel.size + size <= self.limits.bytes

    def may_send(self, command: bytes) -> bool:
        """A new line may go now, if nothing comes before what is new."""
        if not self.reel.lines:
            return True
        return not is_unbounded(command) and self.fits(framing.framed_size(self.reel.next, command))

    # --- new lines --------------------------------------------------------------------------------------

    def send(self, command: bytes) -> int:
        """One new line; returns its number. Raises FramingError."""
        number = self.reel.next
        self.reel.add(self._framed(number, command))
        self.alone = is_unbounded(command)
        self._go(_is_fence(command))
        self._count_to_fence()
        return number

    def stream(self, lines: deque[bytes]) -> int:
        """As many ordinary lines as may go now, taken from the left; returns how many. Raises FramingError."""
        reel, opening = self.reel, self.opening
        if lines is not self._source:
            reel.drop_ahead()
            self._source = lines
        if reel.ahead < opening.lines:
            self._frame_ahead(lines)
        begin = reel.end
        end = reel.reach(self.limits.bytes, opening.lines)
        if end <= begin:  # less than nothing where a doubt has overbooked the window
            if reel.lines or not reel.ahead:
                return 0
            end = begin + 1
        if opening.holds:
            while reel.end < end:
                self._go(is_fence=False)
        else:
            self.out.put(reel.take(end))
        self._count_to_fence()
        for _ in range(end - begin):
            lines.popleft()
        return end - begin

    def prepare(self) -> None:
        """Frame lines ahead while nobody waits for them; one that cannot be framed is met when its turn comes."""
        if self._source is not None and self.reel.ahead < LOW_LINES:
            with contextlib.suppress(framing.FramingError):
                self._frame_ahead(self._source)

    def fence(self, now: float) -> None:
        """An M105, to see where the printer is."""
        self.fence_due = False
        self._fence_at = self.reel.next + FENCE_EVERY_LINES
        self.fence_alone_at = None if self.reel.lines else now
        self.reel.add(self._framed(self.reel.next, FENCE))
        self._go(is_fence=True)

    def _frame_ahead(self, lines: deque[bytes]) -> None:
        """Frame what stands next in `lines`, up to the next fence or what is not ordinary."""
        reel = self.reel
        first = reel.next + reel.ahead
        room = min(AHEAD_LINES, self._fence_at + 1 - first)
        commands = takewhile(is_ordinary, islice(lines, reel.ahead, reel.ahead + room))
        reel.add_ahead(self._framed_all(first, commands))

    def _framed_all(self, first: int, commands: Iterable[bytes]) -> list[bytes]:
        return framing.frame_all(first, commands) if self.checks else list(map(framing.plain, commands))

    def _framed(self, number: int, command: bytes) -> bytes:
        return framing.frame(number, command) if self.checks else framing.plain(command)

    def _count_to_fence(self) -> None:
        if self.reel.next > self._fence_at:
            self.fence_due = True
            self._fence_at = self.reel.next + FENCE_EVERY_LINES

    # --- again ------------------------------------------------------------------------------------------

    def repeat(self) -> None:
        """The next of the lines that are to be sent again."""
        framed = self.reel.frame(self.reel.end)
        command = framing.command_of(framed)
        self.alone = self.alone or is_unbounded(command)
        self._go(_is_fence(command))

    def _go(self, is_fence: bool) -> None:
        """The line `reel.end` goes out."""
        reel = self.reel
        number, is_first = reel.end, not reel.lines
        framed = reel.take(number + 1)
        if is_fence:
            reel.fences.append(number)
        if is_first and is_fence and self.trials > 0:
            self.trials -= 1
            self.trial = number
            self.out.put(TRIAL)
        if is_first or is_fence or not self.opening.holds:
            self.out.put(framed)
        else:
            self.out.put_held(framed)


def _is_fence(command: bytes) -> bool:
    return command.rstrip() == FENCE

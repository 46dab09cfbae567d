"""Who is told of which trouble, and when. Pure: what is open and a clock in, notices out.

One notice for each person and trouble: told once, never reminded, and told again when it is over. What is over
before it was told is never told. A trouble that comes back within `SETTLE_MS` was never away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from firmware_bridge.contract import AlertCode

NOT_REPORTING: Final = "not_reporting"
NOT_LISTENING: Final = "not_listening"
"""The recorder is away: nobody hears any kiosk."""
SETTLE_MS: Final = 30_000
_MINUTE_MS: Final = 60_000
PATIENCE_MS: Final = {
    AlertCode.PRINTER_MISSING.value: 10 * _MINUTE_MS,
    NOT_REPORTING: 5 * _MINUTE_MS,
    NOT_LISTENING: 5 * _MINUTE_MS,
}
"""What often passes by itself is told only when it has lasted; all else at once."""


@dataclass(frozen=True)
class Trouble:
    """Open now. `kiosk` '': the region itself. `in_hand`: somebody comes, so nobody else has to be told."""

    kiosk: str
    what: str
    since_ms: int
    detail: str = ""
    in_hand: bool = False

    def is_ripe(self, now_ms: int) -> bool:
        """It has lasted long enough to be told. A kiosk's clock that is ahead holds nothing back."""
        lasted_ms = now_ms - self.since_ms
        return not self.in_hand and (lasted_ms < 0 or lasted_ms >= PATIENCE_MS.get(self.what, 0))


@dataclass(frozen=True)
class Quiet:
    """Hours without mail, in minutes of the local day; they may go over midnight."""

    begin: int
    end: int

    def holds(self, minute: int) -> bool:
        """Whether that minute of the day is quiet."""
        if self.begin <= self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


@dataclass(frozen=True)
class Person:
    """Somebody who wants mail. `kiosks` None: of the whole region."""

    id: int
    address: str
    language: str
    kiosks: frozenset[str] | None
    quiet: Quiet | None = None

    def is_told_of(self, kiosk: str) -> bool:
        """Whether this kiosk is theirs; the region itself is only for who has the whole of it."""
        return self.kiosks is None or kiosk in self.kiosks


@dataclass(frozen=True)
class Notice:
    """What a person is to know of a trouble, or knows. `gone_ms`: since when it is away."""

    person: int
    kiosk: str
    what: str
    since_ms: int
    detail: str = ""
    told_ms: int | None = None
    gone_ms: int | None = None


@dataclass(frozen=True)
class Due:
    """What a letter says: what is new, and what is over."""

    new: tuple[Notice, ...] = ()
    over: tuple[Notice, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.over)


def review(
    people: Sequence[Person], troubles: Iterable[Trouble], notices: Iterable[Notice], now_ms: int
) -> list[Notice]:
    """The notices as they should be now; what is left out needs nobody's knowledge any more."""
    open_now = {(trouble.kiosk, trouble.what): trouble for trouble in troubles}
    present = {person.id: person for person in people}
    kept = {
        (notice.person, notice.kiosk, notice.what): _looked_at(notice, open_now, now_ms)
        for notice in notices
        if notice.person in present and present[notice.person].is_told_of(notice.kiosk)
    }
    for person in people:
        for key, trouble in open_now.items():
            if person.is_told_of(trouble.kiosk) and (person.id, *key) not in kept and trouble.is_ripe(now_ms):
                notice = Notice(person.id, trouble.kiosk, trouble.what, trouble.since_ms, trouble.detail)
                kept[person.id, *key] = notice
    return [notice for notice in kept.values() if notice.told_ms is not None or notice.gone_ms is None]


def _looked_at(notice: Notice, open_now: dict[tuple[str, str], Trouble], now_ms: int) -> Notice:
    trouble = open_now.get((notice.kiosk, notice.what))
    if trouble is None:
        return notice if notice.gone_ms is not None else replace(notice, gone_ms=now_ms)
    if notice.told_ms is None and trouble.in_hand:
        return replace(notice, gone_ms=now_ms)
    return replace(notice, gone_ms=None)


def due(person: Person, notices: Iterable[Notice], now_ms: int, minute: int) -> Due:
    """What this person is to be told now; nothing in quiet hours, all that still waits after them."""
    if person.quiet is not None and person.quiet.holds(minute):
        return Due()
    own = [notice for notice in notices if notice.person == person.id]
    return Due(
        new=tuple(n for n in own if n.told_ms is None),
        over=tuple(n for n in own if n.told_ms is not None and _is_over(n, now_ms)),
    )


def _is_over(notice: Notice, now_ms: int) -> bool:
    return notice.gone_ms is not None and now_ms - notice.gone_ms >= SETTLE_MS

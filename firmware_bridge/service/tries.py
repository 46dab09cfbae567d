"""How often a PIN may be guessed: five times, then after a wait that grows and that no restart ends. Pure.

The wait runs on the clock that counts from the machine's start (it never jumps), and is bound to that start by its
id: after another one nobody knows how long the machine was off, so the whole wait begins again.
"""

from typing import Final

from msgspec import Struct

FREE_TRIES: Final = 5
WAITS_S: Final = (30.0, 60.0, 120.0, 300.0, 900.0)
"""After the fifth wrong PIN, the sixth…; the last one for all that follow: 10,000 PINs take over three months."""


class Tries(Struct, frozen=True, kw_only=True):
    """What is kept on the disk. `until_s`: on the clock of the start of the machine whose id is `boot`."""

    failed: int = 0
    boot: str = ""
    until_s: float = 0.0


def wait_after_s(failed: int) -> float:
    """How long nobody may try after so many wrong PINs in a row."""
    return WAITS_S[min(failed - FREE_TRIES, len(WAITS_S) - 1)] if failed >= FREE_TRIES else 0.0


def failed_once_more(tries: Tries, boot: str, now_s: float) -> Tries:
    """A PIN is being tried; counted before it is looked at, so that pulling the plug saves no try."""
    failed = tries.failed + 1
    return Tries(failed=failed, boot=boot, until_s=now_s + wait_after_s(failed))


def in_this_boot(tries: Tries, boot: str, now_s: float) -> Tries:
    """As they stand on this machine's present clock."""
    if tries.boot == boot:
        return tries
    return Tries(failed=tries.failed, boot=boot, until_s=now_s + wait_after_s(tries.failed))


def wait_left_s(tries: Tries, now_s: float) -> float:
    """How long nobody may try yet; `tries` are of this boot."""
    return min(max(0.0, tries.until_s - now_s), wait_after_s(tries.failed))


def tries_left(tries: Tries) -> int:
    """Before the next wait."""
    return max(0, FREE_TRIES - tries.failed)

"""The property is only worth what it finds: with each of these bugs planted in the link, it must fail.

Each cell is one that is proven beside: without the bug it passes.
"""

from collections.abc import Callable
from typing import Any

import pytest
from support.exactly_once.faults import Fault
from support.exactly_once.firmwares import Kind
from support.exactly_once.proof import Cell, finds_a_bug

from firmware_bridge.link import dialects, sending, window
from firmware_bridge.link.credit import Credit
from firmware_bridge.link.doubts import Doubts
from firmware_bridge.link.patience import Patience
from firmware_bridge.link.recovery import Recovery
from firmware_bridge.link.reel import Reel
from firmware_bridge.link.refusals import Refusals
from firmware_bridge.link.replies import Other, Reply, Resend, Started
from firmware_bridge.link.window import Link
from firmware_bridge.profile import Dialect

Plant = Callable[[pytest.MonkeyPatch], None]
BUGS: dict[str, tuple[Plant, Cell, int]] = {}


def bug(name: str, kind: Kind, fault: Fault, examples: int = 150) -> Callable[[Plant], Plant]:
    """`name`: what is wrong with the link; the property must find it in this cell."""

    def put(plant: Plant) -> Plant:
        BUGS[name] = (plant, (kind, fault), examples)
        return plant

    return put


@bug("nothing is numbered or summed up", Kind.MARLIN_21, Fault.FLIP_DOWN)
def _no_checksum(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(dialects.MANNERS, Dialect.MARLIN, dialects.Manners(checks_lines=False))


@bug("the sum is the last line's", Kind.PRUSA, Fault.WAIT)
def _wrong_checksum(patch: pytest.MonkeyPatch) -> None:
    right = sending.framing.frame_all
    patch.setattr(sending.framing, "frame_all", lambda first, commands: [b"N1*78\n", *right(first, commands)[1:]])


@bug("an ok counts twice", Kind.PRUSA, Fault.STALL)
def _double_credit(patch: pytest.MonkeyPatch) -> None:
    right = Reel.credit_up_to
    patch.setattr(Reel, "credit_up_to", lambda reel, number: right(reel, min(number + 1, reel.end - 1)))


@bug("one line behind what was asked for", Kind.PRUSA, Fault.DROP_DOWN)
def _one_too_far(patch: pytest.MonkeyPatch) -> None:
    _with_number(patch, 1)


@bug("one line before what was asked for", Kind.PRUSA, Fault.FLIP_DOWN)
def _one_too_early(patch: pytest.MonkeyPatch) -> None:
    _with_number(patch, -1)


def _with_number(patch: pytest.MonkeyPatch, by: int) -> None:
    right = Refusals.resend

    def resend(refusals: Refusals, resend: Resend, now: float) -> None:
        right(refusals, Resend(None if resend.line is None else resend.line + by, resend.with_ok), now)

    patch.setattr(Refusals, "resend", resend)


@bug("one byte more than the buffer holds", Kind.PRUSA, Fault.STALL, examples=400)
def _one_byte(patch: pytest.MonkeyPatch) -> None:
    right = Reel.reach
    patch.setattr(Reel, "reach", lambda reel, size, lines: right(reel, size + 1, lines))


@bug("the ok behind a Resend is a line's", Kind.MARLIN_21, Fault.FLIP_DOWN)
def _refusals_ok(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Recovery, "swallows", lambda recovery, now: False)


@bug("a fence's answer is not held against the count", Kind.KLIPPER, Fault.LINE_LOST)
def _fence_unchecked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Credit, "missed_oks", lambda credit: None)


@bug("each stale Resend is answered", Kind.PRUSA, Fault.STORM)
def _each_resend(patch: pytest.MonkeyPatch) -> None:
    right = Refusals.resend

    def resend(refusals: Refusals, resend: Resend, now: float) -> None:
        refusals._exchange.recovery.quiet_until = None
        right(refusals, resend, now)

    patch.setattr(Refusals, "resend", resend)


@bug("a Resend is obeyed where nothing is numbered", Kind.REPRAPFIRMWARE, Fault.STORM)
def _guess(patch: pytest.MonkeyPatch) -> None:
    right = window.parse

    def parse(line: bytes, dialect: Dialect) -> Reply:
        return right(line, Dialect.MARLIN if line.startswith(b"Resend") else dialect)

    def resend(refusals: Refusals, resend: Resend, now: float) -> None:
        reel = refusals._exchange.reel
        if resend.line is not None and reel.first_kept <= resend.line < reel.next:
            reel.rewind(resend.line)

    patch.setattr(window, "parse", parse)
    patch.setattr(Refusals, "resend", resend)


@bug("a line without an ok is sent again, without a question", Kind.KLIPPER, Fault.STALL)
def _again_on_a_guess(patch: pytest.MonkeyPatch) -> None:
    def doubt(doubts: Doubts, now: float) -> None:
        doubts._exchange.patience.doubt(now)
        doubts._exchange.reel.rewind(doubts._exchange.reel.oldest)

    patch.setattr(Doubts, "doubt", doubt)


@bug("a restart is not noticed", Kind.MARLIN_11, Fault.RESET)
def _no_reset(patch: pytest.MonkeyPatch) -> None:
    _deaf_to(patch, Started)


def _deaf_to(patch: pytest.MonkeyPatch, kind: type[Any]) -> None:
    right = window.parse

    def parse(line: bytes, dialect: Dialect) -> Reply:
        reply = right(line, dialect)
        return Other("") if isinstance(reply, kind) else reply

    patch.setattr(window, "parse", parse)


@bug("a Resend is not noticed", Kind.MARLIN_208, Fault.DROP_DOWN)
def _no_resend(patch: pytest.MonkeyPatch) -> None:
    _deaf_to(patch, Resend)


@bug("patience never ends", Kind.PRUSA, Fault.HANG)
def _for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Patience, "fault", lambda patience, now, unbounded: None)


@bug("what is sent is done", Kind.PRUSA, Fault.LINE_LOST)
def _sent_is_done(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Link, "has_passed", lambda link, number: number < link._reel.end)


@bug("whole lines behind a line that may be refused", Kind.MARLIN_21, Fault.STORM, examples=600)
def _unguarded(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(dialects.MANNERS, Dialect.MARLIN, dialects.Manners(runs_fragments=False))


@bug("nothing is asked where an ok is missing", Kind.PRUSA, Fault.REFUSAL_LOST)
def _nothing_is_lost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Doubts, "doubt", lambda doubts, now: doubts._exchange.patience.doubt(now))


@pytest.mark.parametrize("name", BUGS)
def test_the_property_finds_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, cell, examples = BUGS[name]
    plant(monkeypatch)
    assert finds_a_bug(cell, examples), f"with the bug planted, {cell[0]} and '{cell[1]}' find nothing"

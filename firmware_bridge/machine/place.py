"""Where the head really is: what M114 says beside what the stream leads to. Pure.

A difference means that something was carried out that the file does not have, or that something was not. Neither
can be mended, since nobody knows what else went wrong: the job is failed with POSITION_LOST. One answer is no
proof, since the wire may have damaged it; two that are alike and both differ are. A printer that does not answer
is not asked again: not every firmware can.
"""

from dataclasses import replace
from typing import Final

from firmware_bridge.contract import Fault, FaultCode
from firmware_bridge.gcode.read import Modal
from firmware_bridge.link.replies import Position
from firmware_bridge.machine.console import Console, Procedure
from firmware_bridge.machine.interruptions import Ruined

TOLERANCE_MM: Final = 0.06
"""Answers are rounded to 0.01 mm, and some firmwares round to whole steps before."""
TOLERANCE_E_MM: Final = 0.5
"""The firmware adds in 32-bit floats."""
ATTEMPTS: Final = 4


def differences(modal: Modal, place: Position) -> dict[str, tuple[float, float]]:
    """Axis -> (where it should be, where it is), beyond the tolerance. Axes adrift should be where they are."""
    pairs = {"X": (modal.x, place.x), "Y": (modal.y, place.y), "Z": (modal.z, place.z)}
    found = {
        axis: pair
        for axis, pair in pairs.items()
        if axis not in modal.adrift and abs(pair[0] - pair[1]) > TOLERANCE_MM
    }
    if modal.e_absolute and place.e is not None and abs(modal.e - place.e) > TOLERANCE_E_MM:
        found["E"] = (modal.e, place.e)
    return found


def anchored(modal: Modal, place: Position) -> Modal:
    """The state with the places of axes that only the printer knew."""
    known = {axis.lower(): getattr(place, axis.lower()) for axis in modal.adrift}
    return replace(modal, adrift="", **known)


def verified(console: Console, modal: Modal) -> Procedure[Modal]:
    """Compare, when all moves are done; returns the state with every axis known. Raises Ruined."""
    if not modal.homed:
        return modal
    seen: Position | None = None
    for _ in range(ATTEMPTS):
        place = yield from ask(console)
        if place is None:
            return modal
        wrong = differences(modal, place)
        if not wrong:
            return anchored(modal, place)
        if place == seen:
            raise Ruined(Fault(code=FaultCode.POSITION_LOST, detail=_words(wrong)))
        seen = place
    return modal


def ask(console: Console) -> Procedure[Position | None]:
    """M114's answer; None where there is none."""
    console.position = None
    console.say(b"M114")
    yield from console.until_done()
    return console.position


def _words(wrong: dict[str, tuple[float, float]]) -> str:
    said = ", ".join(f"{axis}{is_:g} instead of {axis}{should:g}" for axis, (should, is_) in wrong.items())
    return f"the printer's head is at {said}"

"""The whole list of what may be sent, parameters included, with the reason for what is missing.

Whatever two firmwares might read in two ways is refused as well: Prusa's looks for a `G` anywhere in a line, and
both look for `M110` anywhere, so texts are held to what their command needs.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from firmware_bridge.gcode.read import GcodeError, Words
from firmware_bridge.profile import Dialect

DWELL_MAX_S: Final = 60.0


@dataclass(frozen=True)
class Rule:
    """What one code may carry. `limits`: letter -> (least, most), inclusive; `flags`: letters without a number."""

    limits: dict[str, tuple[float, float]] = field(default_factory=dict)
    flags: str = ""
    needed: str = ""
    only: Dialect | None = None
    text: re.Pattern[str] | None = None


_ANYWHERE: Final = (-1e4, 1e4)
_MOVE: Final = Rule({axis: _ANYWHERE for axis in "XYZE"} | {"F": (1.0, 1e5)})
_HEAT: Final = Rule({"S": (0.0, 1e3), "T": (0.0, 0.0)}, needed="S")
_HEAT_AND_WAIT: Final = Rule({"S": (0.0, 1e3), "R": (0.0, 1e3), "T": (0.0, 0.0)})
_DISPLAY: Final = re.compile(r"(?!.*M110)[^*\\]*")
_VERSION: Final = re.compile(r"U[0-9.]+")
_NAME: Final = re.compile(r'P ?"[A-FH-Z0-9 ]+"')
_ACCELERATION: Final = (1.0, 20_000.0)

# What PrusaSlicer's own start code, body and end code need on our profiles, and no more. In particular not:
#   M0 M1 M25 M600 M601    wait for somebody who has a knob, and we have a screen of our own
#   M20-M30 M928           the card in the printer is nobody's business
#   M92 M301 M304 M303 M206 M851 M500-M502 M997 D-codes
#                          calibration, EEPROM and firmware: they outlive the job
#   M302                   switches off the firmware's own guard against cold extrusion
#   M42 M80 M81 M112 M999  pins, power, halt and its undoing
#   M110 M111 M113 M118 M155 M575
#                          the wire between host and printer is the host's
#   G2 G3 G5               curves whose path we do not follow; G20: inches; G53-G59: other coordinates
JOB: Final[dict[str, Rule]] = {
    # Motion. Where it goes is checked against the volume (`vet`).
    "G0": _MOVE,
    "G1": _MOVE,
    "G4": Rule({"S": (0.0, DWELL_MAX_S), "P": (0.0, DWELL_MAX_S * 1000)}),
    "G21": Rule(),
    "G28": Rule(flags="XYZW"),
    "G29": Rule(only=Dialect.MARLIN),
    # With X Y W H only the area of the first layer is probed (PrusaSlicer 2.9 asks for that).
    "G80": Rule({letter: (0.0, 300.0) for letter in "XYWH"}, only=Dialect.PRUSA),
    "G90": Rule(),
    "G91": Rule(),
    "G92": Rule({"E": _ANYWHERE}, needed="E"),
    "M82": Rule(),
    "M83": Rule(),
    "M84": Rule(flags="XYZE"),
    "M400": Rule(),
    "T0": Rule(),
    # Heat and fan. The profile's caps are checked on top (`vet`).
    "M104": _HEAT,
    "M109": _HEAT_AND_WAIT,
    "M140": _HEAT,
    "M190": _HEAT_AND_WAIT,
    "M106": Rule({"S": (0.0, 255.0), "P": (0.0, 0.0)}),
    "M107": Rule({"P": (0.0, 0.0)}),
    # The display of the printer.
    "M73": Rule({letter: (0.0, 1e6) for letter in "PRQSCD"}),
    "M117": Rule(text=_DISPLAY),
    # How it moves, until the next start of the printer; the slicer writes the machine's own limits here.
    "M201": Rule({axis: _ACCELERATION for axis in "XYZE"}),
    "M203": Rule({axis: (0.1, 500.0) for axis in "XYZE"}),
    "M204": Rule({letter: _ACCELERATION for letter in "PRTS"}),
    "M205": Rule({"S": (0.0, 50.0), "T": (0.0, 50.0), "B": (0.0, 50_000.0), "J": (0.0, 0.2)}
                 | {axis: (0.0, 40.0) for axis in "XYZE"}),
    "M221": Rule({"S": (50.0, 150.0)}),
    "M420": Rule({"S": (0.0, 1.0)}, only=Dialect.MARLIN),
    "M900": Rule({"K": (0.0, 200.0)}),
    # Prusa's own: the extruder motor's current (their profiles set 430 to 538), and checks that only ever stop.
    "M907": Rule({"E": (200.0, 550.0)}, needed="E", only=Dialect.PRUSA),
    "M115": Rule(text=_VERSION, only=Dialect.PRUSA),
    "M862.1": Rule({"P": (0.1, 1.0)}, only=Dialect.PRUSA),
    "M862.2": Rule({"P": (0.0, 1e5)}, only=Dialect.PRUSA),
    "M862.3": Rule(text=_NAME, only=Dialect.PRUSA),
    "M862.5": Rule({"P": (0.0, 1e5)}, only=Dialect.PRUSA),
    "M862.6": Rule(text=_NAME, only=Dialect.PRUSA),
}  # fmt: skip

# What the host itself may send beside a job's lines: questions, the end of waits, its own end of the wire.
_HOST_ONLY: Final[dict[str, Rule]] = {
    "M105": Rule(),
    "M108": Rule(),
    "M110": Rule({"N": (-1.0, 2**31 - 1)}, needed="N"),
    "M112": Rule(),
    "M113": Rule({"S": (0.0, 60.0)}),
    "M114": Rule(),
    "M115": Rule(text=re.compile("")),
    "M155": Rule({"S": (0.0, 60.0)}),
    "M410": Rule(),
    "M876": Rule({"S": (0.0, 9.0)}),
}
_NEVER_FROM_HOST: Final = frozenset({"M109", "M190"})
HOST: Final = {code: rule for code, rule in JOB.items() if code not in _NEVER_FROM_HOST} | _HOST_ONLY


def check_rule(words: Words, table: Mapping[str, Rule], dialect: Dialect) -> None:
    """Raises GcodeError where the table does not allow the command, or not like that."""
    code = words.code
    rule = table.get(code)
    if rule is None or (rule.only is not None and rule.only is not dialect):
        raise GcodeError("not_allowed", f"{code} is not among the commands a job may use here; remove it")
    if rule.text is not None:
        if not rule.text.fullmatch(words.text):
            raise GcodeError("bad_text", f"the text of {code} is none that it may have here; remove it")
        return
    for letter, value in words.values.items():
        _check_word(code, rule, letter, value)
    missing = [letter for letter in rule.needed if letter not in words.values]
    if missing:
        raise GcodeError("incomplete", f"{code} has no {missing[0]}; say it")


def _check_word(code: str, rule: Rule, letter: str, value: float | None) -> None:
    limits = rule.limits.get(letter)
    if value is None:
        if letter not in rule.flags:
            raise GcodeError("no_number", f"{code} has {letter} without a number; give one")
        return
    if limits is None:
        if letter in rule.flags:
            return
        raise GcodeError("not_allowed", f"{letter} is not among what {code} may carry here; remove it")
    least, most = limits
    if not (math.isfinite(value) and least <= value <= most):
        raise GcodeError("out_of_range", f"{code} {letter}{value:g} is outside {least:g} to {most:g}")

"""The safety gate: nothing goes to a printer that has not passed here.

Which commands there may be says `rules`; here is what can only be judged along the way: where the head goes, how
fast, how hot, and in what state the file leaves the printer. Reasons never quote text out of the file: it may be
a visitor's.
"""

import enum
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from firmware_bridge.contract import Refusal
from firmware_bridge.gcode.read import (
    COMMAND_MAX_BYTES,
    FRAMED_MAX_BYTES,
    GcodeError,
    Modal,
    Words,
    commands,
    move_fields,
    parse_line,
    target_c,
)
from firmware_bridge.gcode.rules import HOST, JOB, check_rule
from firmware_bridge.profile import Profile

FILE_MAX_BYTES: Final = 64 * 1024 * 1024
"""Some two million lines, a print of days; a larger file is not a job."""
EXTRUDE_MIN_C: Final = 170.0
"""Marlin's EXTRUDE_MINTEMP: below it E does not move and the print is ruined."""
EXTRUDE_MAX_MM: Final = 200.0
"""Marlin's EXTRUDE_MAXLENGTH: more in one move is not done."""
_ROUNDING_MM: Final = 1e-6


class _Scope(enum.Enum):
    """Whose lines these are."""

    JOB = "job"
    HOST = "host"


@dataclass(frozen=True)
class Extents:
    """Where filament is laid while moving, mm; all 0 where none is."""

    x_min_mm: float = 0.0
    x_max_mm: float = 0.0
    y_min_mm: float = 0.0
    y_max_mm: float = 0.0
    z_min_mm: float = 0.0
    z_max_mm: float = 0.0


@dataclass(frozen=True)
class Vetted:
    """A job that may be sent. `lines` counts commands, as a Plan does; `filament_mm` is net of retractions."""

    lines: int
    extents: Extents
    nozzle_max_c: float
    bed_max_c: float
    filament_mm: float


def vet_file(path: Path, profile: Profile) -> Vetted | Refusal:
    """The verdict on a whole job. Raises OSError where the file cannot be read."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > FILE_MAX_BYTES:
            return Refusal(
                line=0, code="too_big", reason=f"the file is larger than {FILE_MAX_BYTES} bytes; make it smaller"
            )
        return vet_lines(file, profile)


def vet_lines(lines: Iterable[bytes], profile: Profile) -> Vetted | Refusal:
    """The verdict on a whole job, given as the lines of its file; the first fault ends it."""
    vet = _Vet(profile, _Scope.JOB, Modal())
    number = 0
    try:
        for number, command in commands(lines):  # noqa: B007  (the number is for the refusal)
            vet.command(command)
            vet.lines += 1
        number = 0
        return vet.end()
    except GcodeError as fault:
        return Refusal(line=number, code=fault.code, reason=fault.reason)


def vet_host_lines(lines: Iterable[bytes], profile: Profile, modal: Modal) -> Refusal | None:
    """The verdict on lines of the host's own, sent while the printer is in the state `modal` (not changed)."""
    vet = _Vet(profile, _Scope.HOST, replace(modal))
    number = 0
    try:
        for number, command in commands(lines):  # noqa: B007
            vet.command(command)
    except GcodeError as fault:
        return Refusal(line=number, code=fault.code, reason=fault.reason)
    return None


class _Vet:
    """Follows a stream of commands; raises GcodeError at the first that must not be sent."""

    def __init__(self, profile: Profile, scope: _Scope, modal: Modal) -> None:
        self.lines = 0
        self._modal = modal
        self._dialect = profile.dialect
        self._caps = profile.caps
        self._table = JOB if scope is _Scope.JOB else HOST
        # A job takes nothing on trust from whatever ran before it; the host knows where it stands.
        trusted = scope is _Scope.HOST
        self._position_mode_said = trusted
        self._e_mode_said = trusted
        self._hot = trusted and modal.nozzle_c >= EXTRUDE_MIN_C
        volume = profile.volume
        self._feed_max = profile.caps.feedrate_mm_s * 60.0
        self._x_reach = (volume.x_min_mm - _ROUNDING_MM, volume.x_mm + _ROUNDING_MM)
        self._y_reach = (volume.y_min_mm - _ROUNDING_MM, volume.y_mm + _ROUNDING_MM)
        self._z_reach = (-_ROUNDING_MM, volume.z_mm + _ROUNDING_MM)
        self._bed_x = (-_ROUNDING_MM, volume.x_mm + _ROUNDING_MM)
        self._bed_y = (-_ROUNDING_MM, volume.y_mm + _ROUNDING_MM)
        self._model_begun = trusted
        self._has_laid = False
        self._x = _Span()
        self._y = _Span()
        self._z = _Span()
        self._filament_mm = 0.0
        self._nozzle_max_c = 0.0
        self._bed_max_c = 0.0

    def command(self, command: bytes) -> None:
        """Check and follow one command."""
        if len(command) > COMMAND_MAX_BYTES:
            raise GcodeError(
                "too_long",
                f"the command has {len(command)} bytes; with number and checksum the printer reads at most"
                f" {FRAMED_MAX_BYTES}, so it must stay within {COMMAND_MAX_BYTES}",
            )
        fields = move_fields(command)
        if fields is not None:
            x, y, z, e, f = fields
            self._move(
                None if x is None else float(x),
                None if y is None else float(y),
                None if z is None else float(z),
                None if e is None else float(e),
                None if f is None else float(f),
            )
            return
        words = parse_line(command)
        if words is None:
            return
        check_rule(words, self._table, self._dialect)
        if words.code in ("G0", "G1"):
            get = words.values.get
            self._move(get("X"), get("Y"), get("Z"), get("E"), get("F"))
        else:
            self._follow(words)

    def end(self) -> Vetted:
        """The whole job passed: it must have printed something and leave nothing hot."""
        modal = self._modal
        if not self._x.any:
            raise GcodeError("empty", "nothing is printed; slice the model again")
        if modal.nozzle_c > 0:
            raise GcodeError("ends_hot", f"the nozzle stays at {modal.nozzle_c:g} °C; end the file with M104 S0")
        if modal.bed_c > 0:
            raise GcodeError("ends_hot", f"the bed stays at {modal.bed_c:g} °C; end the file with M140 S0")
        return Vetted(
            lines=self.lines,
            extents=Extents(self._x.low, self._x.high, self._y.low, self._y.high, self._z.low, self._z.high),
            nozzle_max_c=self._nozzle_max_c,
            bed_max_c=self._bed_max_c,
            filament_mm=round(self._filament_mm, 3),
        )

    def _follow(self, words: Words) -> None:
        code, values, _ = words
        if code in ("M104", "M109"):
            self._heat_nozzle(code, values)
        elif code in ("M140", "M190"):
            self._heat_bed(code, values)
        elif code in ("G90", "G91"):
            self._position_mode_said = True
            self._e_mode_said = False
        elif code in ("M82", "M83"):
            self._e_mode_said = True
        elif code in ("G28", "G29", "G80"):
            self._check_plate_is_bare(code, values)
        self._modal.apply(words)

    def _check_plate_is_bare(self, code: str, values: Mapping[str, float | None]) -> None:
        only_sideways = code == "G28" and not values.keys().isdisjoint("XY") and "Z" not in values
        if self._has_laid and not only_sideways:
            raise GcodeError("homes_late", f"{code} would press the nozzle into what was printed; home before")

    def _heat_nozzle(self, code: str, values: Mapping[str, float | None]) -> None:
        target = _target(code, values)
        if target > self._caps.nozzle_c:
            raise GcodeError(
                "nozzle_too_hot",
                f"{code} asks for {target:g} °C; this printer's cap is {self._caps.nozzle_c:g} °C",
            )
        self._nozzle_max_c = max(self._nozzle_max_c, target)
        if target < EXTRUDE_MIN_C:
            self._hot = False
        elif code == "M109":
            self._hot = True

    def _heat_bed(self, code: str, values: Mapping[str, float | None]) -> None:
        target = _target(code, values)
        if target > self._caps.bed_c:
            raise GcodeError(
                "bed_too_hot", f"{code} asks for {target:g} °C; the cap here is {self._caps.bed_c:g} °C"
            )
        self._bed_max_c = max(self._bed_max_c, target)

    def _check_feed(self, feed_mm_min: float) -> None:
        if feed_mm_min > self._feed_max:
            raise GcodeError(
                "too_fast",
                f"{feed_mm_min / 60:g} mm/s is asked for; this printer's cap is {self._caps.feedrate_mm_s:g} mm/s",
            )

    def _move(self, x: float | None, y: float | None, z: float | None, e: float | None, f: float | None) -> None:
        if f is not None:
            if f <= 0.0:
                raise GcodeError("no_speed", "the speed F is not above 0; give one in mm/min")
            self._check_feed(f)
        modal = self._modal
        from_x, from_y, from_z = modal.x, modal.y, modal.z
        filament = modal.move(x, y, z, e, f)
        if x is not None or y is not None or z is not None:
            self._check_reach()
        if e is None:
            return
        self._check_filament(filament)
        self._filament_mm += filament
        if filament > 0.0 and (modal.x != from_x or modal.y != from_y):
            self._lay(from_x, from_y, from_z)

    def _check_reach(self) -> None:
        modal = self._modal
        if not modal.homed:
            raise GcodeError("not_homed", "the head moves before all axes are homed; begin with G28")
        if not self._position_mode_said:
            raise GcodeError("mode_unsaid", "the head moves before G90 or G91 said how; begin with G90")
        for axis, value, (low, high) in (
            ("X", modal.x, self._x_reach),
            ("Y", modal.y, self._y_reach),
            ("Z", modal.z, self._z_reach),
        ):
            if not low <= value <= high:
                raise GcodeError(
                    "outside", f"{axis} goes to {value:g} mm; this printer reaches {low:.4g} to {high:.4g} mm"
                )

    def _check_filament(self, filament: float) -> None:
        if not self._e_mode_said:
            raise GcodeError(
                "mode_unsaid", "filament moves before M82 or M83 said how; say it after each G90 or G91"
            )
        if not self._hot:
            raise GcodeError(
                "cold_extrusion",
                f"filament moves before the nozzle is hot; wait for {EXTRUDE_MIN_C:g} °C or more with M109 first",
            )
        if abs(filament) > EXTRUDE_MAX_MM:
            raise GcodeError(
                "too_much_filament",
                f"{filament:g} mm of filament in one move; the most is {EXTRUDE_MAX_MM:g} mm",
            )

    def _lay(self, from_x: float, from_y: float, from_z: float) -> None:
        """Filament is laid from there to here. Beside the bed only a purge line may lie, before the model."""
        self._has_laid = True
        modal = self._modal
        on_bed = (
            self._bed_x[0] <= modal.x <= self._bed_x[1]
            and self._bed_y[0] <= modal.y <= self._bed_y[1]
            and self._bed_x[0] <= from_x <= self._bed_x[1]
            and self._bed_y[0] <= from_y <= self._bed_y[1]
        )
        if not on_bed:
            if self._model_begun:
                raise GcodeError(
                    "off_bed",
                    f"filament is laid beside the bed, at X{modal.x:g} Y{modal.y:g}; move the model inwards",
                )
            return
        self._model_begun = True
        self._x.add(from_x, modal.x)
        self._y.add(from_y, modal.y)
        self._z.add(from_z, modal.z)


class _Span:
    """The least and the most of what was added; 0 before."""

    __slots__ = ("any", "high", "low")

    def __init__(self) -> None:
        self.any = False
        self.low = 0.0
        self.high = 0.0

    def add(self, a: float, b: float) -> None:
        if a > b:
            a, b = b, a
        if not self.any:
            self.any, self.low, self.high = True, a, b
            return
        if a < self.low:
            self.low = a
        if b > self.high:
            self.high = b


def _target(code: str, values: Mapping[str, float | None]) -> float:
    if "S" in values and "R" in values:
        raise GcodeError("repeated_word", f"{code} has both S and R; leave one")
    target = target_c(values)
    if target is None:
        raise GcodeError("incomplete", f"{code} has no temperature; say S")
    return target

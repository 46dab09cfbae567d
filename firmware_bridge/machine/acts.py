"""What staff has the printer do between jobs: heat, home, jog, feed. Procedures that can be stopped. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from firmware_bridge.contract import ActKind, ActState, Axis, Fault, Refusal
from firmware_bridge.gcode.read import Modal, parse_line
from firmware_bridge.gcode.vet import vet_host_lines
from firmware_bridge.machine.console import Console, Procedure
from firmware_bridge.machine.interface import Act, Acted
from firmware_bridge.profile import Dialect

AUTO_OFF_S: Final = 600.0
"""Nobody watches a heater that staff has left on for longer."""
HOMED_S: Final = 100.0
"""Firmwares let go of idle motors after 120 s; the head may have been pushed by hand since."""
_STEP_MM: Final = 10.0
"""Filament goes in steps, so that it can be stopped."""
_JOG_F: Final = {Axis.X: 3000, Axis.Y: 3000, Axis.Z: 600}


class _RefusedError(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


class _UnwellError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


class Acts:
    """One act at a time. Follows where the head is from its own homing on, and switches off what it has heated."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._modal = Modal()
        self._moved_at = 0.0
        self._wanted: Act | None = None
        self._is_stopped = False
        self._done: Acted | None = None
        self._off_at: float | None = None

    # --- what may be asked ---------------------------------------------------------------------------

    @property
    def is_wanted(self) -> bool:
        """There is something to `run`."""
        return self._wanted is not None

    @property
    def has_heated(self) -> bool:
        """Heaters are on because of an act."""
        return self._wanted is not None or self._off_at is not None

    def begin(self, act: Act) -> None:
        """Have it done; ignored while another one runs."""
        if self._wanted is None:
            self._wanted, self._is_stopped = act, False

    def cool_down(self) -> None:
        """Heaters off now, and the act that runs is stopped."""
        self._is_stopped = True
        if self._wanted is None:
            self._switch_off()

    def give_way(self) -> None:
        """A job takes the printer over: its own procedure has the heaters, and moves the head."""
        self._is_stopped = True
        self._off_at, self._done = None, None
        self._modal = Modal()

    def tick(self) -> None:
        """Let time pass while nothing runs."""
        console = self._console
        if self._off_at is None or self._done is None:
            return
        fault = self._fault()
        if fault is not None:
            self._done = Acted(self._done.kind, ActState.FAILED, fault=fault)
        if fault is not None or console.now >= self._off_at:
            self._switch_off()

    def _switch_off(self) -> None:
        self._console.heat(nozzle_c=0.0, bed_c=0.0)
        self._off_at = None
        if self._done is not None:
            self._done = replace(self._done, off_in_s=None)
            self._console.emit(self._done)

    # --- the procedure -------------------------------------------------------------------------------

    def run(self) -> Procedure[None]:
        """The wanted act, to one of its ends."""
        act = self._wanted
        if act is None:
            return
        console = self._console
        console.emit(Acted(act.kind, ActState.RUNNING))
        done = Acted(act.kind, ActState.DONE)
        try:
            for _ in self._steps(act):
                if self._is_stopped:
                    done = Acted(act.kind, ActState.STOPPED)
                    break
                fault = self._fault()
                if fault is not None:
                    raise _UnwellError(fault)
                yield
        except _RefusedError as end:
            done = Acted(act.kind, ActState.REFUSED, refusal=end.refusal)
        except _UnwellError as end:
            done = Acted(act.kind, ActState.FAILED, fault=end.fault)
        self._wanted = None
        if done.state in (ActState.STOPPED, ActState.FAILED):
            console.forget()
            self._modal = Modal()
            console.heat(nozzle_c=0.0, bed_c=0.0)
            self._off_at = None
        elif console.nozzle.target_c or console.bed.target_c:
            self._off_at = console.now + AUTO_OFF_S
            done = replace(done, off_in_s=AUTO_OFF_S)
        self._done = done
        console.emit(done)

    def _steps(self, act: Act) -> Procedure[None]:
        match act.kind:
            case ActKind.HEAT:
                yield from self._heat(act.nozzle_c, act.bed_c)
            case ActKind.HOME:
                yield from self._home()
            case ActKind.JOG:
                yield from self._jog(act.axis, act.mm)
            case ActKind.LOAD:
                filament = self._console.profile.filament
                yield from self._heat(act.nozzle_c, self._console.bed.target_c)
                yield from self._feed(filament.load_mm, filament.load_mm_s)
                yield from self._feed(filament.purge_mm, filament.purge_mm_s)
            case ActKind.UNLOAD:
                filament = self._console.profile.filament
                yield from self._heat(act.nozzle_c, self._console.bed.target_c)
                # A little forward first: what is pulled out has no long thread then.
                yield from self._feed(filament.purge_mm / 4, filament.purge_mm_s)
                yield from self._feed(-filament.unload_mm, filament.load_mm_s)
            case ActKind.FAN_OFF:
                yield from self._say([b"M107"])

    def _heat(self, nozzle_c: float, bed_c: float) -> Procedure[None]:
        console = self._console
        self._check([f"M104 S{nozzle_c:g}".encode(), f"M140 S{bed_c:g}".encode()])
        console.heat(nozzle_c=nozzle_c, bed_c=bed_c)
        self._modal = replace(self._modal, nozzle_c=nozzle_c, bed_c=bed_c)
        heaters = [heater for heater in (console.bed, console.nozzle) if heater.target_c > 0.0]
        while console.has_lines or not all(heater.has_settled(console.now) for heater in heaters):
            yield

    def _home(self) -> Procedure[None]:
        """Then up and to the park position: where a firmware leaves the head after homing differs."""
        profile = self._console.profile
        park = profile.park
        lines = [
            # On Prusa's, W leaves the mesh of the bed as it is: nothing is going to be printed.
            "G28 W" if profile.dialect is Dialect.PRUSA else "G28",
            "G90",
            f"G1 Z{park.lift_mm:g} F{_JOG_F[Axis.Z]}",
            f"G1 X{park.x_mm:g} Y{park.y_mm:g} F{_JOG_F[Axis.X]}",
        ]
        yield from self._move([line.encode() for line in lines])

    def _jog(self, axis: Axis, mm: float) -> Procedure[None]:
        if self._console.now - self._moved_at > HOMED_S:
            self._modal = replace(self._modal, homed=False)
        line = f"G1 {axis.value.upper()}{mm:.3f} F{_JOG_F[axis]}".encode()
        yield from self._move([b"G91", line, b"G90"])

    def _move(self, lines: list[bytes]) -> Procedure[None]:
        yield from self._say(lines)
        yield from self._console.until_done(wait_for_moves=True)
        self._moved_at = self._console.now

    def _feed(self, mm: float, mm_s: float) -> Procedure[None]:
        steps = list(_in_steps(mm))
        self._check([b"M83", *(_feed_line(step, mm_s) for step in steps)])
        for step in steps:
            yield from self._say([b"M83", _feed_line(step, mm_s)])
            yield from self._console.until_done(wait_for_moves=True)

    def _say(self, lines: list[bytes]) -> Procedure[None]:
        """Lines that have passed the vet, all or none; where they lead is remembered."""
        self._check(lines)
        console = self._console
        console.say(*lines)
        for line in lines:
            words = parse_line(line)
            if words is not None:
                self._modal.apply(words)
        while console.has_lines:
            yield

    def _check(self, lines: list[bytes]) -> None:
        refusal = vet_host_lines(lines, self._console.profile, self._modal)
        if refusal is not None:
            raise _RefusedError(refusal)

    def _fault(self) -> Fault | None:
        console = self._console
        return console.nozzle.fault(console.now) or console.bed.fault(console.now)


def _in_steps(mm: float) -> Iterator[float]:
    """`mm` in pieces of _STEP_MM at most, of its sign."""
    left, sign = abs(mm), 1.0 if mm >= 0 else -1.0
    while left > 0:
        step = min(left, _STEP_MM)
        yield sign * step
        left -= step


def _feed_line(mm: float, mm_s: float) -> bytes:
    return f"G1 E{mm:.3f} F{mm_s * 60:.0f}".encode()

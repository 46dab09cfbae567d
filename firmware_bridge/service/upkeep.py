"""What staff has the printer do between jobs. For the controller's thread.

Raises RefusedError for what does not fit the moment. What comes of an act arrives as machine.interface.Acted.
"""

from typing import Final

from firmware_bridge.contract import (
    ActKind,
    ErrorCode,
    FanOff,
    Home,
    JobState,
    Jog,
    LoadFilament,
    Preheat,
    UnloadFilament,
)
from firmware_bridge.jobs.board import RefusedError
from firmware_bridge.machine.interface import Act, Machine
from firmware_bridge.profile import Caps
from firmware_bridge.service.ledger import Ledger
from firmware_bridge.service.verbs import Verbs

ActRequest = Preheat | Home | Jog | LoadFilament | UnloadFilament | FanOff

FEED_C: Final = {"PLA": 215.0, "PETG": 235.0, "ABS": 240.0, "ASA": 240.0, "TPU": 225.0}
"""At which a material flows well enough to be pushed through or pulled out, under the profile's cap."""


class Upkeep:
    """One act at a time, and none while a job is on the printer."""

    def __init__(self, ledger: Ledger, verbs: Verbs, machine: Machine, caps: Caps) -> None:
        self._situation = ledger.situation
        self._verbs = verbs
        self._machine = machine
        self._caps = caps

    def act(self, ask: ActRequest, material: str) -> None:
        """Have it done. `material`: of the spool that is in."""
        act = self._wanted(ask, material)
        situation = self._situation
        if situation.latched is not None:
            raise RefusedError(ErrorCode.NOT_NOW, "somebody has to look at the printer first, and say so")
        if not situation.connected:
            raise RefusedError(ErrorCode.PRINTER_AWAY, "the printer is not connected")
        if situation.board.running is not None or self._verbs.is_launching:
            raise RefusedError(ErrorCode.NOT_NOW, "a job is on the printer")
        if situation.acts:
            raise RefusedError(ErrorCode.NOT_NOW, "the printer is still busy with what staff asked before")
        if act.kind is ActKind.HOME and situation.board.plate is not None:
            raise RefusedError(ErrorCode.NOT_NOW, "the head could press into a print: clear the plate first")
        self._machine.act(act)

    def cool(self) -> None:
        """Heaters off now."""
        running = self._situation.board.running
        if (running is not None and running.state is not JobState.PAUSED) or self._verbs.is_launching:
            raise RefusedError(ErrorCode.NOT_NOW, "a job is being printed: pause or cancel it first")
        self._machine.cool_down()

    def _wanted(self, ask: ActRequest, material: str) -> Act:
        match ask:
            case Preheat():
                self._check_cap("nozzle_c", ask.nozzle_c, self._caps.nozzle_c)
                self._check_cap("bed_c", ask.bed_c, self._caps.bed_c)
                return Act(ActKind.HEAT, nozzle_c=ask.nozzle_c, bed_c=ask.bed_c)
            case Home():
                return Act(ActKind.HOME)
            case Jog():
                return Act(ActKind.JOG, axis=ask.axis, mm=ask.mm)
            case LoadFilament():
                return Act(ActKind.LOAD, nozzle_c=self._feed_c(material))
            case UnloadFilament():
                return Act(ActKind.UNLOAD, nozzle_c=self._feed_c(material))
            case FanOff():
                return Act(ActKind.FAN_OFF)

    def _feed_c(self, material: str) -> float:
        return min(FEED_C.get(material, FEED_C["PLA"]), self._caps.nozzle_c)

    def _check_cap(self, name: str, wanted_c: float, cap_c: float) -> None:
        if wanted_c > cap_c:
            message = f"`{name}` may be at most {cap_c:g} °C on this printer"
            raise RefusedError(ErrorCode.INVALID_PARAMS, message)

"""Heat, movement and filament."""

from firmware_bridge.contract import (
    ActKind,
    ActState,
    Axis,
    Cool,
    FanOff,
    Home,
    JobState,
    Jog,
    LoadFilament,
    Preheat,
    Role,
    Temperatures,
    UnloadFilament,
)
from kiosk.domain.desk import STEPS_MM, is_busy
from kiosk.domain.intents import PickStep, StaffAsks
from kiosk.domain.model import Model
from kiosk.domain.printing import plate_job
from kiosk.domain.staff import Desk
from kiosk.locale import Translator
from kiosk.presenters import heat
from kiosk.presenters.staff import acts
from kiosk.presenters.staff.views import PageView, Sign, Tile
from kiosk.presenters.views import Action, Badge, Tone
from kiosk.presenters.views import Role as ButtonRole

PREHEAT_NOZZLE_C, PREHEAT_BED_C = 215.0, 60.0
"""What PLA wants: every printer here reaches it."""


def heat_page(model: Model, desk: Desk, _: Translator) -> PageView:
    """Now and target; a coach may only make it cooler."""
    why = acts.hindrance(model, _)
    free = why is None and not model.session.asking
    tiles = []
    if desk.role.covers(Role.STAFF):
        pla = _("PLA {nozzle} / {bed} °C", nozzle=round(PREHEAT_NOZZLE_C), bed=round(PREHEAT_BED_C))
        both, bed = Preheat(nozzle_c=PREHEAT_NOZZLE_C, bed_c=PREHEAT_BED_C), Preheat(bed_c=PREHEAT_BED_C)
        tiles = [
            _tile("heat:pla", pla, "fire", both, free),
            _tile("heat:bed", _("Bed {degrees} °C", degrees=round(PREHEAT_BED_C)), "fire", bed, free),
            _tile("fan-off", _("Ventilator uit"), "fan", FanOff(), free),
        ]
    tiles.append(_cool(model, _))
    lines = (why, acts.outcome(model, _, ActKind.HEAT, ActKind.FAN_OFF), acts.switches_off(model, _))
    return PageView(
        title=_("Heaters"),
        lines=tuple(filter(None, lines)),
        tiles=tuple(tiles),
        heats=heat.for_staff(_temperatures(model), _),
    )


def move_page(model: Model, desk: Desk, _: Translator) -> PageView:
    """Arrows as the head moves, seen from the front."""
    why, no_home = acts.hindrance(model, _), acts.homing_hindrance(model, _)
    free = why is None and not model.session.asking
    step = desk.step_mm

    def jog(axis: Axis, sign: int, icon: str) -> Tile:
        word = f"{axis.value.upper()} {'+' if sign > 0 else '−'}"
        return _tile(
            f"jog:{axis.value}:{'plus' if sign > 0 else 'minus'}", word, icon, Jog(axis=axis, mm=sign * step), free
        )

    left, middle, right = (_step(mm, mm == step, _) for mm in STEPS_MM)
    home = _tile("home-axes", _("Home"), "target", Home(), no_home is None and not model.session.asking)
    return PageView(
        title=_("Bewegen"),
        lines=tuple(filter(None, (why or no_home, acts.outcome(model, _, ActKind.JOG, ActKind.HOME)))),
        tiles=(
            *(None, jog(Axis.Y, 1, "arrow-up"), None, jog(Axis.Z, 1, "arrow-up-bold"), left),
            *(jog(Axis.X, -1, "arrow-left-bold"), home, jog(Axis.X, 1, "arrow-right-bold"), None, middle),
            *(None, jog(Axis.Y, -1, "arrow-down"), None, jog(Axis.Z, -1, "arrow-down-bold"), right),
        ),
        columns=5,
        is_map=True,
    )


def filament_page(model: Model, desk: Desk, _: Translator) -> PageView:
    """What hands do and what the printer does, in turn."""
    why = acts.hindrance(model, _)
    free = why is None and not model.session.asking
    state = model.world.state
    act = state.act if state else None
    kind = act.kind if act and act.kind in (ActKind.LOAD, ActKind.UNLOAD) else None
    running = act is not None and act.state is ActState.RUNNING
    icon = {ActKind.LOAD: "arrow-down-bold", ActKind.UNLOAD: "arrow-up-bold", None: "swap-horizontal"}[kind]
    told = (why, acts.outcome(model, _, ActKind.LOAD, ActKind.UNLOAD))
    steps: tuple[Badge, ...] = (
        Badge(_("Snij het uiteinde schuin af."), "numeric-1-box"),
        Badge(_("Steek het in de kop tot het niet verder gaat."), "numeric-2-box"),
        Badge(_("Kies laden. Neem daarna weg wat eruit komt."), "numeric-3-box"),
    )
    done = act is not None and kind is not None and act.state is ActState.DONE
    if kind is ActKind.LOAD and done:
        steps = (Badge(_("Zeg nu welke spoel erin zit."), "album"),)
    if running and kind:
        steps = (Badge(_heat_line(model, _), "thermometer"),)
    return PageView(
        title=_("Filament"),
        lines=(*filter(None, told), *steps),
        tiles=(
            _tile("filament:load", _("Laden"), "arrow-down-bold", LoadFilament(), free),
            _tile("filament:unload", _("Uitladen"), "arrow-up-bold", UnloadFilament(), free),
            _cool(model, _),
        ),
        columns=3,
        sign=Sign(model.world.picture("printer"), icon, Tone.WAIT if running and kind else Tone.PLAIN),
    )


def _cool(model: Model, _: Translator) -> Tile:
    """Always, but not under a job that runs: pause that first."""
    job = plate_job(model.world)
    paused = job is not None and job.state is JobState.PAUSED
    state = model.world.state
    free = (paused or not is_busy(model)) and state is not None and state.printer.connected
    return _tile("cool", _("Nu afkoelen"), "weather-snowy", Cool(), free and not model.session.asking)


def _step(mm: float, chosen: bool, _: Translator) -> Tile:
    role = ButtonRole.PRIMARY if chosen else ButtonRole.PLAIN
    icon = "check" if chosen else ""
    return Tile(Action(f"step:{mm:g}", _("{n} mm", n=f"{mm:g}"), icon, PickStep(mm), role))


def _tile(name: str, word: str, icon: str, request: object, free: bool) -> Tile:
    return Tile(Action(name, word, icon, StaffAsks(request), enabled=free))  # type: ignore[arg-type]


def _temperatures(model: Model) -> Temperatures | None:
    return model.world.telemetry.temperatures if model.world.telemetry else None


def _heat_line(model: Model, _: Translator) -> str:
    nozzle, _bed = heat.for_staff(_temperatures(model), _)
    return f"{nozzle.name}: {nozzle.reading}"

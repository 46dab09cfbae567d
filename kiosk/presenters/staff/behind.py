"""What a technician looks at: the link, the log, whether the firmware guards its heaters."""

from firmware_bridge.contract import ClearFault, ConfirmThermal, GetLog, LinkHealth
from kiosk.domain.desk import LOG_LINES
from kiosk.domain.intents import StaffAsks, TurnPage
from kiosk.domain.model import Model
from kiosk.domain.staff import Desk
from kiosk.locale import Translator
from kiosk.presenters.staff.views import LogView, PageView, Tile
from kiosk.presenters.views import Action, Badge, Role, Tone


def link_page(model: Model, desk: Desk, _: Translator) -> PageView:
    """The wire in numbers, each with its unit."""
    world = model.world
    link = world.telemetry.link if world.telemetry else None
    if link is None or world.state is None or world.info is None:
        return PageView(
            title=_("Verbinding"), lines=(Badge(_("De bridge antwoordt niet."), "lan-disconnect", Tone.WAIT),)
        )
    firmware = world.state.printer.firmware or "–"
    return PageView(
        title=_("Verbinding"),
        facts=(
            (_("Heen en terug, p50"), _ms(link.round_trip_p50_ms, _)),
            (_("Heen en terug, p99"), _ms(link.round_trip_p99_ms, _)),
            (_("Resends"), _("{percent} % ({n})", percent=_number(link.resend_ratio * 100, 2, _), n=link.resends)),
            (_("Time-outs"), str(link.timeouts)),
            (_("Window"), _.plural("{n} regel", "{n} regels", link.window)),
            (_("Starvation"), str(link.starvation)),
            (_("Regels per seconde"), _number(link.lines_per_s, 1, _)),
            (_("Voeding van de Pi"), _supply(link, _)),
            (_("Profiel"), world.info.profile),
            (_("Firmware"), firmware),
        ),
    )


def log_page(model: Model, desk: Desk, _: Translator) -> LogView:
    """The newest lines of the bridge."""
    empty = "" if desk.log else _("Er zijn nog geen regels.")
    return LogView(title=_("Log"), lines=desk.log, empty=empty, skip=model.session.step)


def log_actions(model: Model, desk: Desk, _: Translator) -> tuple[Action, ...]:
    """Older, newer, and asked anew."""
    free = not model.session.asking
    return (
        Action("older", _("Ouder"), "chevron-left", TurnPage(1), enabled=bool(desk.log)),
        Action("newer", _("Nieuwer"), "chevron-right", TurnPage(-1), enabled=model.session.step > 0),
        Action("log:again", _("Ververs"), "refresh", StaffAsks(GetLog(lines=LOG_LINES)), Role.PRIMARY, free),
    )


def protection_page(model: Model, desk: Desk, _: Translator) -> PageView:
    """A firmware that does not say whether it guards its heaters prints only when a technician vouches for it; and
    a printer that a fault has stopped only after somebody has looked."""
    state = model.world.state
    if state is None:
        return PageView(
            title=_("Beveiliging"), lines=(Badge(_("De bridge antwoordt niet."), "lan-disconnect", Tone.WAIT),)
        )
    printer, free = state.printer, not model.session.asking
    lines, tiles = [], []
    if printer.latched:
        lines.append(Badge(_("De printer is gestopt door een fout. Kijk hem eerst na."), "alert", Tone.STOP))
        tiles.append(
            Tile(Action("fault:clear", _("Ik keek hem na"), "check", StaffAsks(ClearFault()), enabled=free))
        )
    if printer.may_confirm:
        lines.append(Badge(_("De firmware zegt niet of hij zijn heaters bewaakt."), "alert", Tone.WAIT))
        lines.append(Badge(_("Bevestig alleen als je dat op deze printer getest hebt."), "hand-pointing-right"))
        vouch = StaffAsks(ConfirmThermal(firmware=printer.firmware))
        tiles.append(
            Tile(Action("protection:confirm", _("Ik sta ervoor in"), "shield-outline", vouch, enabled=free))
        )
    if not lines:
        lines.append(Badge(_("Er is niets te bevestigen."), "check", Tone.WELL))
    if printer.firmware:
        lines.append(Badge(_("Firmware: {name}", name=printer.firmware), "printer-3d"))
    return PageView(title=_("Beveiliging"), lines=tuple(lines), tiles=tuple(tiles), columns=2)


def _ms(value: float | None, _: Translator) -> str:
    return "–" if value is None else _("{n} ms", n=_number(value, 1, _))


def _supply(link: LinkHealth, _: Translator) -> str:
    if link.undervoltage is None:
        return _("niet gemeten")
    return _("te laag geweest") if link.undervoltage else _("goed")


def _number(value: float, digits: int, _: Translator) -> str:
    return f"{value:.{digits}f}".replace(".", "." if _.language == "en" else ",")

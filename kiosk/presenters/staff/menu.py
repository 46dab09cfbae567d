"""Where staff begins: what their role may do."""

from firmware_bridge.contract import Collect, Role, Severity
from kiosk.domain.desk import needs_clearing, sees
from kiosk.domain.intents import CleanScreen, SeeStaffPage, StaffAsks
from kiosk.domain.model import Model
from kiosk.domain.printing import plate_job, queue
from kiosk.domain.staff import Desk, StaffPage
from kiosk.locale import Translator
from kiosk.presenters.staff.acts import printer_words
from kiosk.presenters.staff.views import PageView, Tile
from kiosk.presenters.views import Action, Badge, Tone
from kiosk.presenters.views import Role as ButtonRole


def present(model: Model, desk: Desk, _: Translator) -> PageView:
    """Only what is theirs."""
    pages = (
        (StaffPage.QUEUE, _queue_word(model, _), "account-multiple"),
        (StaffPage.CALL, _("Oproep"), "bell-ring"),
        (StaffPage.HEAT, _("Heaters"), "thermometer"),
        (StaffPage.MOVE, _("Bewegen"), "crosshairs"),
        (StaffPage.FILAMENT, _("Filament"), "swap-horizontal"),
        (StaffPage.SPOOL, _("Spoel"), "album"),
        (StaffPage.ORDER, _("Buiten gebruik"), "block-helper"),
        (StaffPage.HEALTH, _("Toestand"), "heart"),
        (StaffPage.LINK, _("Verbinding"), "pulse"),
        (StaffPage.LOG, _("Log"), "file-document"),
        (StaffPage.PROTECTION, _("Beveiliging"), "shield-outline"),
        *(((StaffPage.PRACTICE, _("Oefenen"), "school"),) if model.world.can_practise else ()),
    )
    tiles = [
        Tile(Action(f"staff:{page.value}", word, icon, SeeStaffPage(page), _lit(model, page)))
        for page, word, icon in pages
        if sees(desk.role, page)
    ]
    return PageView(title=role_word(desk.role, _), lines=_lines(model, _), tiles=tuple(tiles))


def actions(model: Model, desk: Desk, _: Translator) -> tuple[Action, ...]:
    """Wipe the screen; say that the plate is clear, where something may lie on it."""
    clean = Action("staff:clean", _("Poetsen"), "spray", CleanScreen())
    always = (clean,) if desk.role.covers(Role.STAFF) else ()
    job = plate_job(model.world)
    if job is None or not needs_clearing(model):
        return always
    free = not model.session.asking
    clear = StaffAsks(Collect(job=job.id))
    return (
        *always,
        Action("plate-clear", _("Plaat is leeg"), "check", clear, ButtonRole.PRIMARY, free),
    )


def role_word(role: Role, _: Translator) -> str:
    """Who stands here."""
    return {
        Role.VISITOR: _("Bezoeker"),
        Role.COACH: _("Coach"),
        Role.STAFF: _("Medewerker"),
        Role.TECHNICIAN: _("Technicus"),
    }[role]


def _queue_word(model: Model, _: Translator) -> str:
    waiting = len(queue(model.world))
    return _("Queue ({n})", n=waiting) if waiting else _("Queue")


def _lit(model: Model, page: StaffPage) -> ButtonRole:
    """What wants a hand stands out: an open call, a printer that is out of order."""
    state = model.world.state
    wanted = {
        StaffPage.CALL: bool(state and state.call),
        StaffPage.ORDER: bool(state and state.out_of_order),
        StaffPage.HEALTH: bool(state and any(found.severity is not Severity.INFO for found in state.health)),
        StaffPage.PROTECTION: bool(state and (state.printer.may_confirm or state.printer.latched)),
    }
    return ButtonRole.DANGER if wanted.get(page) else ButtonRole.PLAIN


def _lines(model: Model, _: Translator) -> tuple[Badge, ...]:
    state, info = model.world.state, model.world.info
    if state is None or info is None:
        return (Badge(_("De bridge antwoordt niet."), "lan-disconnect", Tone.WAIT),)
    name = info.printer_name
    if not state.printer.connected:
        line = Badge(_("{printer}: niet verbonden", printer=name), "ethernet-cable-off", Tone.WAIT)
    else:
        word = printer_words(state.printer.state, _)
        line = Badge(_("{printer}: {state}", printer=name, state=word), "printer-3d")
    fault = state.printer.fault
    detail = (Badge(fault.detail, "alert", Tone.STOP),) if fault and fault.detail else ()
    return (line, *detail)

"""The staff's own pages. Their words are the field's. `present` and `actions` are the doors."""

from kiosk.domain.desk import CLEAN_S
from kiosk.domain.model import Model
from kiosk.domain.staff import Desk, StaffPage
from kiosk.locale import Translator
from kiosk.presenters.staff import behind, health, menu, people, printer, spool, training
from kiosk.presenters.staff.views import CleanView
from kiosk.presenters.views import Action


def present(model: Model, desk: Desk, _: Translator) -> tuple[str, object]:
    """The screen that shows it, and its body."""
    if desk.clean_until_s is not None:
        return "staff-clean", _cleaning(model, desk.clean_until_s, _)
    match desk.page:
        case StaffPage.QUEUE:
            return "staff-queue", people.queue_page(model, desk, _)
        case StaffPage.LOG:
            return "staff-log", behind.log_page(model, desk, _)
        case StaffPage.NAME if typed := spool.name(model, desk, _):
            return "staff-name", typed
    pages = {
        StaffPage.CALL: people.call_page,
        StaffPage.HEAT: printer.heat_page,
        StaffPage.MOVE: printer.move_page,
        StaffPage.FILAMENT: printer.filament_page,
        StaffPage.SPOOL: spool.present,
        StaffPage.MATERIAL: spool.materials,
        StaffPage.COLOUR: spool.swatches,
        StaffPage.ORDER: people.order_page,
        StaffPage.HEALTH: health.health_page,
        StaffPage.LINK: behind.link_page,
        StaffPage.PROTECTION: behind.protection_page,
        StaffPage.PRACTICE: training.present,
    }
    return "staff", pages.get(desk.page, menu.present)(model, desk, _)


def actions(model: Model, desk: Desk, _: Translator) -> tuple[Action, ...]:
    """At the bottom right."""
    if desk.clean_until_s is not None:
        return ()
    match desk.page:
        case StaffPage.MENU:
            return menu.actions(model, desk, _)
        case StaffPage.QUEUE:
            return people.queue_actions(model, desk, _)
        case StaffPage.LOG:
            return behind.log_actions(model, desk, _)
        case StaffPage.NAME if model.world.is_roomy:
            return (spool.done(_),)
    return ()


def _cleaning(model: Model, until_s: float, _: Translator) -> CleanView:
    left_s = max(0.0, until_s - model.world.uptime_s)
    return CleanView(
        title=_("Poets het scherm"),
        words=_("Aanraken doet nu niets."),
        left=_.plural("nog {n} seconde", "nog {n} seconden", round(left_s)),
        share=1.0 - left_s / CLEAN_S,
    )

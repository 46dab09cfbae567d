"""Which spool is in: the screen wears its colour at once."""

from firmware_bridge.contract import SetSpool
from kiosk.domain.desk import new_spool
from kiosk.domain.intents import PickSpool, PressKey, SeeStaffPage, StaffAsks
from kiosk.domain.keyboard import Special
from kiosk.domain.model import Model
from kiosk.domain.staff import Desk, StaffPage
from kiosk.locale import Translator
from kiosk.presenters.staff.views import NameView, PageView, Tile
from kiosk.presenters.views import Action, Badge, Role, Tone

MATERIALS = ("PLA", "PETG", "TPU", "ABS", "ASA")


def colours(_: Translator) -> dict[str, str]:
    """Of the spools that are sold most, with their names."""
    return {
        "#F4F1EA": _("Wit"),
        "#23272B": _("Zwart"),
        "#8C9299": _("Grijs"),
        "#C4C9CE": _("Zilver"),
        "#C62828": _("Rood"),
        "#E4572E": _("Oranje"),
        "#F2C230": _("Geel"),
        "#2E8B57": _("Groen"),
        "#1F5FA8": _("Blauw"),
        "#6C3FA0": _("Paars"),
        "#E78AB0": _("Roze"),
        "#7A5236": _("Bruin"),
    }


def present(model: Model, desk: Desk, _: Translator) -> PageView:
    """Three things to say, and what is said so far."""
    spool, info = new_spool(model), model.world.info
    lines: list[Badge] = []
    if info:
        now = info.spool
        if spool.material != now.material:
            lines.append(
                Badge(_("Let op: modellen voor een ander materiaal kunnen dan niet."), "alert", Tone.WAIT)
            )
        words = _("Nu: {material}, {name}", material=now.material, name=now.name or now.colour)
        lines.append(Badge(words, "album"))
    free = not model.session.asking and desk.spool is not None
    return PageView(
        title=_("Spoel"),
        lines=tuple(lines),
        tiles=(
            Tile(
                Action(
                    "spool:material",
                    _("Materiaal: {material}", material=spool.material),
                    "album",
                    SeeStaffPage(StaffPage.MATERIAL),
                )
            ),
            Tile(
                Action(
                    "spool:colour",
                    _("Kleur: {colour}", colour=colours(_).get(spool.colour, spool.colour)),
                    "",
                    SeeStaffPage(StaffPage.COLOUR),
                ),
                spool.colour,
            ),
            Tile(
                Action(
                    "spool:name", _("Naam: {name}", name=spool.name or "–"), "pencil", SeeStaffPage(StaffPage.NAME)
                )
            ),
            Tile(
                Action(
                    "spool:set",
                    _("Deze spoel zit erin"),
                    "check",
                    StaffAsks(SetSpool(material=spool.material, colour=spool.colour, name=spool.name)),
                    Role.PRIMARY,
                    free,
                )
            ),
        ),
        columns=2,
    )


def materials(model: Model, desk: Desk, _: Translator) -> PageView:
    """What the label on the spool says."""
    chosen = new_spool(model).material
    return PageView(
        title=_("Materiaal"),
        lines=(Badge(_("Kijk op het etiket van de spoel."), "album"),),
        tiles=tuple(
            Tile(_choice(f"material:{name}", name, PickSpool(material=name), name == chosen)) for name in MATERIALS
        ),
        columns=3,
    )


def swatches(model: Model, desk: Desk, _: Translator) -> PageView:
    """Each with its name."""
    chosen = new_spool(model).colour
    return PageView(
        title=_("Kleur"),
        tiles=tuple(
            Tile(_choice(f"colour:{code}", name, PickSpool(colour=code, name=name), code == chosen), code)
            for code, name in colours(_).items()
        ),
    )


def name(model: Model, desk: Desk, _: Translator) -> NameView | None:
    """The keyboard."""
    typing = desk.typing
    if typing is None:
        return None
    return NameView(_("Naam van de spoel"), typing.text, typing.page, typing.capital, _("spatie"), _("Klaar"))


def done(_: Translator) -> Action:
    """Enough typed; on a small glass it is a key of the keyboard."""
    return Action("key:done", _("Klaar"), "check", PressKey(Special.DONE.value), Role.PRIMARY)


def _choice(name: str, word: str, intent: PickSpool, chosen: bool) -> Action:
    return Action(name, word, "check" if chosen else "", intent, Role.PRIMARY if chosen else Role.PLAIN)

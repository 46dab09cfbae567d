"""What makes the screen easier: the tools of the frame, and the sheet with the modes."""

from dataclasses import replace

from kiosk.domain.intents import ChooseModes, CloseSheet, OpenSheet, ReadAloud, StopReading
from kiosk.domain.model import Model
from kiosk.domain.modes import Contrast, Modes
from kiosk.domain.session import Session, Sheet
from kiosk.locale import LANGUAGES, Translator
from kiosk.presenters.views import Action, Role, SheetView


def tools(model: Model, is_typing: bool, _: Translator) -> tuple[Action, ...]:
    """At the top right of every screen. Where room is short the language is told by its code.

    Where large letters and a keyboard fill the glass (`is_typing`), only the way back to smaller ones stays.
    """
    session = model.session
    short = session.modes.large or not model.world.is_roomy
    language = session.language.upper() if short else LANGUAGES[session.language]
    larger = Action("access", _("Groter"), "format-size", OpenSheet(Sheet.ACCESS))
    if is_typing and session.modes.large:
        return (larger,)
    return (
        Action("language", language, "translate", OpenSheet(Sheet.LANGUAGE)),
        ear(session, _),
        larger,
        Action("help", _("Hulp"), "help", OpenSheet(Sheet.HELP)),
    )


def ear(session: Session, _: Translator) -> Action:
    """Reads what is on the glass, or stops."""
    if session.reading:
        return Action("ear", _("Stil"), "volume-off", StopReading())
    return Action("ear", _("Luister"), "volume-high", ReadAloud())


def sheet(modes: Modes, has_low_reach: bool, _: Translator) -> SheetView:
    """Each choice is a switch: another touch takes it back."""
    light, night = modes.with_contrast(Contrast.LIGHT), modes.with_contrast(Contrast.NIGHT)
    choices = [
        _switch("large", _("Grote letters"), "format-size", modes.large, replace(modes, large=not modes.large)),
        _switch("light", _("Meer contrast"), "contrast", modes.contrast is Contrast.LIGHT, light),
        _switch("night", _("Donker scherm"), "weather-night", modes.contrast is Contrast.NIGHT, night),
        _switch("still", _("Minder beweging"), "animation", modes.still, replace(modes, still=not modes.still)),
    ]
    if has_low_reach:
        choices.append(
            _switch("low", _("Alles onderaan"), "arrow-down-bold", modes.low, replace(modes, low=not modes.low))
        )
    return SheetView(
        name="access",
        title=_("Maak het scherm makkelijk voor jou"),
        lines=(),
        actions=(*choices, Action("close", _("Zo is het goed"), "arrow-left", CloseSheet())),
        icon="format-size",
    )


def _switch(name: str, text: str, icon: str, on: bool, wanted: Modes) -> Action:
    """On: with a check mark, in the colour of what is chosen."""
    role = Role.PRIMARY if on else Role.PLAIN
    return Action(f"mode:{name}", text, "check" if on else icon, ChooseModes(wanted), role)

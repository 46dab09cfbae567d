"""What lies over a screen: languages, help, something is wrong, a notice, and the question who is there."""

from dataclasses import replace

from firmware_bridge.contract import CallReason
from kiosk.domain import identifying, idle
from kiosk.domain.intents import CallHelp, ChooseLanguage, ClearPrinter, CloseSheet, Touched
from kiosk.domain.model import Model
from kiosk.domain.session import Notice, Sheet
from kiosk.domain.world import jobs
from kiosk.locale import LANGUAGES, Translator
from kiosk.presenters import access, calls, plate, practice, question, tickets
from kiosk.presenters.faults import notice_words
from kiosk.presenters.views import Action, Badge, Role, SheetView, Tone


def present(model: Model, _: Translator) -> SheetView | None:
    """The topmost one. It covers the ear: who has listened finds it on the sheet."""
    sheet = _topmost(model, _)
    if sheet is None:
        return None
    ear = (access.ear(model.session, _),) if model.session.listened else ()
    return replace(sheet, actions=(*sheet.actions, *ear), more=_("Meer"))


def _topmost(model: Model, _: Translator) -> SheetView | None:
    if seconds := identifying.left_s(model):
        return _this_one(model, seconds, _)
    left = idle.seconds_left(model)
    if left is not None:
        return _still_there(left, _)
    if model.session.notice:
        return _notice(model, model.session.notice, _)
    match model.session.sheet:
        case Sheet.LANGUAGE:
            return _language(_)
        case Sheet.HELP:
            return _help(model, _)
        case Sheet.CALL:
            return calls.sheet(model, _)
        case Sheet.GIVE_UP if sheet := plate.give_up_sheet(model, _):
            return sheet
        case Sheet.PRACTICE if model.world.is_practice:
            return practice.sheet(_)
        case Sheet.ACCESS:
            return access.sheet(model.session.modes, model.world.has_low_reach, _)
    return question.sheet(model, _)


def _close(text: str) -> Action:
    return Action("close", text, "close", CloseSheet())


def _language(_: Translator) -> SheetView:
    choices = tuple(
        Action(
            f"language:{code}",
            name,
            "check" if code == _.language else "",
            ChooseLanguage(code),
            Role.PRIMARY if code == _.language else Role.PLAIN,
        )
        for code, name in LANGUAGES.items()
    )
    return SheetView("language", _("Kies je taal"), (), choices, "translate")


def _help(model: Model, _: Translator) -> SheetView:
    state = model.world.state
    call = Action("call", _("Roep iemand"), "bell-ring", CallHelp(CallReason.HELP), Role.PRIMARY)
    if state and state.printer.latched:
        call = Action("clear-printer", _("De bib keek hem na"), "shield-outline", ClearPrinter(), Role.PRIMARY)
    return SheetView(
        name="help",
        title=_("Zo werkt het"),
        lines=(
            Badge(_("Kies een ding dat je mooi vindt."), "numeric-1-box"),
            Badge(_("Kijk of de plaat in de printer leeg is."), "numeric-2-box"),
            Badge(_("Kijk hoe het laagje voor laagje groeit, en neem het mee."), "numeric-3-box"),
            Badge(_("Kom je er niet uit? Vraag het aan de balie."), "human-greeting"),
        ),
        actions=(
            _close(_("Sluit")),
            call,
        ),
        icon="help",
    )


def _my_ticket(model: Model, _: Translator) -> tuple[Badge, ...]:
    """Of the job that was just put in the queue."""
    mine = next((job for job in jobs(model.world) if job.id == model.session.mine), None)
    ticket = tickets.present(model.world, mine, _) if mine else None
    return (Badge(_("Onthoud: {ticket}", ticket=ticket.text), "ticket", Tone.WELL),) if ticket else ()


def _notice(model: Model, notice: Notice, _: Translator) -> SheetView:
    words = notice_words(notice, _)
    waits = notice in (Notice.QUEUED, Notice.FOR_STAFF)
    good = waits or notice is Notice.THANKS
    return SheetView(
        name="notice",
        title=words.happened,
        lines=(*(_my_ticket(model, _) if waits else ()), Badge(words.you, ""), Badge(words.who, "")),
        actions=(Action("close", _("Goed"), "check", CloseSheet(), Role.PRIMARY),),
        icon="check" if good else "alert",
        tone=Tone.WELL if good else Tone.WAIT,
    )


def _this_one(model: Model, seconds: float, _: Translator) -> SheetView:
    """Large, and in turn in two colours, so that it is seen from afar; not where somebody wants no motion."""
    turns = model.session.modes.still or int(seconds) % 2
    return SheetView(
        name="identify",
        title=_("Dit toestel"),
        lines=(
            Badge(_("Iemand van de bibliotheek zoekt dit toestel."), "human-greeting"),
            Badge(_("Dit gaat zo vanzelf weg."), "timer"),
        ),
        actions=(Action("close", _("Goed"), "check", CloseSheet(), Role.PRIMARY),),
        icon="bell-ring",
        tone=Tone.WAIT if turns else Tone.WELL,
        sign_mm=36.0,
    )


def _still_there(left: int, _: Translator) -> SheetView:
    count = _.plural(
        "Over {n} seconde begint het scherm opnieuw.", "Over {n} seconden begint het scherm opnieuw.", left
    )
    return SheetView(
        name="still-there",
        title=_("Ben je er nog?"),
        lines=(Badge(count, "timer"),),
        actions=(Action("still-here", _("Ik ben er nog"), "check", Touched(), Role.PRIMARY),),
        icon="human-greeting",
        tone=Tone.WAIT,
    )

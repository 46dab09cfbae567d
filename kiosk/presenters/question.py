"""What the printer waits for, and what it asks: words that a visitor understands, and a sheet with its buttons."""

from firmware_bridge.contract import Attention, Question, QuestionKind
from kiosk.domain.intents import AnswerPrinter, SayProblem
from kiosk.domain.model import Model
from kiosk.domain.session import Place
from kiosk.locale import Translator
from kiosk.presenters.views import Action, Badge, Role, SheetView, Tone


def attention_words(attention: Attention, _: Translator) -> str:
    """One or two short sentences."""
    return {
        Attention.FILAMENT_RUNOUT: _("De draad is op. Een medewerker doet er nieuwe draad in."),
        Attention.FILAMENT_CHANGE: _("De printer wacht op nieuwe draad. Een medewerker helpt je."),
        Attention.DOOR_OPEN: _("De deur van de printer staat open. Doe ze dicht."),
        Attention.WAITS_FOR_PERSON: _("De printer wacht op iemand. Vraag het aan de balie."),
    }[attention]


def sheet(model: Model, _: Translator) -> SheetView | None:
    """Over the printer's own place, while a question is open. Stopping stays one touch away."""
    state = model.world.state
    if state is None or state.question is None or model.session.place is not Place.JOB:
        return None
    question = state.question
    attention = state.attention or Attention.WAITS_FOR_PERSON
    last = len(question.choices) - 1
    answers = tuple(
        Action(
            f"answer:{i}",
            _choice(choice, _),
            "",
            AnswerPrinter(question.id, i),
            Role.PRIMARY if i == last else Role.PLAIN,
        )
        for i, choice in enumerate(question.choices)
    )
    problem = Action("problem", _("Er is iets mis"), "alert", SayProblem(), Role.DANGER)
    return SheetView(
        name="question",
        title=_("De printer vraagt iets"),
        lines=(Badge(attention_words(attention, _), "human-greeting"), Badge(_asked(question, _), "help")),
        actions=(problem, *answers),
        icon="printer-3d",
        tone=Tone.WAIT,
    )


def _asked(question: Question, _: Translator) -> str:
    """The firmware's own words only where nobody knows better ones."""
    return {
        QuestionKind.CONTINUE: _("Is alles in orde? Dan kan de printer verder."),
        QuestionKind.MORE_FILAMENT: _("Komt de nieuwe draad goed uit de kop?"),
        QuestionKind.HEAT_AGAIN: _("De kop is afgekoeld. Mag hij weer heet worden?"),
        QuestionKind.OTHER: _("De printer zegt: {words}", words=question.text),
    }[question.kind]


def _choice(label: str, _: Translator) -> str:
    """What firmwares write on their buttons, in the visitor's language where it is known."""
    known = {
        "continue": _("Ga verder"),
        "purgemore": _("Nog wat draad"),
        "disablerunout": _("Ga verder zonder voeler"),
        "reheat": _("Maak weer heet"),
        "heatnozzle": _("Maak weer heet"),
        "dismiss": _("Goed"),
        "ok": _("Goed"),
        "yes": _("Ja"),
        "no": _("Nee"),
    }
    return known.get(label.replace(" ", "").lower(), label)

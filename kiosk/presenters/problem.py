"""Something is wrong: pictures to point at. Danger ends the print at once."""

import enum
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.contract import CallReason, JobState
from kiosk.domain.intents import Intent, PausePrint, Report, SayItSticks, StopPrint
from kiosk.domain.model import Model
from kiosk.domain.printing import plate_job
from kiosk.domain.world import JobToolpath
from kiosk.locale import Translator
from kiosk.presenters.views import Action, Role, Tone


class Shot(enum.Enum):
    """What a picture shows."""

    STICKS = "sticks"
    DOES_NOT_STICK = "does_not_stick"
    PRINTER = "printer"


@dataclass(frozen=True)
class ChoiceView:
    """A picture with its word and what will happen. `icon` says what the picture of the printer cannot."""

    name: str
    text: str
    outcome: str
    shot: Shot
    icon: str
    tone: Tone
    intent: Intent
    enabled: bool = True


@dataclass(frozen=True)
class ProblemView:
    """`toolpath` is the job's own first layer; without one the pictures show a ring. `printer` is to be tinted."""

    title: str
    explanation: str
    choices: tuple[ChoiceView, ...]
    toolpath: JobToolpath | None
    printer: Path | None


def present(model: Model, _: Translator) -> ProblemView:
    """What is wrong?"""
    return ProblemView(
        title=_("Wat is er mis?"),
        explanation=_("Raak aan wat je ziet. Kom niet met je handen in de printer."),
        choices=(
            ChoiceView(
                "not-sticking",
                _("Het plakt niet"),
                _("De printer wacht en we roepen iemand."),
                Shot.DOES_NOT_STICK,
                "",
                Tone.PLAIN,
                Report(CallReason.DOES_NOT_STICK),
            ),
            ChoiceView(
                "danger",
                _("Rook, vreemde geur of vreemd geluid"),
                _("De printer stopt meteen."),
                Shot.PRINTER,
                "alert",
                Tone.STOP,
                Report(CallReason.STRANGE),
            ),
            ChoiceView(
                "other",
                _("Iets anders"),
                _("We roepen iemand."),
                Shot.PRINTER,
                "help",
                Tone.PLAIN,
                Report(CallReason.OTHER),
            ),
        ),
        toolpath=_toolpath(model),
        printer=model.world.picture("printer"),
    )


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """What is not danger."""
    job = plate_job(model.world)
    free = not model.session.asking
    stop = Action("stop", _("Stop de print"), "stop", StopPrint(), Role.DANGER, free)
    if job is None or job.state is JobState.PAUSED:
        return (stop,)
    return (Action("pause", _("Pauze"), "pause", PausePrint(), enabled=free), stop)


def present_check(model: Model, _: Translator) -> ProblemView:
    """Does the first layer stick?"""
    free = not model.session.asking
    return ProblemView(
        title=_("Plakt het eerste laagje?"),
        explanation=_("Kijk in de printer. Wat zie je?"),
        choices=(
            ChoiceView(
                "sticks",
                _("Ja, het ligt mooi vast"),
                _("Dan print hij verder."),
                Shot.STICKS,
                "check",
                Tone.WELL,
                SayItSticks(True),
                free,
            ),
            ChoiceView(
                "does-not-stick",
                _("Nee, het komt los"),
                _("De printer wacht en we roepen iemand."),
                Shot.DOES_NOT_STICK,
                "close",
                Tone.STOP,
                SayItSticks(False),
                free,
            ),
        ),
        toolpath=_toolpath(model),
        printer=None,
    )


def _toolpath(model: Model) -> JobToolpath | None:
    job, toolpath = plate_job(model.world), model.world.toolpath
    return toolpath if job and toolpath and toolpath.job == job.id and toolpath.pack else None

"""What a tile says, in words: does it need me, what does it do, until when."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.pages import collection, colour, words
from dashboard.pages.choice import Choice, Judged
from dashboard.pages.formats import celsius, clock, duration, number, percent, when
from dashboard.pages.status import Condition, Known, Need, Reach, Verdict
from dashboard.pages.words import Word
from firmware_bridge.contract import Job


@dataclass(frozen=True)
class Tile:
    """`headline` is read from five metres, `detail` from one. `bar`: how much of the progress bar is full.

    Two that differ only in when they were heard (`seen_ms`) are the same."""

    id: str
    name: str
    condition: Word
    need: Need
    model: str
    headline: str
    detail: str
    bar: "Bar | None"
    picture: "Picture | None"
    is_heard: bool
    kiosk: Word
    printer: Word
    seen_ms: int | None = field(compare=False)


@dataclass(frozen=True)
class Bar:
    """Progress in the spool's colour, as it is on a light and on a dark ground."""

    percent: str
    length: str
    on_light: str
    on_dark: str


@dataclass(frozen=True)
class Picture:
    """A model's picture, and the spool's colour that tints it on a light and on a dark ground."""

    card: str
    colours: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Count:
    """How many are in that state, in words; `is_chosen`: the grid shows them alone."""

    number: int
    what: str
    address: str
    is_chosen: bool


def summary(judged: Sequence[Judged], choice: Choice) -> list[Count]:
    """How many of each kind, those with a need first; kinds that do not occur are left out."""
    count = {need: sum(1 for one, _known in judged if one.condition.need is need) for need in Need}
    said = [
        (Need.HELP, ngettext("heeft hulp nodig", "hebben hulp nodig", count[Need.HELP])),
        (Need.LOOK, ngettext("is niet te volgen", "zijn niet te volgen", count[Need.LOOK])),
        (Need.HAND, ngettext("wacht op iemand", "wachten op iemand", count[Need.HAND])),
        (Need.BUSY, ngettext("is bezig", "zijn bezig", count[Need.BUSY])),
        (Need.NONE, ngettext("is vrij", "zijn vrij", count[Need.NONE])),
        (Need.AWAY, ngettext("doet niet mee", "doen niet mee", count[Need.AWAY])),
    ]
    return [
        Count(count[need], what, _only(choice, need), choice.state is need) for need, what in said if count[need]
    ]


def _only(choice: Choice, need: Need) -> str:
    """That state alone; all again where it is chosen already."""
    return choice.address(state="" if choice.state is need else need.name.lower())


def tile(known: Known, judgement: Verdict) -> Tile:
    """One printer's tile."""
    headline, detail = _until(known, judgement)
    is_seen = judgement.reach is Reach.ONLINE
    return Tile(
        id=known.kiosk,
        name=known.name,
        condition=words.CONDITIONS[judgement.condition],
        need=judgement.condition.need,
        model=model(judgement.job) if is_seen and judgement.job else "",
        headline=headline,
        detail=detail,
        bar=bar(known, judgement.done) if is_seen else None,
        picture=picture(known, judgement.job) if is_seen else None,
        is_heard=is_seen or judgement.reach is Reach.CLOSED,
        kiosk=words.REACHES[judgement.reach],
        printer=words.CONNECTIONS[judgement.connection],
        seen_ms=known.seen_ms,
    )


def model(job: Job) -> str:
    """The card's name; a visitor's own version says only that it is one."""
    name = words.model_name(job.card)
    return _("%(model)s, eigen versie") % {"model": name} if job.personal else name


def picture(known: Known, job: Job | None) -> Picture | None:
    """The card's own, also of a visitor's version; None where the region's collection has none."""
    model_known = collection.model(job.card) if job else None
    if job is None or model_known is None or model_known.picture is None:
        return None
    spool = known.info.spool.colour if known.info else ""
    grounds = (("on-light", colour.PAPER), ("on-dark", colour.NIGHT))
    return Picture(job.card, tuple((name, colour.on_ground(spool, ground)) for name, ground in grounds))


def bar(known: Known, done: float | None) -> Bar | None:
    """None while nothing is being printed."""
    if done is None:
        return None
    spool = known.info.spool.colour if known.info else ""
    return Bar(
        percent=percent(done),
        length=f"{100 * done:.0f}",
        on_light=colour.on_ground(spool, colour.PAPER),
        on_dark=colour.on_ground(spool, colour.NIGHT),
    )


def _until(known: Known, judgement: Verdict) -> tuple[str, str]:
    """The big line and the small one."""
    match judgement.condition:
        case Condition.PRINTING if judgement.until_ms is not None:
            left = {"duration": duration(judgement.left_s)}
            return clock(judgement.until_ms), _("klaar, over %(duration)s") % left
        case Condition.PRINTING | Condition.HEATING:
            return _heat(known)
        case Condition.PAUSED if judgement.left_s is not None:
            return duration(judgement.left_s), _("te gaan na de pauze")
        case Condition.COLLECT:
            return "", _("De print mag van de plaat.")
        case Condition.CLEAR_PLATE:
            return "", _("Er ligt nog iets op de plaat.")
        case Condition.WAITING_FOR_PLATE:
            return "", _("Iemand moet kijken of de plaat leeg is.")
        case Condition.COOLING:
            return _heat(known)
        case Condition.FREE:
            return "", _("Klaar voor een print.")
        case Condition.JOB_FAILED | Condition.PRINTER_FAULT | Condition.ATTENTION | Condition.ALERT:
            return "", trouble(known)
        case Condition.PRINTER_AWAY:
            return "", _("De kiosk werkt. De printer is uit, of de kabel zit los.")
        case Condition.OUT_OF_ORDER:
            return "", _("Door het personeel op ‘buiten gebruik’ gezet.")
        case Condition.NOT_REPORTING | Condition.UNKNOWN | Condition.CLOSED:
            return _last_heard(known, judgement)
    return "", ""


def trouble(known: Known) -> str:
    """Why it needs help, in one sentence."""
    state = known.state
    job_fault = state.job.fault if state and state.job else None
    fault = (state.printer.fault if state else None) or job_fault
    if fault is not None:
        return str(words.FAULTS[fault.code])
    for alert in reversed(known.alerts):
        if alert.fault is not None:
            return str(words.FAULTS[alert.fault])
        if alert.code is not None:
            return str(words.ALERTS[alert.code])
    return _("Ga kijken bij de printer.")


def _heat(known: Known) -> tuple[str, str]:
    temperatures = known.telemetry.temperatures if known.telemetry else None
    if temperatures is None or temperatures.nozzle_c is None:
        return "", ""
    if not temperatures.nozzle_target_c:
        return celsius(temperatures.nozzle_c), _("aan de nozzle")
    said = [_("van %(target)s aan de nozzle") % {"target": celsius(temperatures.nozzle_target_c)}]
    if known.telemetry and known.telemetry.heating_remaining_s is not None:
        said.append(_("nog ongeveer %(duration)s") % {"duration": duration(known.telemetry.heating_remaining_s)})
    return celsius(temperatures.nozzle_c), ", ".join(said)


def _last_heard(known: Known, judgement: Verdict) -> tuple[str, str]:
    """It cannot be seen now: what is known is of then, and says so."""
    since = known.online_since_ms if judgement.reach in (Reach.LOST, Reach.CLOSED) else known.seen_ms
    headline = _("sinds %(time)s") % {"time": when(since)} if since else ""
    if judgement.last is None:
        return headline, ""
    then = [str(words.CONDITIONS[judgement.last].text)]
    if judgement.job:
        then.append(model(judgement.job))
    if judgement.done is not None:
        then.append(f"{number(100 * judgement.done)} %")
    return headline, _("Toen: %(then)s.") % {"then": ", ".join(then)}

"""Words for everything that can go wrong: what happened, what you can do, who comes."""

from dataclasses import dataclass

from firmware_bridge.contract import FaultCode, OutOfOrderReason
from kiosk.domain.draft import TextProblem, Trouble
from kiosk.domain.printing import Obstacle, printer_fault
from kiosk.domain.session import Notice
from kiosk.domain.world import World
from kiosk.locale import Translator


@dataclass(frozen=True)
class Words:
    """Three parts, each one or two short sentences."""

    happened: str
    you: str
    who: str


def fault_words(code: FaultCode, _: Translator) -> Words:
    """Of a job or a printer."""
    desk = _("Ga naar de balie. Een medewerker helpt je.")
    again = _("Je print is gestopt. Je kunt het straks nog eens printen.")
    staff = _("Een medewerker kijkt de printer na.")
    heat = _("Raak de printer niet aan. Hij kan nog heet zijn.")
    table = {
        FaultCode.PRINTER_MISSING: Words(_("De printer is niet aan."), desk, staff),
        FaultCode.PRINTER_SILENT: Words(_("De printer geeft geen antwoord meer."), heat, desk),
        FaultCode.PRINTER_RESET: Words(_("De printer is opnieuw begonnen."), again, desk),
        FaultCode.PRINTER_HALTED: Words(_("De printer is zelf gestopt, voor de veiligheid."), heat, desk),
        FaultCode.THERMAL: Words(_("De printer werd niet goed warm. Daarom is hij gestopt."), heat, desk),
        FaultCode.HEATING_TOO_SLOW: Words(_("De printer werd te traag warm. Daarom is hij gestopt."), heat, desk),
        FaultCode.COLD_EXTRUSION: Words(_("De kop was te koud om te printen."), again, desk),
        FaultCode.BAD_CONNECTION: Words(_("De kabel van de printer werkt niet goed."), again, desk),
        FaultCode.WRONG_PRINTER: Words(_("Dit is een andere printer dan verwacht."), desk, staff),
        FaultCode.UNSAFE_FIRMWARE: Words(_("Deze printer is niet veilig genoeg om te printen."), desk, staff),
        FaultCode.FILE_REFUSED: Words(
            _("Dit model past niet bij deze printer."), _("Kies een ander model."), staff
        ),
        FaultCode.DISK_FULL: Words(_("Er is geen plaats meer om iets te bewaren."), desk, staff),
        FaultCode.BRIDGE_STOPPED: Words(_("De printer is even uit geweest."), again, desk),
        FaultCode.POSITION_LOST: Words(_("De kop is zijn plaats kwijt."), again, desk),
        FaultCode.EMERGENCY_STOP: Words(_("Iemand drukte op de noodstop. De printer staat stil."), heat, desk),
    }
    return table[code]


def fault_icon(code: FaultCode) -> str:
    """Beside the picture of the printer: what kind of trouble it is."""
    return {
        FaultCode.PRINTER_MISSING: "power-socket",
        FaultCode.PRINTER_SILENT: "lan-disconnect",
        FaultCode.PRINTER_RESET: "refresh",
        FaultCode.PRINTER_HALTED: "stop",
        FaultCode.THERMAL: "thermometer-lines",
        FaultCode.HEATING_TOO_SLOW: "timer-sand",
        FaultCode.COLD_EXTRUSION: "weather-snowy",
        FaultCode.BAD_CONNECTION: "ethernet-cable-off",
        FaultCode.WRONG_PRINTER: "swap-horizontal",
        FaultCode.UNSAFE_FIRMWARE: "shield-outline",
        FaultCode.FILE_REFUSED: "cube-outline",
        FaultCode.DISK_FULL: "harddisk",
        FaultCode.BRIDGE_STOPPED: "power",
        FaultCode.POSITION_LOST: "crosshairs",
        FaultCode.EMERGENCY_STOP: "alert-octagon",
    }[code]


def out_of_order_words(reason: OutOfOrderReason | None, _: Translator) -> str:
    """Why the library does not let anybody print."""
    return {
        OutOfOrderReason.MAINTENANCE: _("De printer krijgt een onderhoud."),
        OutOfOrderReason.BROKEN: _("De printer is stuk. We laten hem maken."),
        OutOfOrderReason.NO_FILAMENT: _("De draad is op."),
        OutOfOrderReason.RESERVED: _("De printer is nu voor een groep."),
    }.get(reason or OutOfOrderReason.OTHER, _("De printer is even buiten gebruik."))


def short_obstacle(why: Obstacle, _: Translator) -> str:
    """On a grey card."""
    return {
        Obstacle.NOT_FOR_THIS_PRINTER: _("Niet op deze printer"),
        Obstacle.OTHER_SPOOL: _("Niet met deze draad"),
        Obstacle.TOO_LATE: _("Niet klaar voor we sluiten"),
    }.get(why, "")


def obstacle_words(why: Obstacle, world: World, _: Translator) -> str:
    """Under a grey button: why, and what one can do."""
    fault = printer_fault(world)
    if why is Obstacle.OUT_OF_ORDER:
        reason = world.state.out_of_order_reason if world.state else None
        return " ".join((out_of_order_words(reason, _), _("Vraag het aan de balie.")))
    if why is Obstacle.PRINTER_FAULT and fault is not None:
        return " ".join((fault_words(fault.code, _).happened, _("Vraag het aan de balie.")))
    return {
        Obstacle.BRIDGE_AWAY: _("De printer is nog niet klaar. Wacht even, of vraag het aan de balie."),
        Obstacle.PRINTER_FAULT: _("Er is iets met de printer. Vraag het aan de balie."),
        Obstacle.PRINTER_AWAY: _("De printer is niet aan. Vraag het aan de balie."),
        Obstacle.ATTENTION: _("De printer wacht op een medewerker. Vraag het aan de balie."),
        Obstacle.NOT_FOR_THIS_PRINTER: _("Deze printer kan dit niet maken. Kies een ander model."),
        Obstacle.OTHER_SPOOL: _("Dit kan niet met de draad die er nu in zit. Vraag het aan de balie."),
        Obstacle.TOO_LATE: _("Dit is niet klaar voor de bibliotheek sluit. Kies iets kleiners, of kom morgen."),
    }[why]


def notice_words(notice: Notice, _: Translator) -> Words:
    """What became of a wish."""
    desk = _("Blijft het zo? Vraag het aan de balie.")
    return {
        Notice.QUEUED: Words(
            _("Je staat in de rij."),
            _("Als het jouw beurt is, zie je dat hier op het scherm."),
            _("Kom dan kijken of de plaat leeg is."),
        ),
        Notice.FOR_STAFF: Words(
            _("Een medewerker kijkt je ontwerp eerst na."),
            _("Daarna sta je in de rij. Je ziet het hier op het scherm."),
            _("Duurt het lang? Vraag het aan de balie."),
        ),
        Notice.TOO_LATE: Words(
            _("Dit is niet klaar voor de bibliotheek sluit."),
            _("Kies iets kleiners, of kom morgen terug."),
            desk,
        ),
        Notice.CALL_FAILED: Words(
            _("We kunnen niemand roepen."),
            _("Ga naar de balie. Een medewerker helpt je."),
            _("Raak de printer niet aan."),
        ),
        Notice.THANKS: Words(_("Dank je wel!"), _("Zo wordt het hier elke keer beter."), _("Veel plezier ermee.")),
        Notice.REFUSED: Words(_("Dit model kan hier niet geprint worden."), _("Kies een ander model."), desk),
        Notice.DISK_FULL: Words(_("Er is geen plaats meer om iets te bewaren."), _("Probeer het later."), desk),
        Notice.OUT_OF_ORDER: Words(_("De printer is even buiten gebruik."), _("Je kunt wel rondkijken."), desk),
        Notice.PRINTER_AWAY: Words(_("De printer is niet aan."), _("Je kunt wel rondkijken."), desk),
        Notice.NOT_NOW: Words(_("Dat kan nu niet."), _("Probeer het nog eens."), desk),
        Notice.BRIDGE_AWAY: Words(
            _("De printer geeft geen antwoord."), _("Wacht even en probeer het nog eens."), desk
        ),
        Notice.NO_PRACTICE: Words(
            _("Oefenen lukt nu niet."),
            _("Probeer het straks nog eens."),
            _("Lukt het weer niet? Vraag het aan de technicus."),
        ),
        Notice.NO_VOICE: Words(
            _("Dit scherm kan deze taal nog niet voorlezen."),
            _("Je kunt wel grotere letters kiezen."),
            _("Vraag aan de balie of iemand het je voorleest."),
        ),
        Notice.FILES_GONE: Words(_("Dit model is hier niet meer."), _("Kies een ander model."), desk),
    }[notice]


def text_words(trouble: Trouble, max_length: int, _: Translator) -> str:
    """A friendly word about what was typed; `max_length` 0: nothing was."""
    letters = " ".join(trouble.letters)
    again = _("Dat lukte niet. Probeer het nog eens.")
    return {
        TextProblem.EMPTY: _("Typ eerst een naam of een woord."),
        TextProblem.TOO_LONG: _("Meer dan {n} letters passen er niet op.", n=max_length),
        TextProblem.NOT_HERE: _("Dat woord printen we hier niet. Probeer een ander woord."),
        TextProblem.LETTERS_MISSING: _("Dit teken kunnen we niet maken: {letters}", letters=letters),
        TextProblem.DOES_NOT_FIT: _("Dit past niet op de plaat. Probeer een korter woord."),
        TextProblem.SLICER_MISSING: _("Dat kan hier nu niet. Vraag het aan de balie."),
        TextProblem.SLICING_FAILED: _("Dat lukte niet. Probeer een ander woord.") if max_length else again,
        TextProblem.DISK_FULL: " ".join(
            (_("Er is geen plaats meer om iets te bewaren."), _("Vraag het aan de balie."))
        ),
        TextProblem.WORKER_FAILED: again,
    }[trouble.problem]

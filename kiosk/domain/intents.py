"""What a visitor or staff wants."""

from msgspec import Struct

from firmware_bridge.contract import CallReason, FeedbackReason, Request
from kiosk.domain.modes import Modes
from kiosk.domain.session import Aspect, Filter, Sheet
from kiosk.domain.staff import StaffPage


class Intent(Struct, frozen=True):
    """Somebody touched something; what follows are its kinds."""


class Touched(Intent, frozen=True):
    """A finger, anywhere: somebody is there."""


class Wake(Intent, frozen=True):
    """The first touch on the attract screen."""


class GoHome(Intent, frozen=True):
    """To the collection."""


class GoBack(Intent, frozen=True):
    """One step back."""


class ChooseCard(Intent, frozen=True):
    """A card of the collection."""

    card: str


class Search(Intent, frozen=True):
    """To what one may look for in the collection."""


class LookFor(Intent, frozen=True):
    """Only that of the collection; None: all of it."""

    wanted: Filter | None


class LookAt(Intent, frozen=True):
    """The model, in another way."""

    aspect: Aspect


class ShowLayer(Intent, frozen=True):
    """How far the model is printed on the glass; counts from 1."""

    layer: int


class TurnPage(Intent, frozen=True):
    """Through the collection; `by` is 1 or -1."""

    by: int


class WantPrint(Intent, frozen=True):
    """To the plate check, or into the queue while something is printing."""


class MakeYours(Intent, frozen=True):
    """To the keyboard."""


class PressKey(Intent, frozen=True):
    """A key of the keyboard: one character, or a `keyboard.Special`'s value."""

    key: str


class ChooseOption(Intent, frozen=True):
    """Of a shape or a size."""

    parameter: str
    option: str


class EditText(Intent, frozen=True):
    """Open the keyboard where it does not stand beside the text."""


class MakeIt(Intent, frozen=True):
    """Slice the visitor's own version."""


class StopMaking(Intent, frozen=True):
    """Rather not wait for it."""


class PlateIsEmpty(Intent, frozen=True):
    """The visitor looked, and says so."""


class GoToJob(Intent, frozen=True):
    """See what the printer does."""


class SeeQueue(Intent, frozen=True):
    """Who comes when."""


class SayProblem(Intent, frozen=True):
    """Something is wrong with the print."""


class Report(Intent, frozen=True):
    """What is wrong. STRANGE ends the print at once."""

    reason: CallReason


class CallHelp(Intent, frozen=True):
    """Staff should come."""

    reason: CallReason


class SayItSticks(Intent, frozen=True):
    """The first layer, or that it does not."""

    sticks: bool


class CheckLater(Intent, frozen=True):
    """Rather not look at the first layer now."""


class Rate(Intent, frozen=True):
    """How the print was: 1 (bad) to 3 (good)."""

    smiley: int


class EndRating(Intent, frozen=True):
    """Why, or None: enough said."""

    reason: FeedbackReason | None


class GiveUpTurn(Intent, frozen=True):
    """That job, whose turn it is, need not be printed."""

    job: str


class ClearPrinter(Intent, frozen=True):
    """Somebody of the library has looked at a printer that was halted."""


class PressDigit(Intent, frozen=True):
    """Of the PIN pad: a digit or `pin.ERASE`."""

    key: str


class EnterPin(Intent, frozen=True):
    """Let the bridge look at it."""


class WantStaff(Intent, frozen=True):
    """The corner was held for three seconds: somebody of the library wants to come in."""


class SeeStaffPage(Intent, frozen=True):
    """Of the staff's own."""

    page: StaffPage


class StaffAsks(Intent, frozen=True):
    """Something of the bridge, in the role that the PIN gave."""

    request: Request


class PickJob(Intent, frozen=True):
    """Of the queue; what follows is about that one."""

    job: str


class PickStep(Intent, frozen=True):
    """How far one touch moves the head."""

    mm: float


class PickSpool(Intent, frozen=True):
    """Of what is put in: the material or the colour. `name`: what the colour is called."""

    material: str = ""
    colour: str = ""
    name: str = ""


class SeeWifi(Intent, frozen=True):
    """To the networks that there are; where it takes a technician, to the PIN first."""


class FindWifi(Intent, frozen=True):
    """Look around again."""


class PickNetwork(Intent, frozen=True):
    """Of those that were found, by its id."""

    network: str


class ShowPassword(Intent, frozen=True):
    """Or hide it again."""


class RetypePassword(Intent, frozen=True):
    """Of the network that was picked."""


class CleanScreen(Intent, frozen=True):
    """Half a minute in which no touch does anything."""


class BeginPractice(Intent, frozen=True):
    """Train with a simulated printer."""


class EndPractice(Intent, frozen=True):
    """Back to the real one."""


class OpenSheet(Intent, frozen=True):
    """Lay a sheet over the screen."""

    sheet: Sheet


class CloseSheet(Intent, frozen=True):
    """Away with the sheet or the notice."""


class ChooseLanguage(Intent, frozen=True):
    """By its code."""

    language: str


class ChooseModes(Intent, frozen=True):
    """How this visitor wants the screen."""

    modes: Modes


class ReadAloud(Intent, frozen=True):
    """What is on the screen, from its first word; again where it was read before."""


class StopReading(Intent, frozen=True):
    """Silence."""


class PausePrint(Intent, frozen=True):
    """Something is wrong: wait."""


class StopPrint(Intent, frozen=True):
    """End it; whether a visitor may is the library's choice."""


class AnswerPrinter(Intent, frozen=True):
    """One of the choices that the printer's question has."""

    question: str
    choice: int


class ResumePrint(Intent, frozen=True):
    """Go on after a pause."""


class CollectPrint(Intent, frozen=True):
    """It is taken off; the plate is empty."""

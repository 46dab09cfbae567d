"""What may happen: what a visitor wants, and what the world tells."""

from dataclasses import dataclass
from datetime import datetime

from firmware_bridge.contract import (
    Call,
    CallReason,
    ErrorCode,
    FeedbackReason,
    Info,
    Job,
    LogTail,
    PinRefusal,
    Request,
    Session,
    State,
    Telemetry,
    TooLate,
)
from kiosk.domain.model import Aspect, Filter, JobToolpath, Piece, Sheet, StaffPage, Step, TextProblem
from kiosk.domain.modes import Modes

# --- the visitor -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Touched:
    """A finger, anywhere: somebody is there."""


@dataclass(frozen=True)
class Wake:
    """The first touch on the attract screen."""


@dataclass(frozen=True)
class GoHome:
    """To the collection."""


@dataclass(frozen=True)
class GoBack:
    """One step back."""


@dataclass(frozen=True)
class ChooseCard:
    """A card of the collection."""

    card: str


@dataclass(frozen=True)
class Search:
    """To what one may look for in the collection."""


@dataclass(frozen=True)
class LookFor:
    """Only that of the collection; None: all of it."""

    wanted: Filter | None


@dataclass(frozen=True)
class LookAt:
    """The model, in another way."""

    aspect: Aspect


@dataclass(frozen=True)
class ShowLayer:
    """How far the model is printed on the glass; counts from 1."""

    layer: int


@dataclass(frozen=True)
class TurnPage:
    """Through the collection; `by` is 1 or -1."""

    by: int


@dataclass(frozen=True)
class WantPrint:
    """To the plate check, or into the queue while something is printing."""


@dataclass(frozen=True)
class MakeYours:
    """To the keyboard."""


@dataclass(frozen=True)
class PressKey:
    """A key of the keyboard: one character, or a `keyboard.Special`'s value."""

    key: str


@dataclass(frozen=True)
class ChooseOption:
    """Of a shape or a size."""

    parameter: str
    option: str


@dataclass(frozen=True)
class EditText:
    """Open the keyboard where it does not stand beside the text."""


@dataclass(frozen=True)
class MakeIt:
    """Slice the visitor's own version."""


@dataclass(frozen=True)
class StopMaking:
    """Rather not wait for it."""


@dataclass(frozen=True)
class PlateIsEmpty:
    """The visitor looked, and says so."""


@dataclass(frozen=True)
class GoToJob:
    """See what the printer does."""


@dataclass(frozen=True)
class SeeQueue:
    """Who comes when."""


@dataclass(frozen=True)
class SayProblem:
    """Something is wrong with the print."""


@dataclass(frozen=True)
class Report:
    """What is wrong. STRANGE ends the print at once."""

    reason: CallReason


@dataclass(frozen=True)
class CallHelp:
    """Staff should come."""

    reason: CallReason


@dataclass(frozen=True)
class SayItSticks:
    """The first layer, or that it does not."""

    sticks: bool


@dataclass(frozen=True)
class CheckLater:
    """Rather not look at the first layer now."""


@dataclass(frozen=True)
class Rate:
    """How the print was: 1 (bad) to 3 (good)."""

    smiley: int


@dataclass(frozen=True)
class EndRating:
    """Why, or None: enough said."""

    reason: FeedbackReason | None


@dataclass(frozen=True)
class GiveUpTurn:
    """The job whose turn it is need not be printed."""


@dataclass(frozen=True)
class ClearPrinter:
    """Somebody of the library has looked at a printer that was halted."""


@dataclass(frozen=True)
class PressDigit:
    """Of the PIN pad: a digit or `pin.ERASE`."""

    key: str


@dataclass(frozen=True)
class EnterPin:
    """Let the bridge look at it."""


@dataclass(frozen=True)
class WantStaff:
    """The corner was held for three seconds: somebody of the library wants to come in."""


@dataclass(frozen=True)
class SeeStaffPage:
    """Of the staff's own."""

    page: StaffPage


@dataclass(frozen=True)
class StaffAsks:
    """Something of the bridge, in the role that the PIN gave."""

    request: Request


@dataclass(frozen=True)
class PickJob:
    """Of the queue; what follows is about that one."""

    job: str


@dataclass(frozen=True)
class PickStep:
    """How far one touch moves the head."""

    mm: float


@dataclass(frozen=True)
class PickSpool:
    """Of what is put in: the material or the colour. `name`: what the colour is called."""

    material: str = ""
    colour: str = ""
    name: str = ""


@dataclass(frozen=True)
class CleanScreen:
    """Half a minute in which no touch does anything."""


@dataclass(frozen=True)
class OpenSheet:
    """Lay a sheet over the screen."""

    sheet: Sheet


@dataclass(frozen=True)
class CloseSheet:
    """Away with the sheet or the notice."""


@dataclass(frozen=True)
class ChooseLanguage:
    """By its code."""

    language: str


@dataclass(frozen=True)
class ChooseModes:
    """How this visitor wants the screen."""

    modes: Modes


@dataclass(frozen=True)
class ReadAloud:
    """What is on the screen, from its first word; again where it was read before."""


@dataclass(frozen=True)
class StopReading:
    """Silence."""


@dataclass(frozen=True)
class PausePrint:
    """Something is wrong: wait."""


@dataclass(frozen=True)
class StopPrint:
    """End it; whether a visitor may is the library's choice."""


@dataclass(frozen=True)
class AnswerPrinter:
    """One of the choices that the printer's question has."""

    question: str
    choice: int


@dataclass(frozen=True)
class ResumePrint:
    """Go on after a pause."""


@dataclass(frozen=True)
class CollectPrint:
    """It is taken off; the plate is empty."""


Intent = (
    Touched
    | Wake
    | GoHome
    | GoBack
    | ChooseCard
    | Search
    | LookFor
    | LookAt
    | ShowLayer
    | TurnPage
    | WantPrint
    | MakeYours
    | PressKey
    | ChooseOption
    | EditText
    | MakeIt
    | StopMaking
    | PlateIsEmpty
    | GoToJob
    | SeeQueue
    | SayProblem
    | Report
    | CallHelp
    | SayItSticks
    | CheckLater
    | Rate
    | EndRating
    | GiveUpTurn
    | ClearPrinter
    | PressDigit
    | EnterPin
    | WantStaff
    | SeeStaffPage
    | StaffAsks
    | PickJob
    | PickStep
    | PickSpool
    | CleanScreen
    | OpenSheet
    | CloseSheet
    | ChooseLanguage
    | ChooseModes
    | ReadAloud
    | StopReading
    | PausePrint
    | StopPrint
    | AnswerPrinter
    | ResumePrint
    | CollectPrint
)

# --- the world -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tick:
    """A second passed."""

    now: datetime
    uptime_s: float


@dataclass(frozen=True)
class RoomChanged:
    """What fits on the glass, in the modes that are worn now."""

    cards_per_page: int
    is_roomy: bool


@dataclass(frozen=True)
class ReadingEnded:
    """Everything was read. `has_voice` False: there is no voice for this language, or nothing to hear it with."""

    has_voice: bool = True


@dataclass(frozen=True)
class BridgeUp:
    """The bridge answered."""

    info: Info
    state: State


@dataclass(frozen=True)
class BridgeDown:
    """There is no bridge, or it went away."""


@dataclass(frozen=True)
class InfoCame:
    """Another spool, another name."""

    info: Info


@dataclass(frozen=True)
class StateCame:
    """The bridge's whole snapshot."""

    state: State


@dataclass(frozen=True)
class TelemetryCame:
    """Temperatures and progress."""

    telemetry: Telemetry


@dataclass(frozen=True)
class ToolpathCame:
    """The toolpath of a job, or that it has none."""

    toolpath: JobToolpath


@dataclass(frozen=True)
class Accepted:
    """The bridge did what was asked. `answer` None: there is nothing to say."""

    request: Request
    answer: Job | Call | Session | State | Info | LogTail | None = None


@dataclass(frozen=True)
class Refused:
    """The bridge did not. `code` None: the bridge is away; a file of ours: FileNotFound is `files_gone`."""

    request: Request
    code: ErrorCode | None
    files_gone: bool = False
    why: PinRefusal | TooLate | None = None


@dataclass(frozen=True)
class MakingProgress:
    """The slicing worker is under way."""

    wish: int
    progress: float
    step: Step


@dataclass(frozen=True)
class ShapeMade:
    """A preview of what is typed."""

    wish: int
    piece: Piece


@dataclass(frozen=True)
class PieceMade:
    """The visitor's own version can be printed."""

    wish: int
    piece: Piece


@dataclass(frozen=True)
class MakingFailed:
    """The worker could not."""

    wish: int
    problem: TextProblem
    letters: str = ""


News = (
    Tick
    | RoomChanged
    | ReadingEnded
    | BridgeUp
    | BridgeDown
    | InfoCame
    | StateCame
    | TelemetryCame
    | ToolpathCame
    | Accepted
    | Refused
    | MakingProgress
    | ShapeMade
    | PieceMade
    | MakingFailed
)
Event = Intent | News

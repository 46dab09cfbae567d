"""What every screen's view is made of: frozen data. A screen is drawn again only when its view changed."""

import enum
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.intents import Intent


class Tone(enum.Enum):
    """How it feels; always together with an icon and a word."""

    PLAIN = "plain"
    WELL = "well"
    WAIT = "wait"
    STOP = "stop"


class Role(enum.Enum):
    """What a button is: the screen's one primary action, one beside it, or one that ends something."""

    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


@dataclass(frozen=True)
class Action:
    """A button: its stable name, its word, its icon, and what a touch means."""

    name: str
    text: str
    icon: str
    intent: Intent
    role: Role = Role.PLAIN
    enabled: bool = True


@dataclass(frozen=True)
class Badge:
    """An icon and a few words in a tone."""

    text: str
    icon: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Strip:
    """What the printer does, small, while somebody browses. A touch goes there."""

    text: str
    link: str
    icon: str
    tone: Tone
    picture: Path | None


@dataclass(frozen=True)
class Frame:
    """The fixed frame: the bars above and below. `title` stands in the upper one where there is room.

    `home` stands at the top left, `tools` (language, ear, larger text, help) at the top right. Actions stand at
    the bottom right, the last one in the corner. `more` leads to what does not fit.
    """

    home: Action
    tools: tuple[Action, ...]
    title: str = ""
    strip: Strip | None = None
    back: Action | None = None
    actions: tuple[Action, ...] = ()
    more: str = ""


@dataclass(frozen=True)
class Heat:
    """A thermometer. `share` and `target` are 0 to 1 of its scale; `safe` is where hands may come near."""

    name: str
    reading: str
    word: str
    share: float
    target: float | None
    tone: Tone
    icon: str
    safe: float | None = None


@dataclass(frozen=True)
class SheetView:
    """What lies over the screen. `actions` are big and stand under each other or beside each other; `more` is the
    word that leads to the lines that do not fit. `sign_mm`: how large the icon's round ground is."""

    name: str
    title: str
    lines: tuple[Badge, ...]
    actions: tuple[Action, ...]
    icon: str = ""
    tone: Tone = Tone.PLAIN
    more: str = ""
    sign_mm: float = 16.0


@dataclass(frozen=True)
class View:
    """One picture of the whole screen. `frame` None: nothing but the body. `is_practice`: marked as such."""

    screen: str
    language: str
    frame: Frame | None
    body: object
    sheet: SheetView | None = None
    is_practice: bool = False

"""Things to press. They act when the finger lets go, and show at once that they were touched."""

from collections.abc import Callable
from dataclasses import replace

from kivy.properties import StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from kiosk.domain.intents import Intent
from kiosk.presenters.views import Action, Role, Tone
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.text import Icon, Text

Dispatch = Callable[[Intent], None]


class Touchable(ButtonBehavior, Widget):
    """Anything a finger can press; `name` is stable and English, for tests and the picture tour."""

    name = StringProperty("")

    def __init__(self, name: str, pressed: Callable[[], None]) -> None:
        super().__init__(size_hint=(None, None), always_release=False)
        self.name = name
        self._pressed = pressed

    @property
    def label(self) -> str:
        """What it says."""
        return ""

    @property
    def action(self) -> Action | None:
        """What it stands for, where a word, an icon and a role say all of it."""
        return None

    def on_release(self) -> None:
        """A finger went down and up on it."""
        self._pressed()

    def choose(self) -> None:
        """The same, by a key."""
        if not self.disabled:
            self._pressed()

    def put(self, room: Rect) -> None:
        """Fill `room`."""
        self.pos, self.size = room.pos, room.size


class PushButton(Touchable):
    """An icon with its word on a rounded ground."""

    def __init__(self, theme_: Theme, action: Action, dispatch: Dispatch) -> None:
        super().__init__(action.name, self._act)
        size_mm = theme.BODY_MM if theme_.is_small else theme.LEAD_MM
        self._theme, self._dispatch = theme_, dispatch
        self._panel = Panel(theme_)
        self._icon = Icon(theme_, size_mm=min(theme_.letters_mm(size_mm) * 1.35, 9))
        self._text = Text(theme_, size_mm, bold=True, halign="center")
        for part in (self._panel, self._icon, self._text):
            self.add_widget(part)
        self.bind(state=self._paint)
        self.show(action)

    @property
    def label(self) -> str:
        return self._action.text

    def show(self, action: Action) -> None:
        """Another word, or another meaning."""
        self._action = action
        self.name = action.name
        self.disabled = not action.enabled
        self._text.text = action.text
        self._icon.show(action.icon)
        self._paint()

    def compact_width(self) -> float:
        """Without its icon."""
        return max(self._theme.mm(theme.TARGET_MM), self.natural_width() - self._beside)

    @property
    def action(self) -> Action:
        return self._action

    def least_width(self) -> float:
        """Of its word on one line, as wide as it is: it is never broken."""
        return self.natural_width()

    def natural_width(self) -> float:
        """As wide as its word on one line, and never too narrow for a finger."""
        width = self._text.natural_width() + 2 * self._theme.mm(3 if self._theme.is_small else 4.5) + self._beside
        return max(self._theme.mm(theme.TARGET_MM), round(width))

    def put(self, room: Rect) -> None:
        super().put(room)
        self._panel.put(room)
        inner = room.inset(self._theme.mm(2), self._theme.mm(1))
        # Where there is no room for both, the word matters more.
        has_icon = bool(self._action.icon) and self._text.natural_width() + self._beside <= inner.w + 1
        self._icon.opacity = float(has_icon)
        beside = self._beside if has_icon else 0.0
        text_width = min(self._text.natural_width() + 1, inner.w - beside)
        content = inner.centred(text_width + beside, inner.h)
        if has_icon:
            spot, content = content.cut_left(self._icon.width, self._beside - self._icon.width)
            self._icon.put(spot)
        self._text.put(content)

    @property
    def _beside(self) -> float:
        return self._icon.width + self._theme.mm(2) if self._action.icon else 0.0

    def _paint(self, *_: object) -> None:
        paint = theme.DISABLED if self.disabled else theme.BUTTONS[self._action.role]
        self._panel.paint(paint.pressed if self.state == "down" else paint.ground, paint.border)
        self._text.paint(paint.text)
        self._icon.paint(paint.text)

    def _act(self) -> None:
        if self._action.enabled:
            self._dispatch(self._action.intent)


class Tool(Touchable):
    """One of the frame's own: an icon above its word, without a ground; a primary one stands out.

    Where large letters must be low too the icon stands beside its word, so that the half of the glass holds it.
    """

    def __init__(self, theme_: Theme, action: Action, dispatch: Dispatch) -> None:
        super().__init__(action.name, lambda: dispatch(self._action.intent))
        self._theme = theme_
        self._panel = Panel(theme_, theme.PAPER, theme.PAPER)
        # In large mode the bar must not take the room of the words below it.
        self._icon = Icon(theme_, size_mm=5.5 if theme_.is_large else 7)
        self._text = Text(theme_, theme.BODY_MM, halign="center")
        for part in (self._panel, self._icon, self._text):
            self.add_widget(part)
        self.bind(state=self._paint)
        self.show(action)

    @property
    def label(self) -> str:
        return self._text.text

    @property
    def action(self) -> Action:
        return self._action

    def show(self, action: Action) -> None:
        """Another word, or another meaning."""
        self._action = action
        self._icon.show(action.icon)
        self._text.text = action.text
        self._paint()

    def say(self, word: str) -> None:
        """The same, in another language."""
        self.show(replace(self._action, text=word))

    def fold(self, folded: bool) -> None:
        """Without its word, where there is no room for it; it still has its label."""
        self._text.opacity = float(not folded)

    def natural_width(self) -> float:
        """As wide as its word, and never too narrow for a finger."""
        if not self._text.opacity:
            return self._theme.mm(theme.TARGET_MM)
        beside = self._beside if self._is_flat else 0.0
        width = self._text.natural_width() + beside + self._theme.mm(2)
        return max(self._theme.mm(theme.TARGET_MM), round(width))

    def height_for(self) -> float:
        """Of its icon above its word, or of a finger."""
        needed = 0.0 if self._is_flat else self._word_height + self._icon.height + self._theme.mm(0.5)
        return max(self._theme.mm(theme.TARGET_MM), needed)

    def put(self, room: Rect) -> None:
        super().put(room)
        self._panel.put(room)
        if not self._text.opacity:
            self._icon.put(room)
            return
        if self._is_flat:
            content = room.centred(self._text.natural_width() + 1 + self._beside, room.h)
            spot, word = content.cut_left(self._icon.width, self._beside - self._icon.width)
            self._icon.put(spot)
            self._text.put(word)
            return
        word, spot = room.inset(0, self._theme.mm(0.2)).cut_bottom(self._word_height)
        self._text.put(word)
        self._icon.put(spot)

    @property
    def _is_flat(self) -> bool:
        return self._theme.is_large and self._theme.is_low

    @property
    def _beside(self) -> float:
        return self._icon.width + self._theme.mm(1)

    @property
    def _word_height(self) -> float:
        return self._text.height_for(self._text.natural_width() + 1)

    def _paint(self, *_: object) -> None:
        is_marked = self._action.role is Role.PRIMARY
        ink, ground = theme.TONES[Tone.WAIT] if is_marked else (theme.INK, theme.PAPER)
        self._text.paint(ink)
        self._icon.paint(ink)
        ground = theme.PRESSED if self.state == "down" else ground
        self._panel.paint(ground, ground)
        self._panel.opacity = float(ground is not theme.PAPER)

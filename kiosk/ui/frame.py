"""The fixed frame: home at the top left, language and help at the top right, actions at the bottom right."""

from kivy.uix.widget import Widget

from kiosk.domain.events import GoHome, GoToJob, OpenSheet
from kiosk.domain.model import Sheet
from kiosk.presenters.views import Action, Frame, Strip
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton, Tool, Touchable
from kiosk.ui.widgets.panel import Panel, Picture
from kiosk.ui.widgets.text import Icon, Text


class StripButton(Touchable):
    """What the printer does, small; a touch goes there."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__("watch", lambda: dispatch(GoToJob()))
        self._theme = theme_
        self._panel = Panel(theme_)
        self._picture = Picture(theme_)
        self._icon = Icon(theme_, size_mm=6)
        self._text = Text(theme_, theme.BODY_MM, bold=True)
        self._link = Text(theme_, theme.BODY_MM)
        for part in (self._panel, self._picture, self._icon, self._text, self._link):
            self.add_widget(part)

    @property
    def label(self) -> str:
        return f"{self._text.text}\n{self._link.text}"

    def show(self, strip: Strip) -> None:
        """Another state of the printer."""
        ink, ground = theme.TONES[strip.tone]
        self._panel.paint(ground, ink)
        self._picture.show(strip.picture)
        self._icon.show(strip.icon)
        self._icon.paint(ink)
        self._text.text, self._link.text = strip.text, strip.link
        self._text.paint(ink)
        self._link.paint(ink)

    def natural_width(self) -> float:
        """Both lines on one line each."""
        words = max(self._text.natural_width(), self._link.natural_width())
        return words + self._theme.mm(15 + 6 + 2 + 6)

    def put(self, room: Rect) -> None:
        super().put(room)
        self._panel.put(room)
        mm = self._theme.mm
        picture, rest = room.inset(mm(2), mm(1)).cut_left(mm(14), mm(1))
        self._picture.put(picture)
        icon, words = rest.cut_left(self._icon.width, mm(2))
        self._icon.put(icon)
        top, bottom = words.rows(2)
        self._text.put(top, "bottom")
        self._link.put(bottom, "top")


class FrameBar(Widget):
    """Both bars. `put` gives back the room between them, and the free slot in the upper one."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(size_hint=(None, None))
        self._theme, self._dispatch = theme_, dispatch
        self._home = Tool(theme_, Action("home", "", "home", GoHome()), dispatch)
        self._language = Tool(theme_, Action("language", "", "translate", OpenSheet(Sheet.LANGUAGE)), dispatch)
        self._help = Tool(theme_, Action("help", "", "help", OpenSheet(Sheet.HELP)), dispatch)
        self._strip = StripButton(theme_, dispatch)
        self._buttons: list[PushButton] = []
        self._frame: Frame | None = None

    def show(self, frame: Frame) -> None:
        """Other words, another strip, other actions."""
        if frame == self._frame:
            return
        self._frame = frame
        words = ((self._home, frame.home), (self._language, frame.language), (self._help, frame.help))
        self.clear_widgets()
        for tool, word in words:
            tool.say(word)
            self.add_widget(tool)
        if frame.strip:
            self._strip.show(frame.strip)
            self.add_widget(self._strip)
        actions = tuple(filter(None, (frame.back, *frame.actions)))
        if [b.name for b in self._buttons] == [a.name for a in actions]:
            for button, action in zip(self._buttons, actions, strict=True):
                button.show(action)
        else:
            self._buttons = [PushButton(self._theme, action, self._dispatch) for action in actions]
        for button in self._buttons:
            self.add_widget(button)

    def put(self, room: Rect) -> tuple[Rect, Rect]:
        """Around the edges of `room`; gives back (the room for the body, the free slot above it)."""
        mm = self._theme.mm
        bar, gap = mm(theme.TARGET_MM), self._theme.gap / 2 if self._theme.is_small else self._theme.gap
        top, body = room.cut_top(bar, gap)
        home, top = top.cut_left(self._home.natural_width(), self._theme.gap)
        self._home.put(home)
        for tool in (self._help, self._language):
            spot, top = top.cut_right(tool.natural_width(), mm(theme.TARGET_GAP_MM))
            tool.put(spot)
        slot = Rect(top.x, top.y, top.w - mm(2), top.h)
        if self._frame and self._frame.strip:
            spot = slot.centred(self._strip.natural_width(), slot.h)
            self._strip.put(spot)
            slot = Rect(slot.x, slot.y, spot.x - slot.x - self._theme.gap, slot.h)
        if not self._buttons:
            return body, slot
        bottom, body = body.cut_bottom(bar, gap)
        self._put_buttons(bottom)
        return body, slot

    def _put_buttons(self, bottom: Rect) -> None:
        for button in reversed(self._buttons):
            spot, bottom = bottom.cut_right(min(button.natural_width(), bottom.w), self._theme.gap)
            button.put(spot)

"""The fixed frame: home, language, ear, larger text and help in their places; actions at the bottom right."""

from collections.abc import Sequence
from dataclasses import replace

from kivy.uix.widget import Widget

from kiosk.domain.intents import GoHome, GoToJob
from kiosk.presenters.views import Action, Frame, Strip
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton, Tool, Touchable
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.text import Icon, Text
from kiosk.ui.widgets.thumbnail import Thumbnail

STRIP_PICTURE_MM = 14.0


class StripButton(Touchable):
    """What the printer does, small; a touch goes there."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__("watch", lambda: dispatch(GoToJob()))
        self._theme = theme_
        self._panel = Panel(theme_)
        self._picture = Thumbnail(theme_)
        self._icon = Icon(theme_, size_mm=6)
        self._text = Text(theme_, theme.BODY_MM, bold=True)
        self._link = Text(theme_, theme.BODY_MM)
        self._has_picture = not (theme_.is_small or theme_.is_large)
        for part in (self._panel, self._picture, self._icon, self._text, self._link):
            self.add_widget(part)

    @property
    def label(self) -> str:
        return f"{self._text.text}\n{self._link.text}"

    def show(self, strip: Strip) -> None:
        """Another state of the printer."""
        ink, ground = theme.TONES[strip.tone]
        self._panel.paint(ground, ink)
        self._picture.show(strip.picture if self._has_picture else None)
        self._icon.show(strip.icon)
        self._icon.paint(ink)
        self._text.text, self._link.text = strip.text, strip.link
        self._text.paint(ink)
        self._link.paint(ink)

    def natural_width(self) -> float:
        """Both lines on one line each."""
        lines = [self._link] if self._theme.is_large else [self._text, self._link]
        picture = STRIP_PICTURE_MM + 1 if self._has_picture else 0
        return max(line.natural_width() for line in lines) + self._theme.mm(picture + 6 + 2 + 5)

    def put(self, room: Rect) -> None:
        super().put(room)
        self._panel.put(room)
        mm = self._theme.mm
        rest = room.inset(mm(2), mm(1))
        if self._has_picture:
            picture, rest = rest.cut_left(mm(STRIP_PICTURE_MM), mm(1))
            self._picture.put(picture)
        icon, words = rest.cut_left(self._icon.width, mm(2))
        self._icon.put(icon)
        # In large mode only one line fits: where the touch leads.
        self._text.opacity = float(not self._theme.is_large)
        if self._theme.is_large:
            self._link.put(words)
            return
        top, bottom = words.rows(2)
        self._text.put(top, "bottom")
        self._link.put(bottom, "top")


class FrameBar(Widget):
    """Both bars. `put` gives back the room between them, and the free slot in the upper one.

    In low-reach mode both stand at the bottom and the slot is above.
    """

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(size_hint=(None, None))
        self._theme, self._dispatch = theme_, dispatch
        self._home = Tool(theme_, Action("home", "", "home", GoHome()), dispatch)
        self._tools: list[Tool] = []
        self._strip = StripButton(theme_, dispatch)
        self._buttons: list[PushButton] = []
        self._made: dict[str, PushButton] = {}
        self._frame: Frame | None = None
        self.spare = Rect(0, 0, 0, 0)
        """What is free in the lowest row."""

    @property
    def corner(self) -> Rect:
        """Where home stands."""
        return Rect(*self._home.pos, *self._home.size)

    @property
    def targets(self) -> list[Touchable]:
        """What can be pressed, in the order in which the focus goes: what the screen is for comes first."""
        strip = [self._strip] if self._frame and self._frame.strip else []
        return [*reversed(self._buttons), *strip, self._home, *self._tools]

    def show(self, frame: Frame) -> None:
        """Other words, another strip, other actions."""
        if frame == self._frame:
            return
        self._frame = frame
        self.clear_widgets()
        self._home.show(frame.home)
        if len(self._tools) != len(frame.tools):
            self._tools = [Tool(self._theme, action, self._dispatch) for action in frame.tools]
        for tool, action in zip(self._tools, frame.tools, strict=True):
            tool.show(action)
        for tool in (self._home, *self._tools):
            self.add_widget(tool)
        if frame.strip:
            self._strip.show(frame.strip)
            self.add_widget(self._strip)
        actions = tuple(filter(None, (frame.back, *frame.actions)))
        self._buttons = [self._button(action) for action in actions]
        for button in self._buttons:
            self.add_widget(button)

    def _button(self, action: Action) -> PushButton:
        """Made once for each name."""
        button = self._made.get(action.name)
        if button is None:
            button = self._made[action.name] = PushButton(self._theme, action, self._dispatch)
        button.show(action)
        return button

    def put(self, room: Rect) -> tuple[Rect, Rect]:
        """Around the edges of `room`; gives back (the room for the body, the free slot above it)."""
        return self._put_low(room) if self._theme.is_low else self._put_around(room)

    def _put_around(self, room: Rect) -> tuple[Rect, Rect]:
        gap = self._gap
        top, body = room.cut_top(self._home.height_for(), gap)
        slot = self._put_tools(top)
        below: list[PushButton | StripButton] = list(self._buttons)
        if self._has_strip and self._strip.natural_width() <= slot.w:
            spot = slot.centred(self._strip.natural_width(), self._theme.mm(theme.TARGET_MM))
            self._strip.put(spot)
            slot = slot.cut_left((slot.w - spot.w) / 2 - gap)[0]
        elif self._has_strip:
            below.insert(0, self._strip)
        self.spare = replace(body, w=0, h=0)
        if not below:
            return body, slot
        return self._put_buttons(below, body, gap), slot

    def _put_low(self, room: Rect) -> tuple[Rect, Rect]:
        """Tools in the lowest row, actions beside them or above; nothing but words at the top."""
        mm = self._theme.mm
        slot, room = room.cut_top(mm(theme.TARGET_MM), self._gap)
        gap = mm(theme.TARGET_GAP_MM)
        row, body = room.cut_bottom(self._home.height_for(), gap)
        rest = self._put_tools(row)
        wanted: list[PushButton | StripButton] = [*([self._strip] if self._has_strip else []), *self._buttons]
        if self._narrowest(wanted) <= rest.w:
            self._put_buttons(wanted, rest, gap)
            return body, slot
        body = self._put_buttons(wanted, body, gap)
        return body, slot

    def _put_tools(self, row: Rect) -> Rect:
        """Home where reading starts, the others where it ends; gives back what is free between them.

        In a language of long words some give way: a house and a question mark are understood without theirs.
        """
        gap, tools = self._theme.mm(theme.TARGET_GAP_MM), (self._home, *reversed(self._tools))
        for tool in tools:
            tool.fold(False)
        for tool in tools:
            tool.fold(sum(other.natural_width() + gap for other in tools) > row.w)
        home, row = row.cut_left(self._home.natural_width(), self._theme.gap)
        self._home.put(home)
        for tool in reversed(self._tools):
            spot, row = row.cut_right(tool.natural_width(), gap)
            tool.put(spot)
        return row.cut_right(self._theme.mm(2))[1]

    def _put_buttons(self, buttons: Sequence[PushButton | StripButton], room: Rect, gap: float) -> Rect:
        """From the corner towards where reading starts; in a second row what does not fit in the first."""
        mm = self._theme.mm
        row, rest = room.cut_bottom(mm(theme.TARGET_MM), gap)
        whole, spare = row.w, replace(row, w=0.0)
        gaps = self._theme.gap * (len(buttons) - 1)
        widths = {button: button.natural_width() for button in buttons}
        # Words without icons in one row, rather than a second row.
        if sum(widths.values()) + gaps > whole >= self._narrowest(buttons):
            widths = {button: _compact(button) for button in buttons}
        for button in reversed(buttons):
            width = min(widths[button], whole)
            if width > row.w + 1:
                spare = max(spare, row, key=lambda free: free.w)
                row, rest = rest.cut_bottom(mm(theme.TARGET_MM), gap)
            spot, row = row.cut_right(width, self._theme.gap)
            button.put(spot)
        self.spare = max(spare, row, key=lambda free: free.w)
        return rest

    def _narrowest(self, buttons: Sequence[PushButton | StripButton]) -> float:
        """Of all of them in one row, words without icons."""
        return sum(map(_compact, buttons)) + self._theme.gap * (len(buttons) - 1)

    @property
    def _has_strip(self) -> bool:
        return bool(self._frame and self._frame.strip)

    @property
    def _gap(self) -> float:
        return self._theme.gap / 2 if self._theme.is_small else self._theme.gap


def _compact(button: PushButton | StripButton) -> float:
    return button.compact_width() if isinstance(button, PushButton) else button.natural_width()

"""What lies over a screen, with one question and a few large answers."""

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.presenters.views import SheetView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton
from kiosk.ui.widgets.panel import BadgeLine, Panel
from kiosk.ui.widgets.text import Icon, Text

WIDTH_MM = 150.0


class Sheet(Widget):
    """Takes all touches while it is there, so that nothing under it is pressed."""

    def __init__(self, theme_: Theme, view: SheetView, dispatch: Dispatch) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        with self.canvas.before:
            Color(*theme.INK, 0.55)
            self._shade = Rectangle()
        ink, ground = theme.TONES[view.tone]
        self._panel = Panel(theme_)
        self._round = Panel(theme_, ground, ground, radius_mm=8)
        self._icon = Icon(theme_, view.icon, 10, ink)
        self._title = Text(theme_, theme.TITLE_MM * 0.85, bold=True, name="sheet-title")
        self._title.text = view.title
        size = theme.BODY_MM if theme_.is_small else theme.LEAD_MM
        self._lines = [BadgeLine(theme_, size, name=f"line-{i}") for i in range(len(view.lines))]
        for line, badge in zip(self._lines, view.lines, strict=True):
            line.show(badge)
        self.buttons = [PushButton(theme_, action, dispatch) for action in view.actions]
        for part in (self._panel, self._round, self._icon, self._title, *self._lines, *self.buttons):
            self.add_widget(part)

    def put(self, room: Rect) -> None:
        """Centred in `room`, as high as its content."""
        mm, gap = self._theme.mm, self._theme.gap
        self.pos, self.size = room.pos, room.size
        self._shade.pos, self._shade.size = room.pos, room.size
        pad = mm(3 if self._theme.is_small else 6)
        step = mm(1 if self._theme.is_small else 2.5)
        natural = sum(b.natural_width() for b in self.buttons) + gap * (len(self.buttons) - 1)
        width = min(room.w - 2 * gap, max(mm(WIDTH_MM), natural + 2 * pad))
        inner_w = width - 2 * pad
        head = max(mm(16), self._title.height_for(inner_w - mm(20)))
        lines = sum(line.height_for(inner_w) + step for line in self._lines)
        rows = 1 if natural <= inner_w else len(self.buttons)
        buttons = rows * mm(theme.TARGET_MM) + (rows - 1) * mm(theme.TARGET_GAP_MM)
        height = head + lines + buttons + 2 * pad + gap
        panel = room.centred(width, height)
        self._panel.put(panel)
        inner = panel.inset(pad)
        top, inner = inner.cut_top(head, step)
        spot, title = top.cut_left(mm(16), mm(4))
        self._round.put(spot.centred(mm(16), mm(16)))
        self._icon.put(spot)
        self._title.put(title)
        for line in self._lines:
            inner = line.put(inner).cut_top(step)[1]
        bottom, _rest = panel.inset(pad).cut_bottom(buttons)
        if rows > 1:
            for button, spot in zip(self.buttons, bottom.rows(rows, mm(theme.TARGET_GAP_MM)), strict=True):
                button.put(spot)
            return
        spare = (inner_w - natural) / len(self.buttons)
        for button in self.buttons:
            spot, bottom = bottom.cut_left(button.natural_width() + spare, gap)
            button.put(spot)

    def on_touch_down(self, touch) -> bool:  # type: ignore[no-untyped-def]
        super().on_touch_down(touch)
        return True

    def on_touch_move(self, touch) -> bool:  # type: ignore[no-untyped-def]
        super().on_touch_move(touch)
        return True

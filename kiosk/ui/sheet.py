"""What lies over a screen, with one question and a few large answers."""

from collections.abc import Sequence

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.domain.intents import Intent, Touched
from kiosk.presenters.views import Action, SheetView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton
from kiosk.ui.widgets.panel import BadgeLine, Panel
from kiosk.ui.widgets.text import Icon, Text

WIDTH_MM = 150.0
SIGN_SHARE = 0.625
"""Of its round ground, the icon."""
SIGN_OF_GLASS = 0.3
"""At most so much of the height, so that the words keep their room on a small glass."""


class Sheet(Widget):
    """Takes all touches while it is there, so that nothing under it is pressed.

    Lines that do not fit wait on a next page, one touch on "more" away. Which page is open is this widget's own.
    """

    def __init__(self, theme_: Theme, view: SheetView, dispatch: Dispatch, page: int = 0) -> None:
        super().__init__(size_hint=(None, None))
        self._theme, self._dispatch = theme_, dispatch
        with self.canvas.before:
            Color(*theme_.rgb(theme.INK if theme_.rgb(theme.INK) < theme_.rgb(theme.PAPER) else theme.PAPER), 0.6)
            self._shade = Rectangle()
        ink, ground = theme.TONES[view.tone]
        self._panel = Panel(theme_, theme.CARD, theme.SOFT_INK)
        self._round = Panel(theme_, ground, ground, radius_mm=8)
        self._icon = Icon(theme_, view.icon, view.sign_mm * SIGN_SHARE, ink)
        self._title = Text(theme_, theme.TITLE_MM * 0.85, bold=True, name="sheet-title")
        self._title.text = view.title
        size = theme.BODY_MM if theme_.is_small else theme.LEAD_MM
        self._lines = [BadgeLine(theme_, size, name=f"line-{i}") for i in range(len(view.lines))]
        for line, badge in zip(self._lines, view.lines, strict=True):
            line.show(badge)
        self._answers = [PushButton(theme_, action, dispatch) for action in view.actions]
        self._more = PushButton(theme_, Action("more", view.more, "chevron-right", Touched()), self._turn_page)
        self._sign_mm = view.sign_mm
        self.name, self.page = view.name, page
        self._room = Rect(0, 0, 0, 0)
        for part in (self._panel, self._round, self._icon, self._title):
            self.add_widget(part)

    @property
    def buttons(self) -> list[PushButton]:
        """What can be pressed now, in reading order."""
        return [button for button in (*self._answers, self._more) if button.parent is self]

    def put(self, room: Rect) -> None:
        """Centred in `room`, as high as its content; at the bottom where everything must be low."""
        self.pos, self.size = room.pos, room.size
        self._shade.pos, self._shade.size = room.pos, room.size
        self._room = room
        self._lay_out()

    def _lay_out(self) -> None:
        mm, gap, large = self._theme.mm, self._theme.gap, self._theme.is_large
        tight = self._theme.is_small or large
        pad, step = mm(3 if tight else 6), mm(1 if tight else 2.5)
        border = mm(2) if tight else 2 * gap
        most_w, most_h = self._room.w - 2 * border, self._room.h - 2 * border
        natural = _in_a_row(self._answers, gap)
        width = most_w if large else min(most_w, max(mm(WIDTH_MM), natural + 2 * pad))
        inner_w = width - 2 * pad
        sign = 0.0 if large else min(mm(self._sign_mm), self._room.h * SIGN_OF_GLASS)
        head = max(sign, self._title.height_for(inner_w - (sign + mm(4) if sign else 0)))
        heights = [line.height_for(inner_w) + step for line in self._lines]
        pages = self._pages(heights, head, inner_w, most_h - 2 * pad)
        page, buttons = pages[self.page % len(pages)]
        shown = self._show_only([self._lines[i] for i in page], buttons)
        bottom_h = self._buttons_height(buttons, inner_w)
        lines_h = sum(heights[i] for i in page)
        titled = self._fits(head, lines_h, buttons, inner_w, most_h - 2 * pad)
        self._title.opacity = float(titled)
        height = min(most_h, (head + gap if titled else 0) + lines_h + bottom_h + 2 * pad)
        panel = self._room.centred(width, height)
        if self._theme.is_low:
            panel = self._room.inset(0, border).cut_bottom(height)[0].centred(width, height)
        self._panel.put(panel)
        inner = panel.inset(pad)
        top, rest = inner.cut_top(head, step)
        if sign:
            spot, top = top.cut_left(sign, mm(4))
            self._round.put(spot.centred(sign, sign))
            self._icon.put(spot)
        self._title.put(top)
        for line in shown:
            rest = line.put(rest).cut_top(step)[1]
        self._put_buttons(buttons, inner.cut_bottom(bottom_h)[0])

    def _pages(
        self, heights: list[float], head: float, width: float, height: float
    ) -> list[tuple[range, list[PushButton]]]:
        """Which lines and buttons stand on each page. Where the answers fill the glass, the lines come first."""
        answers, gap = list(self._answers), self._theme.gap
        if self._fits(head, sum(heights), answers, width, height) or not heights:
            return [(range(len(heights)), answers)]
        with_more = [*answers, self._more]
        left = height - head - gap - self._buttons_height(with_more, width)
        if left >= max(heights):
            return [(page, with_more) for page in _paged(heights, left)]
        left = height - head - gap - self._buttons_height([self._more], width)
        return [*((page, [self._more]) for page in _paged(heights, left)), (range(0), with_more)]

    def _fits(self, head: float, lines: float, buttons: list[PushButton], width: float, height: float) -> bool:
        return head + lines + self._theme.gap + self._buttons_height(buttons, width) <= height

    def _show_only(self, lines: list[BadgeLine], buttons: list[PushButton]) -> list[BadgeLine]:
        for part in (*self._lines, *self._answers, self._more):
            self.remove_widget(part)
        for part in (*lines, *buttons):
            self.add_widget(part)
        signed = float(not self._theme.is_large)
        self._round.opacity = self._icon.opacity = signed
        return lines

    def _columns(self, buttons: list[PushButton], width: float) -> int:
        """0: all in one row, each as wide as its word. Else a grid."""
        gap = self._theme.gap
        if _in_a_row(buttons, gap) <= width:
            return 0
        widest = max(button.natural_width() for button in buttons)
        return max(1, int((width + gap) // (widest + gap)))

    def _rows(self, buttons: list[PushButton], width: float) -> int:
        columns = self._columns(buttons, width)
        return -(-len(buttons) // columns) if columns else 1

    def _buttons_height(self, buttons: list[PushButton], width: float) -> float:
        rows, mm = self._rows(buttons, width), self._theme.mm
        return rows * mm(theme.TARGET_MM) + (rows - 1) * mm(theme.TARGET_GAP_MM)

    def _put_buttons(self, buttons: list[PushButton], room: Rect) -> None:
        gap, rows = self._theme.gap, self._rows(buttons, room.w)
        if not self._columns(buttons, room.w):
            spare = (room.w - _in_a_row(buttons, gap)) / len(buttons)
            for button in buttons:
                spot, room = room.cut_left(button.natural_width() + spare, gap)
                button.put(spot)
            return
        columns = -(-len(buttons) // rows)
        lines = room.rows(rows, self._theme.mm(theme.TARGET_GAP_MM))
        spots = [spot for line in lines for spot in line.columns(columns, gap)]
        for button, spot in zip(buttons, spots, strict=False):
            button.put(spot)

    def _turn_page(self, intent: Intent) -> None:
        self.page += 1
        self._lay_out()
        self._dispatch(intent)

    def on_touch_down(self, touch) -> bool:  # type: ignore[no-untyped-def]
        super().on_touch_down(touch)
        return True

    def on_touch_move(self, touch) -> bool:  # type: ignore[no-untyped-def]
        super().on_touch_move(touch)
        return True


def _in_a_row(buttons: Sequence[PushButton], gap: float) -> float:
    return sum(button.natural_width() for button in buttons) + gap * (len(buttons) - 1)


def _paged(heights: list[float], room: float) -> list[range]:
    """Runs of lines that fit in `room`; at least one line a page."""
    pages, first, used = [], 0, 0.0
    for i, height in enumerate(heights):
        if i > first and used + height > room:
            pages.append(range(first, i))
            first, used = i, 0.0
        used += height
    return [*pages, range(first, len(heights))]

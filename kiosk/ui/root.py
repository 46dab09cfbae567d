"""The whole glass: the frame, one screen, and a sheet over it. Draws views; knows nothing of what they mean."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from kivy.animation import Animation
from kivy.uix.widget import Widget

from kiosk.domain.intents import WantStaff
from kiosk.presenters.piece import PieceView
from kiosk.presenters.views import SheetView, View
from kiosk.ui import theme
from kiosk.ui.focus import FocusRing, Key
from kiosk.ui.frame import FrameBar
from kiosk.ui.geometry import Rect
from kiosk.ui.glass import Glass
from kiosk.ui.large import LargeFace
from kiosk.ui.screens.attract import AttractScreen
from kiosk.ui.screens.collection import CollectionScreen
from kiosk.ui.screens.feedback import FeedbackScreen
from kiosk.ui.screens.make import MakeScreen
from kiosk.ui.screens.piece import PieceScreen
from kiosk.ui.screens.pin import PinScreen
from kiosk.ui.screens.plate import PlateScreen
from kiosk.ui.screens.problem import ProblemScreen
from kiosk.ui.screens.queue import QueueScreen
from kiosk.ui.screens.screen import Screen
from kiosk.ui.screens.search import SearchScreen
from kiosk.ui.screens.staff import StaffScreen
from kiosk.ui.screens.staff_clean import CleanScreen
from kiosk.ui.screens.staff_log import LogScreen
from kiosk.ui.screens.staff_name import NameScreen
from kiosk.ui.screens.staff_queue import StaffQueueScreen
from kiosk.ui.screens.trouble import TroubleScreen
from kiosk.ui.screens.watch import AfterScreen, WatchScreen
from kiosk.ui.screens.wifi import PasswordScreen, WifiScreen
from kiosk.ui.sheet import Sheet
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton, Tool, Touchable
from kiosk.ui.widgets.hold_corner import HoldCorner
from kiosk.ui.widgets.panel import Picture
from kiosk.ui.widgets.practice_edge import PracticeEdge
from kiosk.ui.widgets.text import Text

SCREENS: dict[str, type[Screen[Any]]] = {
    "attract": AttractScreen,
    "collection": CollectionScreen,
    "model": PieceScreen,
    "make": MakeScreen,
    "plate": PlateScreen,
    "watch": WatchScreen,
    "cooling": AfterScreen,
    "ready": AfterScreen,
    "trouble": TroubleScreen,
    "search": SearchScreen,
    "problem": ProblemScreen,
    "check": ProblemScreen,
    "queue": QueueScreen,
    "feedback": FeedbackScreen,
    "pin": PinScreen,
    "setup": StaffScreen,
    "wifi": WifiScreen,
    "wifi-password": PasswordScreen,
    "wifi-join": StaffScreen,
    "staff": StaffScreen,
    "staff-queue": StaffQueueScreen,
    "staff-name": NameScreen,
    "staff-log": LogScreen,
    "staff-clean": CleanScreen,
}


_WAY = (CollectionScreen, PieceScreen, PlateScreen, WatchScreen, AfterScreen, ProblemScreen, MakeScreen)
"""What a visitor comes past, most of them in this order."""

CORNER_MM = (60.0, 22.0)
"""Of the attract screen: what staff holds. Elsewhere it is home."""


class Root(Glass):
    """`show` draws a view; what did not change is left alone."""

    def __init__(self, theme_: Theme, dispatch: Dispatch, size: tuple[float, float]) -> None:
        super().__init__(theme_.rgb(theme.PAPER), size)
        self._theme, self._dispatch = theme_, dispatch
        self._frame, self._ring = FrameBar(theme_, dispatch), FocusRing(theme_)
        self._corner = HoldCorner(theme_, self._knock)
        self._edge = PracticeEdge(theme_, size)
        self.canvas.after.add(self._edge)
        self._screens: dict[tuple[type[Screen[Any]], bool], Screen[Any]] = {}
        self._view: View | None = None
        self._screen: Screen[Any] | None = None
        self._sheet: Sheet | None = None

    @property
    def view(self) -> View | None:
        """What is on the glass."""
        return self._view

    def show(self, view: View) -> None:
        """Draw it where it differs from the last one."""
        before, self._view = self._view, view
        card = self._pressed_card(before, view)
        if before is None or before.screen != view.screen or self._is_faced(view) != self._has_face:
            self._change_screen(view, before)
        if before is None or (before.screen, before.frame, before.body) != (view.screen, view.frame, view.body):
            self._lay_out(view)
        if card and isinstance(self._screen, PieceScreen):
            self._screen.grow_from(card)
        if before is None or before.sheet != view.sheet:
            self._change_sheet(view.sheet, fresh=bool(before and before.sheet is None))
        if before is None or before.is_practice != view.is_practice:
            self._edge.show(view.is_practice)
        self._ring.follow(self.targets())

    def make_ready(self, coming: Iterable[View]) -> Iterator[None]:
        """Nobody is there: make what the next visitor will see, who need not wait then. Each step is short."""
        for kind in _WAY:
            if (kind, False) not in self._screens:
                self._screens[kind, False] = self._made(kind, faced=False)
                yield
        for view in coming:
            screen = self._screens[SCREENS[view.screen], False]
            for body in screen.in_steps(view.body):
                self._put_screen(screen, replace(view, body=body))
                screen.leave()
                yield

    def rebuild(self) -> None:
        """Everything anew: other colours, sizes, letters or another direction. Follow with `show`."""
        if self._screen:
            self._screen.leave()
        focused = self._ring.target
        self._corner.end()
        self.clear_widgets()
        self._screens.clear()
        self._view = self._screen = self._sheet = None
        self._frame, self._ring = FrameBar(self._theme, self._dispatch), FocusRing(self._theme)
        self._corner = HoldCorner(self._theme, self._knock)
        self._ring.target = focused
        self.paint(self._theme.rgb(theme.PAPER))

    # --- without touching ----------------------------------------------------------------------------

    def targets(self) -> list[Touchable]:
        """What can be chosen now, in the order in which the focus goes."""
        if self._sheet:
            return [button for button in self._sheet.buttons if not button.disabled]
        own = self._in_reading_order(w for w in _visible(self._screen) if isinstance(w, Touchable))
        framed = self._frame.targets if self._view and self._view.frame else []
        return [target for target in (*own, *framed) if not target.disabled]

    def choices(self) -> list[Touchable]:
        """What can be chosen here, without the tools that stand on every screen."""
        always = {"home", "language", "ear", "access", "help"}
        return [target for target in self.targets() if target.name not in always]

    def press(self, key: Key) -> Touchable | None:
        """Move the focus or choose what has it; gives back what the focus came to."""
        if key is Key.CHOOSE:
            if self._ring.target in self.targets():
                self._ring.target.choose()
            return None
        return self._ring.move(self.targets(), 1 if key is Key.NEXT else -1)

    def hold(self) -> None:
        """The choosing key is down, and home has the focus: the same as a finger that stays there."""
        target = self._ring.target
        if target is not None and target.name == "home" and self._sheet is None:
            self._corner.begin(*target.center)

    def let_go(self) -> None:
        """The key is up again."""
        self._corner.end()

    def hide_focus(self) -> None:
        """A finger touches: it needs no ring."""
        self._ring.hide()

    def texts(self) -> list[str]:
        """What is said on the glass, in reading order: first the words, without what stands on buttons."""
        inside = self._sheet or self._screen
        # A sheet that has just come is still fading in.
        parts = reversed(inside.children) if inside else ()
        seen = (w for part in parts for w in _visible(part))
        found = [w for w in seen if isinstance(w, Text) and w.text and not _on_button(w)]
        return [text.text for text in self._in_reading_order(found)]

    def _in_reading_order(self, widgets: Iterable[Widget]) -> list[Widget]:
        row = self._theme.mm(theme.TARGET_MM) / 2
        way = -1 if self._theme.is_rtl else 1
        return sorted(widgets, key=lambda w: (-round(w.top / row), way * w.x))

    # --- drawing -------------------------------------------------------------------------------------

    def _change_screen(self, view: View, before: View | None) -> None:
        old, kind = self._screen, SCREENS[view.screen]
        faced = self._is_faced(view)
        if (kind, faced) not in self._screens:
            self._screens[kind, faced] = self._made(kind, faced)
        self._screen = self._screens[kind, faced]
        if old and old is not self._screen:
            old.leave()
        self.clear_widgets()
        self.add_widget(self._screen)
        if view.frame:
            self.add_widget(self._frame)
        self.add_widget(self._corner)
        if self._sheet:
            self.add_widget(self._sheet)
        self.add_widget(self._ring)

    def _is_faced(self, view: View) -> bool:
        """The screen's own layout cannot do what the modes ask."""
        kind = SCREENS[view.screen]
        large = self._theme.is_large and not kind.is_large_itself(view.body)
        return large or (self._theme.is_low and not kind.is_low_itself(view.body))

    @property
    def _has_face(self) -> bool:
        return isinstance(self._screen, LargeFace)

    def _made(self, kind: type[Screen[Any]], faced: bool) -> Screen[Any]:
        if faced:
            return LargeFace(self._theme, self._dispatch, kind(self._theme.ordinary(), self._dispatch))
        return kind(self._theme, self._dispatch)

    def _pressed_card(self, before: View | None, view: View) -> Picture | None:
        """The picture on the card, out of which the model now comes."""
        if before is None or before.screen != "collection" or not isinstance(view.body, PieceView):
            return None
        return self._screen.picture_of(view.body.card) if isinstance(self._screen, CollectionScreen) else None

    def _lay_out(self, view: View) -> None:
        if self._screen is None:
            return
        self._put_screen(self._screen, view)
        whole = Rect(0, 0, self.width, self.height, self._theme.is_rtl)
        self._corner.place = self._frame.corner if view.frame else self._attract_corner(view, whole)

    def _put_screen(self, screen: Screen[Any], view: View) -> None:
        whole = Rect(0, 0, self.width, self.height, self._theme.is_rtl)
        tight = self._theme.is_small or self._theme.is_low
        room = whole.inset(self._theme.gap, self._theme.mm(2 if tight else 3.5))
        floor = room.y
        screen.show(view.body)
        if view.frame and isinstance(screen, LargeFace):
            screen.name_more(view.frame.more)
        if view.frame is None:
            room = whole.inset(self._theme.gap)
            slot = Rect(0, 0, 0, 0, self._theme.is_rtl)
        else:
            self._frame.show(view.frame)
            room, slot = self._frame.put(room)
            if self._theme.is_low:
                # Home and the tools stand below.
                floor = room.y
            if isinstance(screen, LargeFace):
                screen.spare = self._frame.spare
        screen.put(room, slot, floor)

    def _attract_corner(self, view: View, whole: Rect) -> Rect:
        """Where the library's name stands."""
        if view.screen != "attract":
            return Rect(0, 0, 0, 0)
        return whole.cut_top(self._theme.mm(CORNER_MM[1]))[0].cut_left(self._theme.mm(CORNER_MM[0]))[0]

    def _knock(self) -> None:
        self._dispatch(WantStaff())

    def _change_sheet(self, view: SheetView | None, fresh: bool) -> None:
        before = self._sheet
        if before:
            self.remove_widget(before)
        self._sheet = None
        if view is None:
            return
        page = before.page if before and before.name == view.name else 0
        self._sheet = Sheet(self._theme, view, self._dispatch, page)
        self._sheet.put(Rect(0, 0, self.width, self.height, self._theme.is_rtl))
        self.remove_widget(self._ring)
        self.add_widget(self._sheet)
        self.add_widget(self._ring)
        if fresh and not self._theme.is_still:
            self._sheet.opacity = 0.0
            Animation(opacity=1.0, d=self._theme.turn_s, t="out_quad").start(self._sheet)

    @property
    def topmost(self) -> Widget:
        """What can be pressed now."""
        return self._sheet or self


def _visible(widget: Widget | None) -> Iterator[Widget]:
    if widget is None or widget.opacity <= 0:
        return
    yield widget
    for child in reversed(widget.children):
        yield from _visible(child)


def _on_button(widget: Widget) -> bool:
    while widget is not None and not isinstance(widget, Root):
        if isinstance(widget, PushButton | Tool):
            return True
        widget = widget.parent
    return False

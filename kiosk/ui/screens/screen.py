"""What all screens have in common."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from kivy.uix.widget import Widget

from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch

Body = TypeVar("Body")
"""What a screen shows: the view of its presenter."""


class Screen(Widget, Generic[Body]):
    """Draws one kind of body. `show` takes its view, `put` lays it out; both only when something changed."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(size_hint=(None, None))
        self.theme, self.send = theme_, dispatch

    @classmethod
    def is_large_itself(cls, _body: Body) -> bool:
        """It knows what to do with large letters; any other screen gets a large face (ui/large.py)."""
        return False

    @classmethod
    def is_low_itself(cls, _body: Body) -> bool:
        """Everything that can be pressed lies low where the frame does; else it gets a face for that too."""
        return True

    def in_steps(self, body: Body) -> Iterator[Body]:
        """Bodies to `show` one after the other, so that making the last one never takes long."""
        yield body

    def show(self, body: Body) -> None:
        """Take over the view."""
        raise NotImplementedError

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        """Lay out in `room`. `slot` is free in the frame's upper bar; a picture at the left may reach down to
        `floor`, where the lower bar has nothing."""
        raise NotImplementedError

    def leave(self) -> None:
        """Another screen comes: stop whatever moves."""

    def add(self, *widgets: Widget) -> None:
        """Several at once, the first at the back."""
        for widget in widgets:
            self.add_widget(widget)

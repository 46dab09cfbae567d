"""An edge around the whole glass: this is an exercise."""

from kivy.graphics import Color, InstructionGroup, Line

from kiosk.ui import theme
from kiosk.ui.theme import Theme

EDGE_MM = 1.6


class PracticeEdge(InstructionGroup):
    """Over everything, and in the way of nothing; the words stand where home is."""

    def __init__(self, theme_: Theme, size: tuple[float, float]) -> None:
        super().__init__()
        self._theme, self._size = theme_, size

    def show(self, is_practice: bool) -> None:
        """Draw it, or take it away."""
        self.clear()
        if not is_practice:
            return
        width = self._theme.mm(EDGE_MM)
        half = width / 2
        self.add(Color(*self._theme.rgb(theme.WAIT), 1))
        inside = (half, half, self._size[0] - width, self._size[1] - width)
        self.add(Line(rectangle=inside, width=half, joint="miter"))

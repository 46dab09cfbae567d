"""What is on the glass, kept in a buffer: where only a model moved, only its room is drawn again."""

from kivy.clock import Clock
from kivy.core.window import Window  # noqa: F401  its import makes the GL context that an Fbo needs
from kivy.graphics import Callback, Canvas, ClearBuffers, ClearColor, Fbo, Rectangle, RenderContext
from kivy.graphics.opengl import GL_BLEND, GL_SCISSOR_TEST, glDisable, glEnable, glScissor
from kivy.uix.widget import Widget

from kiosk.domain.colour import Rgb
from kiosk.ui.geometry import Rect

_COPY = """
$HEADER$
void main(void) {
    gl_FragColor = texture2D(texture0, tex_coord0);
}
"""


class Glass(Widget):
    """Draws its children into a buffer, and the buffer on the window.

    Kivy draws a window anew for any change in it. Where a processor does a GPU's work, that costs more than all
    else; and the window's own buffer cannot be drawn in parts, because a GPU swaps it for an older one.
    """

    canvas: Canvas | Fbo

    def __init__(self, ground: Rgb, size: tuple[float, float]) -> None:
        super().__init__(size_hint=(None, None), size=size)
        self._kept = Fbo(size=(int(size[0]), int(size[1])))
        # Pixel for pixel: there is nothing to smooth.
        self._kept.texture.min_filter = self._kept.texture.mag_filter = "nearest"
        self._ground = ClearColor(*ground, 1)
        self._kept.add(self._ground)
        self._kept.add(ClearBuffers())
        copy = RenderContext(use_parent_projection=True, use_parent_modelview=True, fs=_COPY)
        copy.add(Rectangle(texture=self._kept.texture, size=size))
        for instruction in (self._kept, Callback(_solid), copy, Callback(_blended)):
            self.canvas.add(instruction)
        self._damaged: set[Rect] = set()
        self._mending = Clock.create_trigger(self._mend, -1)

    def paint(self, ground: Rgb) -> None:
        """On another ground."""
        self._ground.rgba = (*ground, 1)

    def damage(self, room: Rect) -> None:
        """Something there looks different, which none of Kivy's instructions tells."""
        self._damaged.add(room)
        self._mending()

    def add_widget(self, *args: object, **named: object) -> None:
        """Kivy's own; what is added is drawn in the buffer."""
        own, self.canvas = self.canvas, self._kept
        try:
            super().add_widget(*args, **named)
        finally:
            self.canvas = own

    def remove_widget(self, *args: object, **named: object) -> None:
        """See add_widget."""
        own, self.canvas = self.canvas, self._kept
        try:
            super().remove_widget(*args, **named)
        finally:
            self.canvas = own

    def _mend(self, _dt: float) -> None:
        rooms, self._damaged = self._damaged, set()
        if self._kept.needs_redraw:
            return  # All of it is drawn in this frame.
        glEnable(GL_SCISSOR_TEST)
        for room in rooms:
            glScissor(int(room.x), int(room.y), int(room.w) + 1, int(room.h) + 1)
            self._kept.ask_update()
            self._kept.draw()
        glDisable(GL_SCISSOR_TEST)
        self.canvas.ask_update()


def _solid(*_: object) -> None:
    glDisable(GL_BLEND)


def _blended(*_: object) -> None:
    glEnable(GL_BLEND)

"""The widget that shows a scene and lets a finger turn it."""

import math

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.widgets.camera import Camera
from kiosk.ui.widgets.scene import Scene

DEGREES_PER_MM = 2.4
ZOOM_STEP = 1.3
_SETTLE_S = 0.1


class Stage(Widget):
    """One finger turns, two zoom, a double tap puts it back. While it moves it is drawn at half the sharpness."""

    name = StringProperty("model-view")
    zoom = NumericProperty(1.0)

    def __init__(self, theme_: theme.Theme, ground: theme.Colour = theme.PAPER, touchable: bool = True) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self._touchable = touchable
        self._fingers: list[object] = []
        self.home = Camera()
        self.scene = Scene(theme_.rgb(ground))
        # A frame buffer draws itself when the canvas that it is in is drawn.
        self.canvas.add(self.scene.fbo)
        with self.canvas:
            Color(1, 1, 1, 1)
            self._rectangle = Rectangle(texture=self.scene.fbo.texture, size=(0, 0))
        self._settle = Clock.create_trigger(self._rest, _SETTLE_S)
        self._moved = False
        self.bind(zoom=self._zoomed)

    def put(self, room: Rect) -> None:
        """Fill `room`."""
        if (self.pos, self.size) == (list(room.pos), list(room.size)):
            return
        self.pos, self.size = room.pos, room.size
        self._resize(sharp=True)

    def release(self) -> None:
        """Nobody sees it: give memory back until it is put somewhere again."""
        self._settle.cancel()
        self.size = self._rectangle.size = (0, 0)
        self.scene.shrink()

    def look(self, camera: Camera) -> None:
        """From there; it is also where a double tap goes back to."""
        self.home = camera
        self.scene.camera = camera
        self.zoom = camera.zoom
        self.scene.redraw()
        self.canvas.ask_update()

    def redraw(self) -> None:
        """Something in the scene changed."""
        self.scene.redraw()
        self.canvas.ask_update()

    def turn(self, yaw: float, pitch: float = 0.0) -> None:
        """By so many degrees."""
        self.scene.camera = self.scene.camera.turned(yaw, pitch)
        self._moving()

    def step(self, nearer: bool) -> None:
        """Zoom by a button."""
        wanted = self.scene.camera.nearer(ZOOM_STEP if nearer else 1 / ZOOM_STEP).zoom
        Animation(zoom=wanted, d=self._theme.turn_s, t="out_quad").start(self)

    def _zoomed(self, *_: object) -> None:
        self.scene.camera = self.scene.camera.nearer(self.zoom / self.scene.camera.zoom)
        self._moving()

    def _moving(self) -> None:
        self._moved = True
        self._resize(sharp=False)
        self._settle()

    def _rest(self, _dt: float) -> None:
        """Sharp again; not while it still moves, however long a frame takes."""
        if self._moved:
            self._moved = False
            self._settle()
            return
        self._resize(sharp=True)

    def _resize(self, sharp: bool) -> None:
        if self.width < 2 or self.height < 2:
            return
        self.scene.resize(self.width, self.height, sharp)
        self._rectangle.texture = self.scene.fbo.texture
        self._rectangle.pos, self._rectangle.size = self.pos, self.size
        self.canvas.ask_update()

    # --- fingers -----------------------------------------------------------------------------------

    def on_touch_down(self, touch) -> bool:  # type: ignore[no-untyped-def]
        if not self._touchable or not self.collide_point(*touch.pos):
            return False
        if touch.is_double_tap:
            self.look(self.home)
        touch.grab(self)
        self._fingers.append(touch)
        return True

    def on_touch_move(self, touch) -> bool:  # type: ignore[no-untyped-def]
        if touch.grab_current is not self:
            return False
        if len(self._fingers) == 1:
            degrees = DEGREES_PER_MM / self._theme.mm(1)
            self.turn(touch.dx * degrees, -touch.dy * degrees)
        elif len(self._fingers) == 2:
            other = next(finger for finger in self._fingers if finger is not touch)
            before = math.hypot(touch.px - other.x, touch.py - other.y)  # type: ignore[attr-defined]
            after = math.hypot(touch.x - other.x, touch.y - other.y)  # type: ignore[attr-defined]
            if before > 1:
                self.zoom = self.scene.camera.nearer(after / before).zoom
        return True

    def on_touch_up(self, touch) -> bool:  # type: ignore[no-untyped-def]
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._fingers = [finger for finger in self._fingers if finger is not touch]
        return True

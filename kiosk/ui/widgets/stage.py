"""The widget that shows a scene and lets a finger turn it."""

import math
from collections.abc import Sequence

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.glass import Glass
from kiosk.ui.widgets.camera import Camera
from kiosk.ui.widgets.scene import Scene

DEGREES_PER_MM = 2.4
ZOOM_STEP = 1.3
_SETTLE_S = 0.1


class Stage(Widget):
    """One finger turns, two zoom, a double tap puts it back. In motion it is drawn plainly, at rest sharply."""

    pos: Sequence[float]
    size: Sequence[float]
    name = StringProperty("model-view")
    zoom = NumericProperty(1.0)

    def __init__(self, theme_: theme.Theme, ground: theme.Colour = theme.PAPER, touchable: bool = True) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self._touchable = touchable
        self._fingers: list[object] = []
        self.home = Camera()
        self.scene = Scene(theme_.rgb(ground))
        with self.canvas:
            Color(1, 1, 1, 1)
            self._rectangle = Rectangle(texture=self.scene.fbo.texture, size=(0, 0))
        self._drawing = Clock.create_trigger(self._draw, -1)
        self._settling = Clock.create_trigger(self._settle, _SETTLE_S)
        self._refining = Clock.create_trigger(self._refine, 0)
        self._moved = self._changed = False
        self.bind(zoom=self._zoomed)

    def put(self, room: Rect) -> None:
        """Fill `room`."""
        if (self.pos, self.size) == (list(room.pos), list(room.size)):
            return
        resized = self.size != list(room.size)
        self.pos, self.size = room.pos, room.size
        if resized and not self._is_nothing:
            self.scene.resize(self.width, self.height)
            self._rectangle.texture = self.scene.fbo.texture
            self.move()
        self._rectangle.pos, self._rectangle.size = self.pos, self.size

    def pause(self) -> None:
        """Nobody sees it now; its last picture and what it shows are kept."""
        for trigger in (self._drawing, self._settling, self._refining):
            trigger.cancel()
        self._moved = False

    def release(self) -> None:
        """Nobody sees it: give memory back until it is put somewhere again."""
        self.pause()
        self.size = self._rectangle.size = (0, 0)
        self.scene.shrink()

    def look(self, camera: Camera) -> None:
        """From there; it is also where a double tap goes back to."""
        self.home = camera
        self.scene.camera = camera
        self.zoom = camera.zoom
        self.move()

    def move(self) -> None:
        """The camera moved, or all is new: drawn before the next frame, and sharply when it has come to rest."""
        self._moved = True
        self._refining.cancel()
        self._drawing()
        self._settling()

    def change(self) -> None:
        """A little of it changed: a sharp picture takes the place of the sharp picture."""
        if not self.scene.is_sharp:
            self.move()
            return
        self._changed = True
        if not self._moved:
            self._refining()

    def turn(self, yaw: float, pitch: float = 0.0) -> None:
        """By so many degrees."""
        self.scene.camera = self.scene.camera.turned(yaw, pitch)
        self.move()

    def step(self, nearer: bool) -> None:
        """Zoom by a button."""
        wanted = self.scene.camera.nearer(ZOOM_STEP if nearer else 1 / ZOOM_STEP).zoom
        Animation(zoom=wanted, d=self._theme.turn_s, t="out_quad").start(self)

    @property
    def is_settled(self) -> bool:
        """Its sharp picture shows all that there is, or it shows nothing."""
        drawn = self.scene.is_sharp and self.scene.begins
        return self._is_nothing or (drawn and not self._moved and not self._changed)

    def prepare_rest(self) -> None:
        """What is only shown at rest is made now."""

    def _zoomed(self, *_: object) -> None:
        self.scene.camera = self.scene.camera.nearer(self.zoom / self.scene.camera.zoom)
        self.move()

    def _draw(self, _dt: float) -> None:
        if self._is_nothing:
            return
        self.scene.draw()
        self._show()

    def _settle(self, _dt: float) -> None:
        """Sharp again; not while it still moves, however long a frame takes."""
        if self._moved:
            self._moved = False
            self._settling()
            return
        self.prepare_rest()
        self._refining()

    def _refine(self, _dt: float) -> None:
        if self._is_nothing:
            return
        if self.scene.begins:
            self._changed = False
        if not self.scene.refine():
            self._refining()
            return
        self._show()
        if self._changed:
            self._refining()

    def _show(self) -> None:
        """Only its own room on the glass needs to be drawn again."""
        glass = self.parent
        while glass is not None and not isinstance(glass, Glass):
            glass = glass.parent if glass.parent is not glass else None
        if glass is not None:
            glass.damage(Rect(self.x, self.y, self.width, self.height))

    @property
    def _is_nothing(self) -> bool:
        return bool(self.width < 2 or self.height < 2)

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

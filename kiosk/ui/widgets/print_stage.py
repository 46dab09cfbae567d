"""The part growing on the plate: tubes of the real toolpath, the layers that come as a shadow, and the head."""

import math

import numpy as np

from catalogue.packs import ToolpathPack
from kiosk.domain.colour import mix
from kiosk.domain.world import JobToolpath
from kiosk.ui import theme
from kiosk.ui.widgets.camera import Camera, Subject
from kiosk.ui.widgets.meshes import Tubes, between, grid, nozzle, square, tubes
from kiosk.ui.widgets.scene import Part
from kiosk.ui.widgets.stage import Stage

GRID_MM = 10.0
_PLATE_Z_MM, _LINES_Z_MM = -0.6, -0.25
_MARGIN = 0.1
_MIN_MARGIN_MM = 4.0


class PrintStage(Stage):
    """Shows one toolpath, up to a segment."""

    def __init__(self, theme_: theme.Theme, ground: theme.Colour = theme.PAPER, touchable: bool = True) -> None:
        super().__init__(theme_, ground, touchable)
        self._edge = self.scene.add(Part(theme_.rgb(theme.LINE), lit=False))
        self._plate = self.scene.add(Part(theme_.rgb(theme.CARD), lit=False))
        self._lines = self.scene.add(Part(mix(theme_.rgb(theme.CARD), theme_.rgb(theme.LINE), 0.7), lit=False))
        self._outline = self.scene.add(Part(theme_.spool_tint, lit=False))
        self._part = self.scene.add(Part(theme_.spool, lit=True))
        self._top = self.scene.add(Part(theme_.spool, lit=True))
        self._head = self.scene.add(Part(theme_.rgb(theme.SOFT_INK), lit=True))
        self._toolpath: JobToolpath | None = None
        self._tubes: Tubes | None = None
        self._drawn: tuple[int, bool] | None = None
        self._top_range: tuple[int, int] | None = None
        self._size_mm = 10.0
        self.look(Camera(yaw=28.0, pitch=-58.0))

    def show(self, toolpath: JobToolpath, drawn: int, head: bool) -> None:
        """The first `drawn` segments; `head` stands where the last one ended."""
        if toolpath.pack is None:
            return
        for part in (self._part, self._top):
            part.paint(self._theme.spool)
        if toolpath is not self._toolpath:
            self._toolpath, self._drawn, self._top_range = toolpath, None, None
            self._lay_out(toolpath.pack)
        if self._drawn == (drawn, head) or self._tubes is None:
            return
        self._drawn = (drawn, head)
        self._part.limit(self._tubes.shown(drawn))
        if drawn >= toolpath.pack.layer_start[1]:
            self._outline.clear()
        self._show_top(toolpath.pack, drawn)
        self._head.show([nozzle(_end_of(toolpath.pack, drawn), self._size_mm)] if head else [])
        self.change()

    def _show_top(self, pack: ToolpathPack, drawn: int) -> None:
        """The layers that can be looked into, with everything that is inside them."""
        layer = int(np.searchsorted(pack.layer_start, drawn, side="left"))
        first = int(pack.layer_start[max(0, layer - 2)])
        last = int(pack.layer_start[min(layer, len(pack.layer_start) - 1)])
        if (first, last) != self._top_range:
            self._top_range = (first, last)
            self._top_tubes = tubes(between(pack, first, last))
            self._top.show(self._top_tubes.chunks)
        self._top.limit(self._top_tubes.shown(drawn - first))

    def release(self) -> None:
        self._toolpath = self._tubes = self._drawn = self._top_range = None
        for part in (self._edge, self._plate, self._lines, self._outline, self._part, self._top, self._head):
            part.clear()
        super().release()

    def _lay_out(self, pack: ToolpathPack) -> None:
        low, high = pack.bounds
        centre = (low + high) / 2
        radius = float(np.linalg.norm((high - low)[:2])) / 2
        margin = max(_MIN_MARGIN_MM, radius * _MARGIN)
        near = (float(low[0]) - margin, float(low[1]) - margin)
        far = (float(high[0]) + margin, float(high[1]) + margin)
        plate_radius = math.hypot(far[0] - near[0], far[1] - near[1]) / 2
        self._edge.show([square((near[0] - 0.6, near[1] - 0.6), (far[0] + 0.6, far[1] + 0.6), 2 * _PLATE_Z_MM)])
        self._plate.show([square(near, far, _PLATE_Z_MM)])
        self._lines.show([grid(near, far, GRID_MM, 0.35, _LINES_Z_MM)])
        self._tubes = tubes(pack)
        self._part.show(self._tubes.chunks)
        self._outline.show(tubes(between(pack, 0, int(pack.layer_start[1]))).chunks)
        self._size_mm = max(3.0, radius * 0.2)
        self.scene.subject = Subject(float(centre[0]), float(centre[1]), plate_radius, float(high[2]))
        self.look(self.home)


def _end_of(pack: ToolpathPack, drawn: int) -> tuple[float, float, float]:
    segment = pack.segments[min(max(drawn - 1, 0), len(pack.segments) - 1)]
    x, y, z = segment[3:] if drawn else segment[:3]
    return float(x), float(y), float(z)

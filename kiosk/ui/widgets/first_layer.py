"""Two pictures for "does it stick?": the job's own first layer, lying flat, and come loose."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalogue.packs import ToolpathPack
from kiosk.domain.world import JobToolpath
from kiosk.presenters.problem import Shot
from kiosk.ui import theme
from kiosk.ui.widgets.camera import Camera
from kiosk.ui.widgets.meshes import MAX_TUBES, between
from kiosk.ui.widgets.print_stage import PrintStage

_LOOSE_FROM = 0.05
"""Where it comes off: this share of its half width from the middle on."""
_LIFT, _SWAY = 0.34, 0.1
"""How far the loose end stands up and wavers, as a share of the layer's width."""
_KNOT_POINTS = 150
_RING_MM, _RING_SIDES, _RING_LINES = 14.0, 64, 7
_THICK = 2.2
"""Lines are drawn thicker than they are: the picture is small."""


def first_layer(pack: ToolpathPack) -> ToolpathPack:
    """Only that layer, as a pack of one layer."""
    last = int(pack.layer_start[1])
    layer = between(pack, 0, last)
    return replace(
        layer,
        layer_start=np.array([0, last], np.int32),
        layer_z=pack.layer_z[:1],
        bounds=_bounds(layer.segments.reshape(-1, 3)),
    )


def ring() -> ToolpathPack:
    """A first layer that stands for any: lines around each other."""
    turn = np.linspace(0, 2 * np.pi, _RING_SIDES + 1)
    lines = []
    for number in range(_RING_LINES):
        radius = _RING_MM - 1.1 * number
        points = np.stack([radius * np.cos(turn), radius * np.sin(turn), np.full_like(turn, 0.25)], axis=1)
        lines.append(np.hstack([points[:-1], points[1:]]))
    return _pack(np.vstack(lines), width=0.5, height=0.25)


def loosened(layer: ToolpathPack) -> ToolpathPack:
    """The same layer, one side curled up from the plate, and a knot of thread where the head dragged it along."""
    points = layer.segments.reshape(-1, 3).astype(float)
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, max(float((high - low)[:2].max()) / 2, 1.0)
    loose = ((points[:, 0] - middle[0]) / half - _LOOSE_FROM).clip(0, 1)
    points[:, 2] += _LIFT * half * 2 * loose**1.6
    points[:, 0] -= _LIFT * half * loose**2
    points[:, 1] += _SWAY * half * np.sin(points[:, 0] / half * 9) * loose
    knot = _knot((middle[0] + 0.55 * half, middle[1] - 0.2 * half, 0.42 * half), 0.34 * half)
    segments = np.vstack([points.reshape(-1, 6), knot])
    return _pack(segments, float(layer.width.max()), float(layer.height.max()))


def _knot(centre: tuple[float, float, float], size: float) -> NDArray[np.float64]:
    """A thread without an end, always the same one."""
    way = np.linspace(0, 1, _KNOT_POINTS)
    waves = [np.sin(2 * np.pi * (speed * way + phase)) for speed, phase in ((7, 0.1), (5, 0.6), (9, 0.35))]
    path = np.stack(waves, axis=1) * size * np.array([1.0, 0.9, 0.8]) * (0.5 + 0.5 * way[:, None]) + centre
    path[:, 2] = path[:, 2].clip(0.3)
    return np.hstack([path[:-1], path[1:]])


def _pack(segments: NDArray[np.float64], width: float, height: float) -> ToolpathPack:
    count = len(segments)
    points = segments.reshape(-1, 3)
    return ToolpathPack(
        segments=segments.astype(np.float32),
        width=np.full(count, width, np.float32),
        height=np.full(count, height, np.float32),
        feature=np.zeros(count, np.uint8),
        layer_start=np.array([0, count], np.int32),
        layer_z=np.array([float(points[:, 2].max())], np.float32),
        bounds=_bounds(points),
        features=("External perimeter",),
    )


def _bounds(points: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    return np.array([points.min(axis=0), points.max(axis=0)], np.float32)


class FirstLayerStage(PrintStage):
    """One of the two pictures; it cannot be turned."""

    def __init__(self, theme_: theme.Theme, shot: Shot, ground: theme.Colour = theme.CARD) -> None:
        super().__init__(theme_, ground, touchable=False)
        self._shot = shot
        self._made: tuple[JobToolpath | None, JobToolpath] | None = None
        self.look(Camera(yaw=24.0, pitch=-62.0))

    def show_layer(self, toolpath: JobToolpath | None) -> None:
        """Of that job; None: of any."""
        if self._made is None or self._made[0] is not toolpath:
            layer = first_layer(toolpath.pack) if toolpath and toolpath.pack else ring()
            if self._shot is Shot.DOES_NOT_STICK:
                layer = loosened(layer)
            layer = replace(layer, width=layer.width * _THICK, height=layer.height * _THICK)
            self._made = (toolpath, JobToolpath("", layer))
        pack = self._made[1].pack
        if pack is not None:
            self.show(self._made[1], min(len(pack.segments), MAX_TUBES), head=False)

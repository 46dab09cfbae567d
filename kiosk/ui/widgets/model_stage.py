"""A model in the spool's colour on a round plate, and the two pictures of a printer's plate."""

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np

from catalogue.cards import View
from catalogue.packs import MeshPack, read_mesh
from kiosk.domain.colour import Rgb, mix
from kiosk.ui import theme
from kiosk.ui.widgets.camera import Camera, Subject
from kiosk.ui.widgets.meshes import disc, grid, mesh_chunks, square
from kiosk.ui.widgets.scene import Part
from kiosk.ui.widgets.stage import Stage

DISC_ROOM = 1.14
PLATE_MM = 56.0
_HAIR = 0.02


@functools.lru_cache(maxsize=8)
def load_mesh(path: Path, _mtime_ns: int) -> MeshPack:
    """The pack of that file; read once as long as the file does not change. Raises packs.PackError."""
    return read_mesh(path)


def mesh_of(path: Path) -> MeshPack:
    """Raises packs.PackError."""
    try:
        mtime_ns = path.stat().st_mtime_ns
    except OSError:
        mtime_ns = 0
    return load_mesh(path, mtime_ns)


def camera_of(view: View) -> Camera:
    """The camera that took the card's picture."""
    return Camera(yaw=-view.yaw_deg, pitch=view.pitch_deg - 90.0)


def subject_of(pack: MeshPack, room: float = 1.0) -> Subject:
    """What must be seen of a mesh; `room` widens it."""
    low, high = pack.bounds
    x, y = (low[:2] + high[:2]) / 2
    radius = float(np.linalg.norm(high[:2] - low[:2])) / 2
    return Subject(float(x), float(y), radius * room, float(high[2]))


def footprint_of(pack: MeshPack) -> tuple[float, float, float, float]:
    """Its centre and half size on the ground."""
    low, high = pack.bounds
    x, y = (low[:2] + high[:2]) / 2
    half = (high[:2] - low[:2]) / 2
    return float(x), float(y), float(half[0]), float(half[1])


class ModelStage(Stage):
    """One model that can be turned. `snug`: as large as it goes, without a plate under it."""

    def __init__(self, theme_: theme.Theme, touchable: bool = True, snug: bool = False) -> None:
        super().__init__(theme_, touchable=touchable)
        self._snug = snug
        self._ground = self.scene.add(Part(mix(theme_.rgb(theme.PAPER), theme_.rgb(theme.CARD), 0.85), lit=False))
        self._model = self.scene.add(Part(theme_.spool, lit=True))
        self._shown: tuple[Path, Rgb] | None = None

    def show(self, mesh: Path | None, view: View | None = None) -> None:
        """Of that file; `view` None keeps the camera where it is. Raises packs.PackError."""
        if mesh is None or self._shown == (mesh, self._theme.spool):
            return
        pack = mesh_of(mesh)
        self._shown = (mesh, self._theme.spool)
        subject = subject_of(pack, DISC_ROOM)
        footprint = footprint_of(pack)
        if self._snug:
            subject = replace(subject, half=footprint[2:])
        else:
            self._ground.show([disc((subject.x, subject.y), subject.radius, -_HAIR)])
            self._ground.cast(footprint)
        self.scene.subject = subject
        self._model.paint(self._theme.spool)
        self._model.turned_over = bool(view and view.turned_over)
        self._model.show(mesh_chunks(pack))
        if view is not None:
            self.look(camera_of(view))
        self._moving()

    def release(self) -> None:
        self._shown = None
        self._model.clear()
        super().release()


class PlateStage(Stage):
    """The printer's plate: empty, or with something left on it."""

    def __init__(self, theme_: theme.Theme, ground: theme.Colour) -> None:
        super().__init__(theme_, ground, touchable=False)
        half = PLATE_MM / 2
        low, high = (-half, -half), (half, half)
        edge = self.scene.add(Part(theme_.rgb(theme.SOFT_INK), lit=False))
        edge.show([square((-half - 0.5, -half - 0.5), (half + 0.5, half + 0.5), -0.6)])
        self._plate = self.scene.add(Part(mix(theme_.rgb(theme.PAPER), theme_.rgb(theme.LINE), 0.45), lit=False))
        self._plate.show([square(low, high)])
        lines = self.scene.add(Part(theme_.rgb(theme.CARD), lit=False))
        lines.show([grid(low, high, 7.0, 0.35, _HAIR)])
        self._model = self.scene.add(Part(theme_.spool, lit=True))
        self.scene.subject = Subject(0.0, 0.0, half * 1.42, 22.0)
        self.look(Camera(yaw=38.0, pitch=-58.0))

    def leave(self, mesh: Path) -> None:
        """Put that model on it."""
        pack = mesh_of(mesh)
        self._plate.cast(footprint_of(pack))
        self._model.paint(self._theme.spool)
        self._model.show(mesh_chunks(pack))
        self.redraw()

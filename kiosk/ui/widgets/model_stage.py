"""A model in the spool's colour on a round plate, and the two pictures of a printer's plate."""

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np

from catalogue.cards import View
from catalogue.packs import MeshPack, PackError, read_mesh, read_moving_mesh
from kiosk.domain.colour import Rgb, from_hex, mix
from kiosk.ui import theme
from kiosk.ui.widgets.camera import Camera, Subject
from kiosk.ui.widgets.meshes import Chunk, disc, grid, mesh_chunks, moved, square
from kiosk.ui.widgets.scene import Part, When
from kiosk.ui.widgets.stage import Stage

DISC_ROOM = 1.14
PLATE_MM = 56.0
_HAIR = 0.02
APART_MM = 7.0
LAYER_MM = 0.2
_BESIDE = Camera(yaw=0.0, pitch=-46.0)
"""From the front and above: all stand in a row."""
_KNOWN = (from_hex("#B9A66B"), from_hex("#D9B08C"))
"""What is laid beside a model to compare: a coin's brass, a hand."""


@functools.lru_cache(maxsize=8)
def load_mesh(path: Path, _mtime_ns: int) -> MeshPack:
    """The pack of that file; read once as long as the file does not change. Raises packs.PackError."""
    return read_mesh(path)


@functools.lru_cache(maxsize=8)
def load_moving_mesh(path: Path, _mtime_ns: int) -> MeshPack | None:
    """As load_mesh."""
    return read_moving_mesh(path)


def mesh_of(path: Path) -> MeshPack:
    """Raises packs.PackError."""
    try:
        mtime_ns = path.stat().st_mtime_ns
    except OSError:
        mtime_ns = 0
    return load_mesh(path, mtime_ns)


def moving_mesh_of(path: Path) -> MeshPack | None:
    """The coarser pack for as long as it moves. Raises packs.PackError."""
    try:
        mtime_ns = path.stat().st_mtime_ns
    except OSError:
        mtime_ns = 0
    return load_moving_mesh(path, mtime_ns)


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


def _ground_under(subject: Subject) -> Chunk:
    """A round plate; under things in a row a sheet, which is seen whole as they are."""
    if subject.half is None:
        return disc((subject.x, subject.y), subject.radius, -_HAIR)
    (x, y), (wide, deep) = (subject.x, subject.y), subject.half
    return square((x - wide, y - deep), (x + wide, y + deep), -_HAIR)


class ModelStage(Stage):
    """One model that can be turned. `snug`: as large as it goes, without a plate under it."""

    def __init__(self, theme_: theme.Theme, touchable: bool = True, snug: bool = False) -> None:
        super().__init__(theme_, touchable=touchable)
        self._snug = snug
        self._ground = self.scene.add(Part(mix(theme_.rgb(theme.PAPER), theme_.rgb(theme.CARD), 0.85), lit=False))
        self._model = self.scene.add(Part(theme_.spool, lit=True, when=When.RESTING))
        self._coarse = self.scene.add(Part(theme_.spool, lit=True, when=When.MOVING))
        self._model.layer_mm = self._coarse.layer_mm = LAYER_MM
        self._whole: Path | None = None
        self._known = [self.scene.add(Part(colour, lit=True)) for colour in _KNOWN]
        self._shown: tuple[Path, tuple[Path, ...], Rgb] | None = None

    def show(self, mesh: Path | None, view: View | None = None, beside: tuple[Path, ...] = ()) -> None:
        """Of that file, with those `beside` it; `view` None keeps the camera as it is. Raises packs.PackError."""
        if mesh is None or self._shown == (mesh, beside, self._theme.spool):
            return
        moving = moving_mesh_of(mesh)
        pack = moving or mesh_of(mesh)
        known = [mesh_of(path) for path in beside]
        self._shown = (mesh, beside, self._theme.spool)
        subject = subject_of(pack, DISC_ROOM)
        footprint = footprint_of(pack)
        for part in self._known:
            part.clear()
        if known:
            subject = self._lay_beside(pack, known)
        if self._snug:
            subject = replace(subject, half=footprint[2:])
        else:
            self._ground.show([_ground_under(subject)])
            self._ground.cast(footprint)
        self.scene.subject = subject
        for part in (self._model, self._coarse):
            part.paint(self._theme.spool)
        self._whole = mesh if moving else None
        self._model.when = When.RESTING if moving else When.ALWAYS
        self._model.show(() if moving else mesh_chunks(pack))
        self._coarse.when = When.MOVING
        self._coarse.show(mesh_chunks(moving) if moving else ())
        if view is not None:
            for part in (self._model, self._coarse):
                part.turned_over = view.turned_over and not beside
            self.look(_BESIDE if beside else camera_of(view))
        self.move()

    def prepare_rest(self) -> None:
        """The whole model is read when it first comes to rest; a preview may have been erased since."""
        if self._whole:
            whole, self._whole = self._whole, None
            try:
                self._model.show(mesh_chunks(mesh_of(whole)))
            except PackError:
                self._coarse.when = When.ALWAYS

    def _lay_beside(self, pack: MeshPack, known: list[MeshPack]) -> Subject:
        """From left to right, their fronts in line; gives back what must be seen of all."""
        front, x = float(pack.bounds[0][1]), float(pack.bounds[1][0])
        low, high = pack.bounds[0].copy(), pack.bounds[1].copy()
        for part, other in zip(self._known, known, strict=True):
            x += APART_MM
            to = np.array([x - other.bounds[0][0], front - other.bounds[0][1], 0.0], np.float32)
            part.show(mesh_chunks(moved(other, to)))
            low, high = np.minimum(low, other.bounds[0] + to), np.maximum(high, other.bounds[1] + to)
            x += float(other.bounds[1][0] - other.bounds[0][0])
        centre, half = (low + high) / 2, (high - low) / 2 + APART_MM / 2
        radius = float(np.linalg.norm(half[:2]))
        return Subject(
            float(centre[0]), float(centre[1]), radius, float(high[2]), (float(half[0]), float(half[1]))
        )

    def release(self) -> None:
        self._shown = None
        self._whole = None
        for part in (self._model, self._coarse, *self._known):
            part.clear()
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
        # In so small a picture nobody sees the difference, and it is there at once.
        pack = moving_mesh_of(mesh) or mesh_of(mesh)
        self._plate.cast(footprint_of(pack))
        self._model.paint(self._theme.spool)
        self._model.show(mesh_chunks(pack))
        self.move()

"""Meshes and toolpaths as the screen draws them: arrays that a GLES2 GPU takes without another look.

Both are uncompressed `.npz` files, read without pickle. Lengths in mm, in the printer's coordinates.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_CHUNK_INDICES = 65_535
"""GLES2 has 16-bit indices, and Kivy's Mesh takes no more of them than this."""
MAX_TRIANGLES = 100_000


class PackError(ValueError):
    """The file is not a pack of the kind that was asked for."""


@dataclass(frozen=True)
class MeshPack:
    """vertices: float32 (n, 6): x y z and a unit normal. indices: uint16 (m,), triangles, counted from the
    start of their chunk. chunks: int32 (k, 4): first vertex, vertices, first index, indices. bounds: float32
    (2, 3): lowest and highest corner; the model stands on z = 0, centred on x = y = 0."""

    vertices: NDArray[np.float32]
    indices: NDArray[np.uint16]
    chunks: NDArray[np.int32]
    bounds: NDArray[np.float32]


@dataclass(frozen=True)
class ToolpathPack:
    """Extruded moves only, in print order. segments: float32 (n, 6): from and to. width, height: float32 (n,).
    feature: uint8 (n,), an index into features. layer_start: int32 (layers + 1,): layer i holds the segments
    layer_start[i] to layer_start[i + 1]. layer_z: float32 (layers,), the top of each. bounds: as MeshPack's, but
    in the printer's own coordinates. features: slicer's names."""

    segments: NDArray[np.float32]
    width: NDArray[np.float32]
    height: NDArray[np.float32]
    feature: NDArray[np.uint8]
    layer_start: NDArray[np.int32]
    layer_z: NDArray[np.float32]
    bounds: NDArray[np.float32]
    features: tuple[str, ...]


_MESH = ("vertices", "indices", "chunks", "bounds")
_MOVING = "moving_"


def write_mesh(path: Path, pack: MeshPack, moving: MeshPack | None = None) -> None:
    """Write atomically enough for a build: the folder is only used when the build has ended.

    `moving` is a coarser one of the same thing, for as long as it turns.
    """
    arrays = {name: getattr(pack, name) for name in _MESH}
    if moving:
        arrays |= {_MOVING + name: getattr(moving, name) for name in _MESH}
    np.savez(path, **arrays)


def write_toolpath(path: Path, pack: ToolpathPack) -> None:
    """See write_mesh."""
    np.savez(
        path,
        segments=pack.segments,
        width=pack.width,
        height=pack.height,
        feature=pack.feature,
        layer_start=pack.layer_start,
        layer_z=pack.layer_z,
        bounds=pack.bounds,
        features=np.array(pack.features),
    )


def read_mesh(path: Path) -> MeshPack:
    """Raises PackError."""
    return MeshPack(**_read(path, _MESH))


def read_moving_mesh(path: Path) -> MeshPack | None:
    """The coarser one, without reading the whole; None where there is none.

    Raises PackError.
    """
    try:
        arrays = _read(path, tuple(_MOVING + name for name in _MESH))
    except PackError:
        read_mesh(path)
        return None
    return MeshPack(**{name: arrays[_MOVING + name] for name in _MESH})


def read_toolpath(path: Path) -> ToolpathPack:
    """Raises PackError."""
    names = ("segments", "width", "height", "feature", "layer_start", "layer_z", "bounds", "features")
    arrays = _read(path, names)
    features = tuple(str(name) for name in arrays.pop("features"))
    return ToolpathPack(**arrays, features=features)


def _read(path: Path, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in names}
    except (OSError, EOFError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
        # A damaged archive may look like one of another version, or like one with a password: RuntimeError.
        raise PackError(f"{path}: not a pack: {error}") from error

"""Chunks of triangles that a GLES2 GPU takes: float32 vertices (x y z, normal) and 16-bit indices. Only numpy."""

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from catalogue.packs import MAX_CHUNK_INDICES, MeshPack, ToolpathPack

FORMAT = [(b"v_pos", 3, "float"), (b"v_normal", 3, "float")]
TUBE_INDICES = 18
_CHUNK_TUBES = MAX_CHUNK_INDICES // TUBE_INDICES
_SIDES = [corner for k in range(3) for corner in (k, (k + 1) % 3, 3 + k, (k + 1) % 3, 3 + (k + 1) % 3, 3 + k)]
_INDICES = (np.arange(_CHUNK_TUBES)[:, None] * 6 + np.array(_SIDES)).astype(np.uint16).reshape(-1)
"""Of as many tubes as a chunk takes; fewer take its beginning."""
MAX_TUBES = 24_000
"""Of more than this only what is seen most is drawn; features in the slicer's words, most seen first."""
_SEEN_FIRST = (
    "external perimeter",
    "overhang perimeter",
    "skirt/brim",
    "top solid infill",
    "bridge infill",
    "perimeter",
    "solid infill",
)


@dataclass(frozen=True)
class Chunk:
    """What one draw call takes. `vertices` is flat."""

    vertices: NDArray[np.float32]
    indices: NDArray[np.uint16]

    @property
    def count(self) -> int:
        """Of indices."""
        return len(self.indices)


@dataclass(frozen=True)
class TubeChunk:
    """A Chunk of tubes, computed when they are first drawn: a whole toolpath at once would hold the loop."""

    segments: NDArray[np.float32]
    width: NDArray[np.float32]
    height: NDArray[np.float32]

    @functools.cached_property
    def vertices(self) -> NDArray[np.float32]:
        return _tube_vertices(self.segments, self.width, self.height)

    @property
    def indices(self) -> NDArray[np.uint16]:
        return _INDICES[: self.count]

    @property
    def count(self) -> int:
        """Of indices."""
        return len(self.segments) * TUBE_INDICES


@dataclass(frozen=True)
class Tubes:
    """A toolpath as box-shaped tubes. `order` is the number of the segment that each tube shows, rising."""

    chunks: tuple[TubeChunk, ...]
    order: NDArray[np.int32]

    def shown(self, segments: int) -> list[int]:
        """How many indices of each chunk show the first `segments` segments."""
        tubes = int(np.searchsorted(self.order, segments, side="left"))
        counts = []
        for chunk in self.chunks:
            size = chunk.count // TUBE_INDICES
            counts.append(min(size, tubes) * TUBE_INDICES)
            tubes = max(0, tubes - size)
        return counts


def mesh_chunks(pack: MeshPack) -> Iterator[Chunk]:
    """A mesh pack is in chunks already."""
    for first_vertex, vertices, first_index, indices in pack.chunks:
        yield Chunk(
            np.ascontiguousarray(pack.vertices[first_vertex : first_vertex + vertices]).reshape(-1),
            np.ascontiguousarray(pack.indices[first_index : first_index + indices]),
        )


def moved(pack: MeshPack, by: NDArray[np.float32]) -> MeshPack:
    """A copy of it elsewhere."""
    vertices = pack.vertices.copy()
    vertices[:, :3] += by
    return replace(pack, vertices=vertices, bounds=pack.bounds + by)


def tubes(pack: ToolpathPack) -> Tubes:
    """Every segment as a bead with a triangular section, standing on its broad side, in print order."""
    order = _kept(pack)
    segments, width, height = pack.segments[order], pack.width[order], pack.height[order]
    chunks = tuple(
        TubeChunk(segments[i : i + _CHUNK_TUBES], width[i : i + _CHUNK_TUBES], height[i : i + _CHUNK_TUBES])
        for i in range(0, len(order), _CHUNK_TUBES)
    )
    return Tubes(chunks, order.astype(np.int32))


def between(pack: ToolpathPack, first: int, last: int) -> ToolpathPack:
    """Only those segments; layers are no longer told of."""
    return replace(
        pack,
        segments=pack.segments[first:last],
        width=pack.width[first:last],
        height=pack.height[first:last],
        feature=pack.feature[first:last],
    )


def _kept(pack: ToolpathPack) -> NDArray[np.intp]:
    if len(pack.segments) <= MAX_TUBES:
        return np.arange(len(pack.segments))
    names = [name.lower() for name in pack.features]
    keep = np.zeros(len(pack.segments), bool)
    for feature in _SEEN_FIRST:
        if feature in names:
            more = keep | (pack.feature == names.index(feature))
            if keep.any() and more.sum() > MAX_TUBES:
                break
            keep = more
    kept = np.flatnonzero(keep) if keep.any() else np.arange(len(pack.segments))
    return kept[:: -(-len(kept) // (2 * MAX_TUBES))]


def _tube_vertices(
    segments: NDArray[np.float32], width: NDArray[np.float32], height: NDArray[np.float32]
) -> NDArray[np.float32]:
    start, end = segments[:, :3], segments[:, 3:]
    along = end - start
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    side = np.stack([-along[:, 1], along[:, 0], np.zeros(len(along), np.float32)], axis=1)
    up = np.zeros_like(side)
    up[:, 2] = 1.0
    normals = np.stack([side, up, -side], axis=1)
    # The path runs along the top of its layer: its foot is as wide as the line, a layer lower.
    foot = np.array([1.0, 0.0, 1.0], np.float32)
    corners = normals * (foot * width[:, None] / 2)[..., None]
    corners[..., 2] -= foot * height[:, None]
    vertices = np.empty((len(segments), 2, 3, 6), np.float32)
    vertices[..., :3] = np.stack([start, end], axis=1)[:, :, None, :] + corners[:, None]
    vertices[..., 3:] = normals[:, None]
    return vertices.reshape(-1)


def disc(centre: tuple[float, float], radius: float, z: float = 0.0, corners: int = 96) -> Chunk:
    """A round, flat plate."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    rim = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius + np.asarray(centre)
    points = np.vstack([np.asarray(centre)[None], rim])
    fan = [(0, i, i % corners + 1) for i in range(1, corners + 1)]
    return _flat(points, np.array(fan), z)


def square(low: tuple[float, float], high: tuple[float, float], z: float = 0.0) -> Chunk:
    """A rectangular, flat plate."""
    points = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    return _flat(points, np.array([(0, 1, 2), (0, 2, 3)]), z)


def grid(
    low: tuple[float, float], high: tuple[float, float], step: float, thickness: float, z: float = 0.0
) -> Chunk:
    """Lines on a plate, every `step` mm, as thin rectangles."""
    points: list[list[float]] = []
    triangles: list[tuple[int, ...]] = []
    for axis in (0, 1):
        other = 1 - axis
        for value in np.arange(np.ceil(low[axis] / step) * step, high[axis] + 1e-6, step):
            base = len(points)
            for a, b in ((-1, low), (1, low), (1, high), (-1, high)):
                point = [0.0, 0.0]
                point[axis], point[other] = value + a * thickness / 2, b[other]
                points.append(point)
            quad = [(base, base + 1, base + 2), (base, base + 2, base + 3)]
            triangles += quad if axis == 0 else [corners[::-1] for corners in quad]
    return _flat(np.array(points), np.array(triangles), z)


def nozzle(tip: tuple[float, float, float], size: float, corners: int = 24) -> Chunk:
    """The printer's head, standing on `tip`: a cone with a cylinder on it."""
    rings = ((0.06, 0.0), (0.5, 0.6), (0.5, 1.5), (0.0, 1.5))
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    cosines, sines = np.cos(angles), np.sin(angles)
    vertices: list[NDArray[np.float64]] = []
    triangles: list[tuple[int, ...]] = []
    for (r0, z0), (r1, z1) in itertools.pairwise(rings):
        length = max(float(np.hypot(r1 - r0, z1 - z0)), 1e-6)
        out, up = (z1 - z0) / length, -(r1 - r0) / length
        base = sum(len(v) for v in vertices)
        for radius, z in ((r0, z0), (r1, z1)):
            ring = np.stack([cosines * radius, sines * radius, np.full(corners, z)], axis=1) * size
            normal = np.stack([cosines * out, sines * out, np.full(corners, up)], axis=1)
            vertices.append(np.hstack([ring + np.asarray(tip), normal]))
        for i in range(corners):
            j = (i + 1) % corners
            triangles += [(base + i, base + j, base + corners + i)]
            triangles += [(base + j, base + corners + j, base + corners + i)]
    return Chunk(np.vstack(vertices).astype(np.float32).reshape(-1), np.array(triangles, np.uint16).reshape(-1))


def _flat(points: NDArray[np.float64], triangles: NDArray[np.int64], z: float) -> Chunk:
    vertices = np.zeros((len(points), 6), np.float32)
    vertices[:, :2], vertices[:, 2], vertices[:, 5] = points, z, 1.0
    return Chunk(vertices.reshape(-1), triangles.astype(np.uint16).reshape(-1))

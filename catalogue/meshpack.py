"""A mesh as the screen takes it: soft where the surface is, sharp where its edges are, in 16-bit chunks."""

from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray

from catalogue.packs import MAX_CHUNK_INDICES, MeshPack

CREASE_DEG = 32.0
MOVING_TRIANGLES = 20_000
_FACES_PER_CHUNK = MAX_CHUNK_INDICES // 3


def pack_mesh(mesh: trimesh.Trimesh, crease_deg: float = CREASE_DEG) -> MeshPack:
    """The pack of a mesh that stands on z = 0."""
    return _packed(*soften(mesh, crease_deg), mesh.bounds)


def pack_moving(mesh: trimesh.Trimesh, most: int = MOVING_TRIANGLES) -> MeshPack:
    """The same with `most` triangles, to be drawn while it turns: a GPU that is none cannot draw all in time.

    Vertices of a cell of space become one (Rossignac and Borrel's clustering); the normals of each side of a
    thin wall stay apart.
    """
    corners, positions, normals = soften(mesh)
    cell_mm = float(np.sqrt(mesh.area / max(1, most)))
    while len(corners) > most:
        corners, positions, normals = _clustered(*soften(mesh), cell_mm)
        cell_mm *= 1.15
    return _packed(corners, positions, normals, mesh.bounds)


def _clustered(
    corners: NDArray[Any], positions: NDArray[Any], normals: NDArray[Any], cell_mm: float
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    cells = np.floor(positions / cell_mm).astype(np.int64)
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    cell = cell.ravel()
    side = (normals > 0) @ np.array([1, 2, 4])
    kept, key = np.unique(cell * 8 + side, return_inverse=True)
    key = key.ravel()
    place = _mean_by(cell, positions)
    facing = _mean_by(key, normals)
    facing /= np.maximum(np.linalg.norm(facing, axis=1, keepdims=True), 1e-12)
    triangle = cell[corners]
    whole = (
        (triangle[:, 0] != triangle[:, 1])
        & (triangle[:, 1] != triangle[:, 2])
        & (triangle[:, 2] != triangle[:, 0])
    )
    return key[corners[whole]], place[kept // 8], facing


def _mean_by(group: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    total = np.zeros((int(group.max()) + 1, 3))
    np.add.at(total, group, values)
    return np.asarray(total / np.maximum(np.bincount(group), 1)[:, None])


def _packed(
    corner_vertex: NDArray[Any], positions: NDArray[Any], normals: NDArray[Any], bounds: NDArray[Any]
) -> MeshPack:
    vertices, indices, chunks = [], [], []
    vertex_at = index_at = 0
    for start in range(0, len(corner_vertex), _FACES_PER_CHUNK):
        used, local = np.unique(corner_vertex[start : start + _FACES_PER_CHUNK], return_inverse=True)
        vertices.append(np.hstack([positions[used], normals[used]]).astype(np.float32))
        indices.append(local.ravel().astype(np.uint16))
        chunks.append((vertex_at, len(used), index_at, local.size))
        vertex_at += len(used)
        index_at += local.size
    return MeshPack(
        vertices=np.vstack(vertices),
        indices=np.concatenate(indices),
        chunks=np.array(chunks, np.int32),
        bounds=bounds.astype(np.float32),
    )


def soften(
    mesh: trimesh.Trimesh, crease_deg: float = CREASE_DEG
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Vertices for drawing: (faces, 3) vertex of each corner, their positions, their unit normals.

    The corners around a point share a vertex as far as the faces meet at less than `crease_deg`.
    """
    mesh = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    mesh.merge_vertices()
    faces = np.asarray(mesh.faces)
    groups = _corner_groups(faces, np.asarray(mesh.face_normals), np.cos(np.radians(crease_deg)))
    count = int(groups.max()) + 1
    weight = (np.asarray(mesh.face_angles) * np.asarray(mesh.area_faces)[:, None]).ravel()
    normals = np.zeros((count, 3))
    np.add.at(normals, groups, np.repeat(mesh.face_normals, 3, axis=0) * weight[:, None])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    positions = np.zeros((count, 3))
    positions[groups] = mesh.vertices[faces.ravel()]
    return groups.reshape(-1, 3), positions, normals


def _corner_groups(faces: NDArray[Any], normals: NDArray[Any], crease: float) -> NDArray[Any]:
    """For each corner (face by face) the number of its vertex."""
    start = faces.ravel()
    end = np.roll(faces, -1, axis=1).ravel()
    corner = np.arange(len(start))
    next_corner = np.roll(corner.reshape(-1, 3), -1, axis=1).ravel()
    order = np.lexsort((np.maximum(start, end), np.minimum(start, end)))
    low, high = np.minimum(start, end)[order], np.maximum(start, end)[order]
    same = (low[:-1] == low[1:]) & (high[:-1] == high[1:])
    alone = ~np.r_[False, same[:-1]] & ~np.r_[same[1:], False]
    at = np.flatnonzero(same & alone)
    one, other = order[at], order[at + 1]
    soft = (normals[one // 3] * normals[other // 3]).sum(axis=1) > crease
    soft &= start[one] == end[other]
    one, other = one[soft], other[soft]
    ends_here = np.concatenate([corner[one], next_corner[one]])
    ends_there = np.concatenate([next_corner[other], corner[other]])
    return _components(ends_here, ends_there, len(start))


def _components(a: NDArray[Any], b: NDArray[Any], count: int) -> NDArray[Any]:
    """Which of the `count` nodes hang together by the pairs (a, b), numbered from 0."""
    label = np.arange(count)
    while True:
        lowest = np.minimum(label[a], label[b])
        following = label.copy()
        np.minimum.at(following, label[a], lowest)
        np.minimum.at(following, label[b], lowest)
        following = following[following]
        if (following == label).all():
            return np.asarray(np.unique(label, return_inverse=True)[1])
        label = following

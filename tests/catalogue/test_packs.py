import random

import numpy as np
import pytest
import trimesh

from catalogue.meshpack import pack_mesh, pack_moving
from catalogue.packs import (
    MAX_CHUNK_INDICES,
    PackError,
    ToolpathPack,
    read_mesh,
    read_moving_mesh,
    read_toolpath,
    write_mesh,
    write_toolpath,
)


def triangles(pack) -> np.ndarray:
    """Every triangle as the GPU draws it: chunk by chunk."""
    parts = []
    for first_vertex, vertices, first_index, indices in pack.chunks:
        local = pack.indices[first_index : first_index + indices].astype(int)
        assert indices <= MAX_CHUNK_INDICES and indices % 3 == 0
        assert local.max() < vertices
        parts.append(pack.vertices[first_vertex : first_vertex + vertices][local].reshape(-1, 3, 6))
    return np.vstack(parts)


def test_a_large_mesh_goes_into_chunks_and_stays_the_same_mesh():
    sphere = trimesh.creation.icosphere(subdivisions=6, radius=20)
    pack = pack_mesh(sphere)
    drawn = triangles(pack)
    assert len(pack.chunks) == -(-len(sphere.faces) * 3 // (MAX_CHUNK_INDICES // 3 * 3))
    assert np.allclose(drawn[:, :, :3], sphere.triangles, atol=1e-4)
    assert (pack.vertices.dtype, pack.indices.dtype, pack.chunks.dtype) == (np.float32, np.uint16, np.int32)


def test_while_it_moves_a_coarser_mesh_of_the_same_thing_is_drawn(tmp_path):
    sphere = trimesh.creation.icosphere(subdivisions=6, radius=20)
    whole, moving = pack_mesh(sphere), pack_moving(sphere, most=5000)
    drawn = triangles(moving)
    assert 2000 < len(drawn) <= 5000 < len(triangles(whole))
    assert np.linalg.norm(drawn[:, :, :3], axis=2) == pytest.approx(20, abs=0.6)
    facing = np.cross(drawn[:, 1, :3] - drawn[:, 0, :3], drawn[:, 2, :3] - drawn[:, 0, :3])
    assert ((facing * drawn[:, 0, :3]).sum(axis=1) > 0).mean() > 0.99, "all look outward"
    assert np.linalg.norm(drawn[:, :, 3:], axis=2) == pytest.approx(1, abs=1e-3)
    write_mesh(tmp_path / "model.npz", whole, moving)
    assert len(read_moving_mesh(tmp_path / "model.npz").indices) == len(moving.indices)
    assert len(read_mesh(tmp_path / "model.npz").indices) == len(whole.indices)
    write_mesh(tmp_path / "alone.npz", whole)
    assert read_moving_mesh(tmp_path / "alone.npz") is None
    (tmp_path / "alone.npz").write_bytes(b"no pack")
    with pytest.raises(PackError):
        read_moving_mesh(tmp_path / "alone.npz")


def test_a_small_mesh_moves_as_it_is():
    box = trimesh.creation.box((20, 20, 20))
    assert np.allclose(triangles(pack_moving(box)), triangles(pack_mesh(box)))


def test_a_round_body_is_soft_and_a_box_has_sharp_edges():
    sphere = trimesh.creation.icosphere(subdivisions=4, radius=20)
    soft = pack_mesh(sphere)
    assert len(soft.vertices) == len(sphere.vertices)
    normals = soft.vertices[:, 3:]
    assert np.allclose(normals, soft.vertices[:, :3] / 20, atol=0.01)
    box = pack_mesh(trimesh.creation.box((1, 2, 3)))
    assert len(box.vertices) == 24
    assert np.allclose(np.abs(box.vertices[:, 3:]).max(axis=1), 1)


def test_packs_come_back_as_they_went(tmp_path):
    mesh = pack_mesh(trimesh.creation.box((1, 2, 3)))
    write_mesh(tmp_path / "model.npz", mesh)
    again = read_mesh(tmp_path / "model.npz")
    for name in ("vertices", "indices", "chunks", "bounds"):
        assert np.array_equal(getattr(again, name), getattr(mesh, name))
    path = ToolpathPack(
        segments=np.ones((2, 6), np.float32),
        width=np.ones(2, np.float32),
        height=np.ones(2, np.float32),
        feature=np.array([0, 1], np.uint8),
        layer_start=np.array([0, 2], np.int32),
        layer_z=np.array([0.2], np.float32),
        bounds=np.zeros((2, 3), np.float32),
        features=("Perimeter", "Solid infill"),
    )
    write_toolpath(tmp_path / "toolpath.npz", path)
    assert read_toolpath(tmp_path / "toolpath.npz").features == path.features


@pytest.mark.parametrize("content", [b"", b"no pack", b"PK\x03\x04 broken"])
def test_what_is_no_pack_is_refused_by_name(tmp_path, content):
    (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(PackError, match=r"model\.npz: not a pack"):
        read_mesh(tmp_path / "model.npz")


@pytest.mark.parametrize("read", [read_mesh, read_moving_mesh], ids=["mesh", "moving"])
def test_a_damaged_pack_is_refused_or_whole_wherever_it_was_hit(tmp_path, read):
    mesh = pack_mesh(trimesh.creation.box((1, 2, 3)))
    path = tmp_path / "model.npz"
    write_mesh(path, mesh, mesh)
    whole, chance = path.read_bytes(), random.Random(4)
    refused = 0
    for _ in range(2000):
        damaged = bytearray(whole[: chance.choice((len(whole), chance.randrange(len(whole))))])
        for _ in range(min(len(damaged), chance.choice((0, 1, 4)))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            again = read(path)
        except PackError:
            refused += 1
            continue
        assert again is None or np.array_equal(again.vertices, mesh.vertices)
    assert refused > 1000

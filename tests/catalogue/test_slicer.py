from pathlib import Path

import pytest
import trimesh
from support.programs import program

from catalogue.slicing.bundle import flatten
from catalogue.slicing.errors import DoesNotFitError, SlicerMissingError, SlicingError
from catalogue.slicing.facts import parse_duration, read_facts
from catalogue.slicing.slicer import manifold, slice_mesh
from firmware_bridge.profile import load_profile


@pytest.fixture(scope="module", autouse=True)
def _slicer() -> None:
    program("prusa-slicer")


@pytest.fixture(scope="module")
def flat() -> str:
    return flatten(load_profile("prusa-mk3s").slicer)


def stl(path: Path, mesh: trimesh.Trimesh) -> Path:
    mesh.export(path)
    return path


def block(*size: float) -> trimesh.Trimesh:
    mesh = trimesh.creation.box(size)
    mesh.apply_translation([0, 0, size[2] / 2])
    return mesh


def test_a_block_becomes_gcode_with_time_and_grams_and_progress_never_goes_back(tmp_path, flat):
    heard: list[float] = []
    gcode = tmp_path / "out.gcode"
    slice_mesh(stl(tmp_path / "model.stl", block(10, 10, 2)), flat, gcode, heard.append)
    facts = read_facts(gcode.read_text())
    assert heard == sorted(heard) and 0 < heard[0] < heard[-1] <= 1
    assert 60 < facts.estimate_s < 600
    assert 0.1 < facts.grams < 0.4
    assert facts.slicer.startswith("PrusaSlicer 2.")


def test_what_is_too_large_does_not_fit(tmp_path, flat):
    with pytest.raises(DoesNotFitError):
        slice_mesh(stl(tmp_path / "model.stl", block(300, 10, 2)), flat, tmp_path / "out.gcode")


def test_what_is_too_small_has_no_layers(tmp_path, flat):
    with pytest.raises(SlicingError, match="no layers"):
        slice_mesh(stl(tmp_path / "model.stl", block(5, 5, 0.01)), flat, tmp_path / "out.gcode")


def test_a_hole_in_the_mesh_is_noticed(tmp_path):
    mesh = block(10, 10, 10)
    assert manifold(stl(tmp_path / "whole.stl", mesh))
    mesh.update_faces([index > 0 for index in range(len(mesh.faces))])
    assert not manifold(stl(tmp_path / "holed.stl", mesh))


def test_a_file_that_is_no_mesh_is_refused(tmp_path):
    (tmp_path / "model.stl").write_text("no mesh")
    with pytest.raises(SlicingError):
        manifold(tmp_path / "model.stl")


def test_the_time_limit_ends_it(tmp_path, flat):
    fine = trimesh.creation.icosphere(subdivisions=6, radius=60)
    fine.apply_translation([0, 0, 60])
    with pytest.raises(SlicingError, match="stopped after"):
        slice_mesh(stl(tmp_path / "model.stl", fine), flat, tmp_path / "out.gcode", time_limit_s=0.2)


def test_a_missing_slicer_names_its_package(tmp_path, flat, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SlicerMissingError, match="Debian package 'prusa-slicer'"):
        slice_mesh(tmp_path / "model.stl", flat, tmp_path / "out.gcode")


@pytest.mark.parametrize(("text", "seconds"), [("5s", 5), ("12m 20s", 740), ("1d 2h 3m 4s", 93_784)])
def test_durations(text, seconds):
    assert parse_duration(text) == seconds


def test_gcode_without_time_is_refused():
    with pytest.raises(SlicingError, match="no printing time"):
        read_facts("G28\n")

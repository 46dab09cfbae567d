"""Layers, lines, and time along the lines."""

import io
import re
import subprocess
from pathlib import Path

import pytest
from support.gcode_jobs import END, START, job, lines
from support.programs import program

from firmware_bridge.gcode.plan import Layer, plan_file, plan_lines
from firmware_bridge.gcode.read import commands
from firmware_bridge.gcode.vet import Vetted, vet_file, vet_lines
from firmware_bridge.profile import load_profile

MK3 = load_profile("prusa-mk3s")


def test_layers_are_where_the_slicer_says() -> None:
    first = [";LAYER_CHANGE", ";Z:0.2", ";HEIGHT:0.2", "G1 X10 E1 F600", "G1 X0 E1"]
    second = [";LAYER_CHANGE", ";Z:0.4", "G1 Z.4", "G1 X10 E1", "M107"]
    plan = plan_lines(lines(["G90", "M83", *first, *second]))
    assert plan.layers == (Layer(3, 0.2), Layer(5, 0.4))
    assert plan.lines == 7
    assert [plan.layer_at(line) for line in range(9)] == [0, 0, 0, 1, 1, 2, 2, 2, 2]


def test_without_such_comments_layers_are_seen_by_their_height() -> None:
    moves = ["G1 Z.3", "G1 X10 E1 F600", "G1 Z.6", "G1 X0", "G1 X9 E1", "G1 Z5", "G1 X1"]
    plan = plan_lines(lines(["G90", "M83", *moves]))
    assert plan.layers == (Layer(4, 0.3), Layer(7, 0.6))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("18m 15s", 1095), ("59s", 59), ("1h 0m 1s", 3601), ("1d 2h 3m 4s", 93784)],
)
def test_the_slicers_total_and_weight_are_believed(said: str, seconds: int) -> None:
    moves = ["G90", "M83", "G1 X10 E1 F600", "G1 X20 F600"]
    normal = f"; estimated printing time (normal mode) = {said}"
    silent = "; estimated printing time (silent mode) = 9h 9m 9s"
    plan = plan_lines(lines([*moves, "; filament used [g] = 3.25", normal, silent]))
    assert plan.estimate_s == seconds
    assert plan.grams == 3.25
    assert plan.remaining_s(0) == pytest.approx(seconds)
    assert plan.remaining_s(plan.lines) == pytest.approx(0)
    assert plan.done(3) == pytest.approx(0.5, abs=0.02)


def test_time_is_spread_by_length_and_speed() -> None:
    plan = plan_lines(lines(["G90", "M83", "G1 X60 F3600", "G1 X61", "G4 S7", "G1 Z2 F60", "G1 E1 F60"]))
    times = [plan.elapsed_s(n) - plan.elapsed_s(n - 1) for n in range(1, 8)]
    assert times == pytest.approx([0, 0, 1.0, 1 / 60, 7.0, 2.0, 1.0], abs=0.05)
    assert plan.grams is None


def test_the_clock_never_runs_backwards_nor_past_the_ends() -> None:
    plan = plan_lines(job())
    elapsed = [plan.elapsed_s(n) for n in range(-2, plan.lines + 3)]
    assert elapsed == sorted(elapsed)
    assert (elapsed[0], elapsed[-1]) == (0.0, pytest.approx(plan.estimate_s))


def test_an_empty_file_has_an_empty_plan() -> None:
    plan = plan_lines([])
    assert (plan.lines, plan.layers, plan.estimate_s, plan.done(0), plan.layer_at(0)) == (0, (), 0.0, 0.0, 0)


def test_plan_and_gate_count_the_same_lines() -> None:
    verdict = vet_lines(job(), MK3)
    assert isinstance(verdict, Vetted)
    assert plan_lines(job()).lines == verdict.lines == len(list(commands(job())))


def triangle(a: tuple[float, ...], b: tuple[float, ...], c: tuple[float, ...]) -> str:
    corners = "\n".join(f"vertex {x} {y} {z}" for x, y, z in (a, b, c))
    return f"facet normal 0 0 0\nouter loop\n{corners}\nendloop\nendfacet\n"


def wedge(path: Path) -> None:
    """A pyramid with a cut top: every layer differs."""
    low = [(0.0, 0.0, 0.0), (40.0, 0.0, 0.0), (40.0, 30.0, 0.0), (0.0, 30.0, 0.0)]
    high = [(12.0, 10.0, 15.0), (28.0, 10.0, 15.0), (28.0, 20.0, 15.0), (12.0, 20.0, 15.0)]
    faces = [triangle(low[0], low[2], low[1]), triangle(low[0], low[3], low[2])]
    faces += [triangle(high[0], high[1], high[2]), triangle(high[0], high[2], high[3])]
    for i in range(4):
        j = (i + 1) % 4
        faces += [triangle(low[i], low[j], high[j]), triangle(low[i], high[j], high[i])]
    path.write_text("solid wedge\n" + "".join(faces) + "endsolid wedge\n")


@pytest.fixture(scope="module")
def sliced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real print from the real slicer, with remaining times in it."""
    folder = tmp_path_factory.mktemp("sliced")
    wedge(folder / "wedge.stl")
    settings = {
        "gcode_flavor": "marlin",
        "remaining_times": "1",
        "use_relative_e_distances": "1",
        "before_layer_gcode": "G92 E0",
        "bed_shape": "0x0,250x0,250x210,0x210",
        "filament_diameter": "1.75",
        "filament_density": "1.24",
        "nozzle_diameter": "0.4",
        "temperature": "210",
        "first_layer_temperature": "215",
        "bed_temperature": "60",
        "start_gcode": "\\n".join(START["prusa-mk3s"][1:]),
        "end_gcode": "\\n".join(END[1:]),
    }
    (folder / "flat.ini").write_text("".join(f"{key} = {value}\n" for key, value in settings.items()))
    subprocess.run(
        [program("prusa-slicer"), "--export-gcode", "--load", "flat.ini", "--output", "wedge.gcode", "wedge.stl"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / "wedge.gcode"


def test_a_real_print_passes_and_its_remaining_time_agrees_with_the_slicers(sliced: Path) -> None:
    assert isinstance(vet_file(sliced, MK3), Vetted)
    plan = plan_file(sliced)
    assert len(plan.layers) == 50
    assert plan.grams is not None and plan.grams > 0.5
    content = sliced.read_bytes()
    told = 0
    for number, (_, command) in enumerate(commands(io.BytesIO(content)), start=1):
        if said := re.fullmatch(rb"M73 P\d+ R(\d+)", command):
            told += 1
            assert plan.remaining_s(number) == pytest.approx(60 * int(said[1]), abs=60 + 0.05 * plan.estimate_s)
    assert told > 5

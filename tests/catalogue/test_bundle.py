import pytest

from catalogue.slicing.bundle import flatten, parse, resolve
from catalogue.slicing.errors import SlicerMissingError, SlicingError
from firmware_bridge.profile import Slicer, load_profile, profile_ids

BUNDLE = """
# a bundle
[print:*common*]
layer_height = 0.3
perimeters = 2
start = "a = b"
[print:*fine*]
layer_height = 0.1
brim_width = 1
[print:chosen]
inherits = *common*; *fine*
perimeters = 4
[print:a]
inherits = b
[print:b]
inherits = a
[print:orphan]
inherits = nobody
"""


def values(flat: str) -> dict[str, str]:
    return dict(line.split(" = ", 1) for line in flat.splitlines())


def test_later_parents_win_and_the_section_itself_wins_over_all():
    chosen = resolve(parse(BUNDLE), "print", "chosen", "x.ini")
    assert (chosen["layer_height"], chosen["perimeters"], chosen["brim_width"]) == ("0.1", "4", "1")
    assert chosen["start"] == '"a = b"'


def test_a_circle_is_named():
    with pytest.raises(SlicingError, match=r"\[print:a\] inherits from itself"):
        resolve(parse(BUNDLE), "print", "a", "x.ini")


def test_a_missing_parent_is_named_with_its_heir():
    with pytest.raises(SlicingError, match=r"no \[print:nobody\], wanted by \[print:orphan\]"):
        resolve(parse(BUNDLE), "print", "orphan", "x.ini")


@pytest.mark.parametrize("profile_id", profile_ids())
def test_the_vendor_s_presets_come_out_whole_and_without_conditions(profile_id):
    flat = values(flatten(load_profile(profile_id).slicer))
    assert not [key for key in flat if key.startswith("compatible_") or key in ("inherits", "thumbnails")]
    assert flat["nozzle_diameter"] == "0.4"
    assert float(flat["layer_height"]) == 0.2
    assert "G28" in flat["start_gcode"] and "M104 S0" in flat["end_gcode"]
    assert 190 <= int(flat["temperature"]) <= 230


def test_the_mk3s_start_code_finds_the_names_it_asks_for():
    flat = values(flatten(load_profile("prusa-mk3s").slicer))
    assert flat["printer_model"] == "MK3S"
    assert flat["print_settings_id"] == "0.20mm QUALITY @MK3"
    assert flat["fill_pattern"] == "gyroid"


def test_overrides_win(tmp_path):
    (tmp_path / "V.ini").write_text("[print:p]\nperimeters = 2\n[filament:f]\n[printer:m]\n")
    slicer = Slicer(bundle="V", printer="m", print="p", filament="f", overrides={"perimeters": "5"})
    assert values(flatten(slicer, tmp_path))["perimeters"] == "5"


def test_a_missing_bundle_names_the_package(tmp_path):
    slicer = Slicer(bundle="V", printer="m", print="p", filament="f")
    with pytest.raises(SlicerMissingError, match=r"V\.ini.*prusa-slicer"):
        flatten(slicer, tmp_path)

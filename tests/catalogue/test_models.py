"""Every model of the collection, on every printer."""

import functools
import itertools
from pathlib import Path

import pytest
import trimesh
from support.programs import program

from catalogue.cards import LANGUAGES
from catalogue.lettering import LettersMissingError
from catalogue.library import card_ids, load_model
from catalogue.making import make_print
from catalogue.quality import LEAST_CONTACT_MM2, contact_mm2, mesh_faults
from firmware_bridge.profile import load_profile, profile_ids

SIZES_MM = {
    "sleutelhanger": (50, 18, 3.4),
    "bibkat": (26, 36, 38),
    "tol": (29.6, 29.6, 35.5),
    "munt": (23.2, 23.2, 2.2),
    "vaas": (30, 30, 45),
    "belfort": (15.5, 15.5, 61),
    "hanger": (34, 29, 3),
    "braille": (41.5, 24, 3.2),
    "tangram": (55.7, 55.4, 2.8),
    "uil": (23.6, 20, 33.5),
}


@functools.cache
def mesh_of(card: str) -> trimesh.Trimesh:
    model = load_model(card)
    return model.generator()(model.example_values)


def test_these_are_the_models():
    assert set(card_ids()) == set(SIZES_MM)


@pytest.mark.parametrize("card", card_ids())
def test_the_card_speaks_every_language_and_says_whose_it_is(card):
    told = load_model(card).card
    assert told.licence == "CC0-1.0" and told.author
    for texts in (told.title, told.description, *(parameter.label for parameter in told.parameters)):
        assert all(texts.in_language(language).strip() for language in LANGUAGES)
    assert len({told.description.in_language(language) for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("card", card_ids())
def test_the_mesh_passes_the_gate_and_has_its_size(card):
    mesh = mesh_of(card)
    assert mesh_faults(mesh) == []
    assert mesh.extents.tolist() == pytest.approx(SIZES_MM[card], rel=0.2)


@pytest.mark.parametrize("card", card_ids())
@pytest.mark.parametrize("profile", profile_ids())
def test_it_slices_and_may_be_printed(card, profile, tmp_path):
    program("prusa-slicer")
    mesh_of(card).export(tmp_path / "model.stl")
    facts = make_print(tmp_path / "model.stl", load_profile(profile), tmp_path)
    assert 4 * 60 < facts.estimate_s < 75 * 60
    assert facts.layers == pytest.approx(mesh_of(card).extents[2] / 0.2, abs=2)
    assert Path(tmp_path / facts.toolpath).stat().st_size < 4_000_000


@pytest.mark.parametrize("name", ["i", "Jij", "Zoë", "MMMMMMMMMMMM", "Ana & Bo", "Éïn-Ç'3"])
def test_a_tag_can_be_made_of_any_name(name):
    mesh = load_model("sleutelhanger").generator()({"name": name})
    assert mesh_faults(mesh) == []
    assert mesh.extents[0] < 140


def test_every_form_and_size_of_the_pendant_passes_the_gate():
    model = load_model("hanger")
    form, size = model.card.choices
    volumes = {}
    for shape, large in itertools.product(form.options, size.options):
        mesh = model.generator()({"form": shape.id, "size": large.id})
        assert mesh_faults(mesh) == [], (shape.id, large.id)
        volumes[shape.id, large.id] = mesh.volume
    assert len({round(volume, 1) for volume in volumes.values()}) == len(volumes)
    assert volumes["heart", "small"] < volumes["heart", "medium"] < volumes["heart", "large"]


@pytest.mark.parametrize("name", ["i", "Zoë", "Jan-Willem", "3B 2026", "MMMMMMMMMM"])
def test_a_name_in_braille_passes_the_gate(name):
    assert mesh_faults(load_model("braille").generator()({"name": name})) == []


def test_braille_is_what_fingers_read():
    braille = load_model("braille").generator().__globals__["braille"]
    assert braille("Bé 12") == ["46", "12", "123456", "", "3456", "1", "12"]
    with pytest.raises(LettersMissingError) as caught:
        braille("a&b")
    assert caught.value.letters == "&"


def test_another_name_gives_another_tag():
    shape = load_model("sleutelhanger").generator()
    assert shape({"name": "Noor"}).volume != pytest.approx(shape({"name": "Roon"}).volume, abs=0.01)


def test_the_gate_tells_what_is_wrong():
    ball = trimesh.creation.icosphere(radius=10)
    assert any("does not stand on the bed" in fault for fault in mesh_faults(ball))
    ball.apply_translation([0, 0, 10])
    assert contact_mm2(ball) < LEAST_CONTACT_MM2
    assert any("touches the bed" in fault for fault in mesh_faults(ball))
    block = trimesh.creation.box((20, 20, 20))
    block.apply_translation([0, 0, 10])
    assert mesh_faults(block) == []
    block.update_faces([index > 0 for index in range(12)])
    assert any("not closed" in fault for fault in mesh_faults(block))

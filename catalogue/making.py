"""Everything that one card becomes: mesh, pack, picture, and per printer its G-code and toolpath.

The build and the slicing worker make the same files in the same way. Heavy modules are imported where they are
used: a preview needs no renderer, a build that has nothing to do needs no geometry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.cards import Card, PrintFacts
from catalogue.library import Model
from catalogue.packs import write_mesh, write_toolpath
from catalogue.slicing.bundle import flatten
from catalogue.slicing.errors import DoesNotFitError, SlicingError
from catalogue.slicing.facts import read_facts
from catalogue.slicing.slicer import manifold, slice_mesh
from catalogue.slicing.toolpath import read_toolpath_of
from firmware_bridge.gcode.vet import Vetted, vet_file
from firmware_bridge.profile import Profile

if TYPE_CHECKING:
    import trimesh

STL, PACK, PICTURE = "model.stl", "model.npz", "picture.png"
GCODE, TOOLPATH = "print.gcode", "toolpath.npz"


class FaultyError(Exception):
    """The model does not pass the quality gate; the message says all that is wrong."""


@dataclass(frozen=True)
class Shape:
    """A mesh that has passed the gate. `size_mm` is (x, y, z)."""

    mesh: "trimesh.Trimesh"
    size_mm: tuple[float, float, float]


def make_shape(model: Model, values: Mapping[str, str]) -> Shape:
    """Run the generator.

    Raises FaultyError, CardError, and lettering's errors for a text that cannot be drawn.
    """
    from catalogue.quality import mesh_faults

    mesh = model.generator()(values)
    _pass_or_raise(mesh_faults(mesh))
    x, y, z = (round(float(extent), 2) for extent in mesh.extents)
    return Shape(mesh, (x, y, z))


def write_shape(shape: Shape, folder: Path) -> None:
    """`model.stl` for the slicer and `model.npz` for the screen."""
    from catalogue.meshpack import pack_mesh, pack_moving

    shape.mesh.export(folder / STL)
    write_mesh(folder / PACK, pack_mesh(shape.mesh), pack_moving(shape.mesh))


def write_picture(shape: Shape, card: Card, folder: Path, *, quick: bool = False) -> None:
    """`picture.png`; `quick` where somebody waits for it: its edges are a little less smooth."""
    from catalogue.pictures.portrait import portrait, save

    save(portrait(shape.mesh, card.view, oversample=2 if quick else 3), folder / PICTURE)


def make_print(
    stl: Path,
    profile: Profile,
    folder: Path,
    on_slicing: Callable[[float], None] = lambda done: None,
    on_checking: Callable[[], None] = lambda: None,
) -> PrintFacts:
    """Slice `stl` into `folder`, and let nothing pass that may not be printed. Files are relative to `folder`.

    Raises SlicingError and its kin, FaultyError.
    """
    from catalogue.quality import bed_faults, print_faults

    if not manifold(stl):
        raise FaultyError("PrusaSlicer finds the mesh not manifold")
    gcode = folder / GCODE
    slice_mesh(stl, flatten(profile.slicer), gcode, on_slicing)
    on_checking()
    verdict = vet_file(gcode, profile)
    if not isinstance(verdict, Vetted):
        raise SlicingError(f"the safety gate refuses line {verdict.line}: {verdict.code}: {verdict.reason}")
    text = gcode.read_text(encoding="utf-8", errors="replace")
    facts, toolpath = read_facts(text), read_toolpath_of(text)
    if over := bed_faults(toolpath, profile):
        raise DoesNotFitError("; ".join(over))
    _pass_or_raise(print_faults(toolpath, facts.estimate_s, facts.grams))
    write_toolpath(folder / TOOLPATH, toolpath)
    return PrintFacts(
        gcode=GCODE,
        toolpath=TOOLPATH,
        estimate_s=facts.estimate_s,
        grams=facts.grams,
        layers=len(toolpath.layer_z),
        slicer=facts.slicer,
        material=facts.material,
    )


def _pass_or_raise(faults: list[str]) -> None:
    if faults:
        raise FaultyError("; ".join(faults))

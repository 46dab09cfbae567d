"""Two pictures for "is the plate empty?": the printer's bed with nothing on it, and with a model left on it.

Not to be tinted: they go from ink to paper, the bed dark, the model light.
"""

from pathlib import Path

import numpy as np
import trimesh
from PIL import Image
from shapely import LineString, box, unary_union

from catalogue.pictures.camera import framing
from catalogue.pictures.light import Scene
from catalogue.pictures.portrait import SIZE_PX, draw, save, scene_of, to_image
from catalogue.solids import prism

EMPTY, FULL = "plate-empty.png", "plate-full.png"
INK, PAPER = (0x1D, 0x27, 0x30), (0xFF, 0xFF, 0xFF)
_BED_MM = 84.0
_THICK_MM = 4.0
_OVERSAMPLE = 3
_YAW_DEG, _PITCH_DEG = -28.0, 33.0


def write_plate_pictures(part: trimesh.Trimesh, folder: Path) -> None:
    """Both pictures, from the same side and equally large; `part` is what was left on the plate."""
    part = part.copy()
    part.apply_translation([2.0, 6.0, _THICK_MM])
    bed = _bed()
    big = SIZE_PX * _OVERSAMPLE
    everything = bed + scene_of(part)
    camera = framing(everything.corners.reshape(-1, 3), big, _YAW_DEG, _PITCH_DEG, 0.05, 22.0)
    for name, scene in ((EMPTY, bed), (FULL, everything)):
        luminance, alpha = draw(scene, camera, _YAW_DEG, big)
        save(_inked(to_image(luminance, alpha, SIZE_PX)), folder / name)


def _bed() -> Scene:
    """A rounded plate with a handle and the grid that printers' beds have."""
    half = _BED_MM / 2
    handle = box(-11, -half - 7, 11, -half).buffer(3)
    plate = box(-half, -half, half, half).buffer(4).union(handle)
    ends = np.linspace(-half + 5, half - 5, 5)
    inner = (-half + 5, half - 5)
    lines = [LineString([(at, inner[0]), (at, inner[1])]) for at in ends]
    lines += [LineString([(inner[0], at), (inner[1], at)]) for at in ends]
    strokes = unary_union([line.buffer(0.3, cap_style="square") for line in lines])
    grid = prism(strokes, _THICK_MM - 0.1, _THICK_MM + 0.05)
    return scene_of(prism(plate, 0, _THICK_MM, chamfer_top=0.8), 0.14) + scene_of(grid, 0.26)


def _inked(picture: Image.Image) -> Image.Image:
    """Black becomes ink, white paper."""
    grey = np.asarray(picture)[:, :, :1] / 255.0
    colour = np.array(INK) * (1 - grey) + np.array(PAPER) * grey
    return Image.fromarray(np.dstack([np.rint(colour).astype(np.uint8), np.asarray(picture)[:, :, 3]]), "RGBA")

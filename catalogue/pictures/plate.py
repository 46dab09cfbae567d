"""Two pictures for "is the plate empty?": the printer's bed with nothing on it, and with a part on it."""

from pathlib import Path

import numpy as np
import trimesh
from shapely import LineString, box

from catalogue.pictures.camera import framing
from catalogue.pictures.light import Scene
from catalogue.pictures.portrait import SIZE_PX, draw, save, scene_of, to_image
from catalogue.solids import prism, revolved

EMPTY, FULL = "plate-empty.png", "plate-full.png"
_BED_MM = 120.0
_OVERSAMPLE = 3


def write_plate_pictures(folder: Path) -> None:
    """Both pictures, from the same side and equally large."""
    for name, part in ((EMPTY, None), (FULL, _part())):
        scene = _bed() if part is None else _bed() + scene_of(part)
        big = SIZE_PX * _OVERSAMPLE
        around = np.vstack([_bed().corners.reshape(-1, 3), [[0, 0, 42.0]]])
        camera = framing(around, big, -28.0, 34.0, 0.06, 22.0)
        luminance, alpha = draw(scene, camera, -28.0, big)
        save(to_image(luminance, alpha, SIZE_PX), folder / name)


def _bed() -> Scene:
    half = _BED_MM / 2
    frame = box(-half, -half, half, half).buffer(4)
    lines = [
        LineString([(at, -half + 4), (at, half - 4)]).buffer(0.3) for at in np.linspace(-half + 12, half - 12, 9)
    ] + [LineString([(-half + 4, at), (half - 4, at)]).buffer(0.3) for at in np.linspace(-half + 12, half - 12, 9)]
    bed = scene_of(prism(frame, 0, 4, chamfer_top=0.8), 0.62)
    for line in lines:
        bed = bed + scene_of(prism(line, 3.9, 4.05), 0.42)
    return bed


def _part() -> trimesh.Trimesh:
    part = revolved([(14, 4), (14, 8), (9, 14), (9, 20), (16, 30), (16, 36)], 120)
    return part

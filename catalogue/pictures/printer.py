"""The printer as a picture: a frame, a head on its bar, a plate and a spool, in ink and paper: never tinted."""

import numpy as np
import trimesh
from PIL import Image
from shapely import Point, Polygon, box

from catalogue.pictures.camera import framing
from catalogue.pictures.light import Scene
from catalogue.pictures.portrait import SIZE_PX, draw, scene_of, to_image
from catalogue.solids import prism, rotation

INK, PAPER = (0x1D, 0x27, 0x30), (0xFF, 0xFF, 0xFF)
_DARK, _MIDDLE, _LIGHT = 0.16, 0.42, 0.9
_OVERSAMPLE = 2
_YAW_DEG, _PITCH_DEG = -30.0, 20.0


def printer_picture() -> Image.Image:
    """Square, on transparent."""
    scene = _scene()
    big = SIZE_PX * _OVERSAMPLE
    camera = framing(scene.corners.reshape(-1, 3), big, _YAW_DEG, _PITCH_DEG, 0.05, 22.0)
    luminance, alpha = draw(scene, camera, _YAW_DEG, big)
    return _inked(to_image(luminance, alpha, SIZE_PX))


def _scene() -> Scene:
    """In cm, on z = 0."""
    dark = [
        _block((-20, -16, 0), (20, 16, 5), 1.5),
        _block((-19, 3, 5), (-15, 7, 41), 0.8),
        _block((15, 3, 5), (19, 7, 41), 0.8),
        _block((-19, 3, 38), (19, 7, 42), 0.8),
        _block((-1.2, 3.8, 42), (1.2, 6.2, 51), 0.3),
    ]
    middle = [
        _block((-16, 3.6, 20), (16, 6.4, 22.4), 0.4),
        _block((-4, 0, 17), (4, 9, 27), 1.0),
        _lying(Point(0, 0).buffer(7).difference(Point(0, 0).buffer(2)), 5.0, (0, 5, 50)),
    ]
    light = [
        _block((-14, -15, 5.6), (14, 13, 7), 0.8),
        _cone((0, 4.5, 13.4), 2.0, 3.6),
        _block((-2, 2.5, 7), (2, 6.5, 12), 0.5),
    ]
    tones = ((dark, _DARK), (middle, _MIDDLE), (light, _LIGHT))
    scenes = [scene_of(mesh, tone) for meshes, tone in tones for mesh in meshes]
    whole = scenes[0]
    for scene in scenes[1:]:
        whole = whole + scene
    return whole


def _block(low: tuple[float, float, float], high: tuple[float, float, float], chamfer: float) -> trimesh.Trimesh:
    outline = box(low[0], low[1], high[0], high[1]).buffer(-chamfer).buffer(chamfer, quad_segs=4)
    return prism(outline, low[2], high[2], chamfer_top=min(chamfer, (high[2] - low[2]) / 3))


def _lying(outline: Polygon, thick: float, middle: tuple[float, float, float]) -> trimesh.Trimesh:
    """A disc on its side: a spool."""
    mesh = prism(outline, -thick / 2, thick / 2, chamfer_top=0.5, chamfer_bottom=0.5)
    mesh.apply_transform(rotation(np.pi / 2, 1))
    mesh.apply_translation(middle)
    return mesh


def _cone(tip: tuple[float, float, float], radius: float, height: float) -> trimesh.Trimesh:
    cone = trimesh.creation.cone(radius=radius, height=height, sections=32)
    cone.apply_transform(rotation(np.pi, 0))
    cone.apply_translation([tip[0], tip[1], tip[2] + height])
    return cone


def _inked(picture: Image.Image) -> Image.Image:
    """Black becomes ink, white paper."""
    grey = np.asarray(picture)[:, :, :1] / 255.0
    colour = np.array(INK) * (1 - grey) + np.array(PAPER) * grey
    return Image.fromarray(np.dstack([np.rint(colour).astype(np.uint8), np.asarray(picture)[:, :, 3]]), "RGBA")

"""The picture of a model: light and shade in white on transparent, for the screen to tint.

The ground's shadow is black with some alpha, so it stays a shadow in any colour.
"""

from pathlib import Path

import numpy as np
import trimesh
from PIL import Image

from catalogue.cards import View
from catalogue.meshpack import soften
from catalogue.pictures.camera import Array, Camera, framing
from catalogue.pictures.ground import ground_shadow
from catalogue.pictures.light import KEY_PITCH_DEG, KEY_YAW_DEG, KeyLight, Scene, shade
from catalogue.pictures.raster import NOTHING, rasterise
from catalogue.solids import rotation

SIZE_PX = 384
_MARGIN = 0.07
_FOV_DEG = 22.0


def portrait(mesh: trimesh.Trimesh, view: View, size_px: int = SIZE_PX, oversample: int = 3) -> Image.Image:
    """A square RGBA picture of `mesh` from the card's own side; each pixel is the mean of `oversample` squared."""
    scene = scene_of(posed(mesh, view))
    big = size_px * oversample
    points = scene.corners.reshape(-1, 3)
    camera = framing(points, big, view.yaw_deg, view.pitch_deg, _MARGIN, _FOV_DEG)
    luminance, alpha = draw(scene, camera, view.yaw_deg, big)
    return to_image(luminance, alpha, size_px)


def scene_of(mesh: trimesh.Trimesh, tone: float = 1.0) -> Scene:
    """A mesh as the renderer takes it."""
    corner, positions, normals = soften(mesh)
    return Scene(positions[corner], normals[corner], np.full(len(corner), tone))


def posed(mesh: trimesh.Trimesh, view: View) -> trimesh.Trimesh:
    """The mesh as its picture shows it: turned over and leaning where the card says so, on z = 0."""
    mesh = mesh.copy()
    turn = np.radians(180.0 * view.turned_over)
    mesh.apply_transform(rotation(turn, 0))
    mesh.apply_transform(rotation(np.radians(view.lean_deg), 1))
    mesh.apply_translation([0, 0, -mesh.bounds[0][2]])
    return mesh


def draw(scene: Scene, camera: Camera, yaw_deg: float, size_px: int) -> tuple[Array, Array]:
    """Luminance and alpha (size, size) of a scene with its shadow on the ground."""
    seen = rasterise(
        camera.to_pixels(camera.to_eye(scene.corners.reshape(-1, 3))).reshape(-1, 3, 3), size_px, size_px
    )
    extent = float(np.ptp(scene.corners.reshape(-1, 3), axis=0).max())
    key = KeyLight(scene.corners, yaw_deg + KEY_YAW_DEG, KEY_PITCH_DEG, softness_mm=0.02 * extent)
    luminance = shade(scene, seen, camera, key)
    hit = seen.face != NOTHING
    soft_key = KeyLight(scene.corners, yaw_deg + KEY_YAW_DEG, KEY_PITCH_DEG + 20, softness_mm=0.05 * extent)
    alpha = np.where(hit, 1.0, ground_shadow(scene, camera, soft_key, size_px) * _vignette(size_px))
    return luminance, alpha


def to_image(luminance: Array, alpha: Array, size_px: int) -> Image.Image:
    """Scaled down to `size_px`, each pixel the mean of what it covers."""
    times = luminance.shape[0] // size_px
    covered = alpha.reshape(size_px, times, size_px, times).mean(axis=(1, 3))
    light = (luminance * alpha).reshape(size_px, times, size_px, times).mean(axis=(1, 3)) / np.maximum(
        covered, 1e-6
    )
    grey = np.rint(light.clip(0, 1) * 255).astype(np.uint8)
    opaque = np.rint(covered.clip(0, 1) * 255).astype(np.uint8)
    return Image.fromarray(np.dstack([grey, grey, grey, opaque]), "RGBA")


def save(picture: Image.Image, path: Path) -> None:
    """As PNG."""
    picture.save(path, optimize=True)


def _vignette(size_px: int) -> Array:
    """1 inside, 0 at the border, so that no shadow is cut off."""
    edge = np.minimum(np.arange(size_px), np.arange(size_px)[::-1]) / (0.2 * size_px)
    fade = edge.clip(0, 1)
    fade = fade * fade * (3 - 2 * fade)
    return np.asarray(fade[:, None] * fade[None, :])

"""The animals of the tickets: sixteen small figures of smooth bodies, drawn by our own renderer, to be tinted.

Each looks to the front (-y) and stands on z = 0. Its body is one light surface; eyes, nose and marks are dark.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from catalogue.implicit import Distances, Field, Points, capsule, ellipsoid, melted, surface
from catalogue.pictures.camera import framing
from catalogue.pictures.portrait import draw, scene_of, to_image

SIZE_PX = 320
_OVERSAMPLE = 2
_DARK = 0.05
_STEP_MM, _FINE_MM = 0.85, 0.5
_PITCH_DEG = 14.0
_LOW, _HIGH, _HEIGHT_MM = (-22.0, -22.0), (22.0, 22.0), 52.0


@dataclass(frozen=True)
class Figure:
    """What is light and what is dark on it."""

    light: Field
    dark: Field
    yaw_deg: float = -24.0


def animal_picture(name: str) -> Image.Image:
    """Square, white on transparent. KeyError for an animal that is not known."""
    figure = _FIGURES[name]()
    scene = scene_of(surface(figure.light, _LOW, _HIGH, _HEIGHT_MM, _STEP_MM))
    scene = scene + scene_of(surface(figure.dark, _LOW, _HIGH, _HEIGHT_MM, _FINE_MM), _DARK)
    big = SIZE_PX * _OVERSAMPLE
    camera = framing(scene.corners.reshape(-1, 3), big, figure.yaw_deg, _PITCH_DEG, 0.05, 22.0)
    luminance, alpha = draw(scene, camera, figure.yaw_deg, big)
    return to_image(luminance, alpha, SIZE_PX)


def animal_names() -> tuple[str, ...]:
    """All that can be drawn."""
    return tuple(_FIGURES)


def _both(field: Field) -> Field:
    """The field and its mirror image in x."""
    return lambda points: field(np.column_stack([np.abs(points[:, 0]), points[:, 1:]]))


def _any(*fields: Field) -> Field:
    """Whatever is in one of them, without melting."""

    def distance(points: Points) -> Distances:
        return np.asarray(np.min([field(points) for field in fields], axis=0))

    return distance


def _sitting() -> Field:
    """A body that sits, with feet."""
    body = melted(2.5, ellipsoid((0, 1, 8), (8.6, 7.6, 9.5)), ellipsoid((0, 0, 2.5), (8.0, 7.2, 3.6)))
    return melted(0.8, body, _both(ellipsoid((4.2, -7.0, 1.8), (3.0, 4.0, 2.4))))


def _head(z: float = 21.0) -> Field:
    return ellipsoid((0, -1.5, z), (9.6, 8.6, 8.4))


def _eyes(x: float = 3.7, y: float = -9.0, z: float = 22.6, r: float = 1.35) -> Field:
    return _both(ellipsoid((x, y, z), (r, r, r * 1.15)))


def _nose(y: float, z: float, r: float = 1.4) -> Field:
    return ellipsoid((0, y, z), (r * 1.3, r, r))


def _bear() -> Figure:
    ears = _both(ellipsoid((7.0, 0, 28.0), (3.4, 2.2, 3.4)))
    snout = ellipsoid((0, -8.6, 18.6), (4.2, 3.2, 3.2))
    light = melted(1.2, melted(2.0, _sitting(), _head()), ears, snout)
    return Figure(light, _any(_eyes(), _nose(-11.6, 19.8, 1.5)))


def _bee() -> Figure:
    body = ellipsoid((0, 2, 13), (8.6, 13.0, 9.0))
    head = ellipsoid((0, -11.0, 14.0), (6.6, 5.6, 6.4))
    wings = _both(ellipsoid((7.0, 3.0, 25.0), (5.2, 3.4, 7.4)))
    feet = _both(capsule((4.0, -4.0, 6.0), (5.0, -5.0, 0.8), 1.4, 1.2))
    rear = _both(capsule((4.0, 6.0, 6.0), (5.0, 7.0, 0.8), 1.4, 1.2))
    feelers = _both(capsule((2.4, -13.0, 19.5), (5.0, -15.0, 25.0), 0.9, 1.2))
    light = melted(0.8, body, head, wings, feet, rear, feelers)
    stripes = (_band(y) for y in (-2.4, 4.0, 10.0))
    return Figure(light, _any(_both(ellipsoid((3.4, -15.4, 15.6), (1.4, 1.2, 1.6))), *stripes))


def _band(y: float) -> Field:
    """A dark slice around the bee, a little thicker than she is."""
    body = ellipsoid((0, 2, 13), (8.9, 13.3, 9.3))
    return lambda points: np.maximum(body(points), np.abs(points[:, 1] - y) - 1.5)


def _cat() -> Figure:
    ears = _both(capsule((5.6, -0.5, 27.0), (7.6, -0.5, 33.0), 3.2, 0.8))
    snout = _both(ellipsoid((1.7, -9.2, 18.6), (2.4, 1.9, 1.8)))
    tail = capsule((7.0, 5.0, 2.6), (14.0, -1.0, 2.6), 2.2, 1.8)
    tip = capsule((14.0, -1.0, 2.6), (14.6, -7.0, 3.4), 1.8, 1.6)
    light = melted(1.0, melted(2.0, _sitting(), _head()), ears, snout, tail, tip)
    return Figure(light, _any(_eyes(), _nose(-11.0, 19.8, 0.9)))


def _cow() -> Figure:
    horns = _both(capsule((5.0, 0, 28.0), (8.4, -0.5, 32.4), 1.6, 0.8))
    ears = _both(capsule((8.6, 0.5, 24.5), (14.0, 0.5, 24.0), 2.4, 1.6))
    snout = ellipsoid((0, -8.4, 17.0), (6.2, 4.0, 4.0))
    light = melted(1.0, melted(2.0, _sitting(), _head()), horns, ears, snout)
    nostrils = _both(ellipsoid((2.6, -12.0, 17.8), (0.9, 0.8, 1.1)))
    spots = _any(ellipsoid((5.4, -4.2, 11.0), (2.7, 2.6, 3.2)), ellipsoid((-6.0, -1.0, 24.6), (3.0, 3.2, 3.0)))
    return Figure(light, _any(_eyes(z=23.6), nostrils, spots))


def _dog() -> Figure:
    ears = _both(capsule((7.6, -0.5, 25.8), (10.6, -1.5, 16.5), 2.6, 3.0))
    snout = capsule((0, -6.0, 18.6), (0, -11.0, 17.8), 4.2, 3.2)
    tail = capsule((0, 8.0, 5.0), (5.0, 12.0, 12.0), 1.8, 1.2)
    light = melted(0.9, melted(2.0, _sitting(), _head()), ears, snout, tail)
    return Figure(light, _any(_eyes(), _nose(-13.8, 19.8, 1.6)))


def _duck() -> Figure:
    body = ellipsoid((0, 3, 8), (9.6, 13.5, 8.6))
    tail = capsule((0, 13.0, 10.0), (0, 17.5, 14.0), 3.2, 1.2)
    head = ellipsoid((0, -5.5, 21.5), (7.4, 7.2, 7.2))
    neck = capsule((0, -4.0, 11.0), (0, -5.0, 19.0), 5.4, 5.0)
    wings = _both(ellipsoid((8.4, 4.0, 9.5), (2.6, 8.0, 5.2)))
    bill = _any(ellipsoid((0, -13.6, 19.8), (4.2, 4.6, 1.3)))
    return Figure(melted(1.5, body, tail, head, neck, wings), _any(bill, _eyes(3.6, -11.2, 23.2, 1.2)))


def _fish() -> Figure:
    body = ellipsoid((0, 0, 15), (7.2, 13.0, 10.0))
    tail = _any(capsule((0, 12, 15), (0, 19, 22), 2.4, 1.6), capsule((0, 12, 15), (0, 19, 8), 2.4, 1.6))
    top = capsule((0, -2.0, 23.0), (0, 6.0, 26.0), 2.6, 1.2)
    fins = _both(capsule((6.0, -1.0, 12.0), (11.0, 4.0, 8.0), 2.0, 1.0))
    foot = melted(3.0, capsule((0, 0, 6.0), (0, 0, 1.0), 2.2, 3.4), ellipsoid((0, 0, 0.6), (7.5, 7.5, 1.4)))
    light = melted(1.2, body, tail, top, fins, foot)
    mouth = ellipsoid((0, -12.6, 13.2), (2.2, 0.9, 0.6))
    return Figure(light, _any(_both(ellipsoid((5.4, -7.0, 17.6), (1.5, 1.7, 1.7))), mouth), -58.0)


def _fox() -> Figure:
    ears = _both(capsule((6.0, 0, 26.5), (9.0, 0.5, 35.0), 3.6, 0.7))
    cheeks = _both(capsule((5.0, -2.5, 18.5), (11.0, -2.0, 17.0), 4.2, 1.0))
    snout = capsule((0, -6.0, 18.4), (0, -13.5, 16.8), 4.2, 1.3)
    tail = melted(
        1.0, capsule((6.0, 6.0, 3.4), (15.0, 2.0, 6.0), 2.6, 4.4), capsule((15, 2, 6), (17, -2, 12), 4.4, 0.8)
    )
    light = melted(1.0, melted(2.0, _sitting(), _head()), ears, cheeks, snout, tail)
    return Figure(light, _any(_eyes(3.6, -9.0, 22.0, 1.2), _nose(-14.6, 17.4, 1.2)))


def _frog() -> Figure:
    body = melted(2.5, ellipsoid((0, 2, 7), (10.5, 10.0, 7.6)), ellipsoid((0, -3.5, 13.5), (11.5, 8.6, 6.6)))
    bulges = _both(ellipsoid((6.0, -4.0, 20.0), (3.8, 3.8, 3.8)))
    legs = _both(
        melted(1.0, ellipsoid((11.0, 4.0, 5.0), (4.4, 7.0, 5.0)), ellipsoid((10.5, -4.0, 1.6), (4.2, 5.6, 2.4)))
    )
    arms = _both(capsule((6.0, -8.0, 8.0), (5.0, -11.0, 1.4), 2.0, 1.8))
    eyes = _both(ellipsoid((6.4, -7.2, 20.6), (1.7, 1.2, 1.9)))
    mouth = _both(capsule((0, -12.2, 11.2), (6.6, -9.8, 12.4), 0.55, 0.55))
    return Figure(melted(1.0, body, bulges, legs, arms), _any(eyes, mouth))


def _hare() -> Figure:
    ears = _both(capsule((3.4, 0, 27.0), (5.6, 1.0, 43.0), 2.6, 2.1))
    snout = _both(ellipsoid((1.7, -9.0, 18.6), (2.5, 2.0, 2.0)))
    tail = ellipsoid((0, 9.0, 4.0), (3.2, 3.2, 3.2))
    light = melted(1.0, melted(2.0, _sitting(), _head()), ears, snout, tail)
    return Figure(light, _any(_eyes(), _nose(-10.8, 20.0, 0.9)))


def _hedgehog() -> Figure:
    face = melted(
        2.0, ellipsoid((0, -5.0, 8.5), (7.6, 8.0, 7.4)), capsule((0, -10.0, 7.6), (0, -16.5, 6.4), 4.0, 1.4)
    )
    feet = _both(ellipsoid((4.4, -8.0, 1.2), (2.4, 3.0, 1.8)))
    rear = _both(ellipsoid((5.0, 7.0, 1.2), (2.6, 3.0, 1.8)))
    light = melted(0.8, face, feet, rear, _any(*_spines()))
    return Figure(light, _any(_both(ellipsoid((3.2, -11.6, 11.0), (1.2, 1.2, 1.3))), _nose(-17.6, 7.0, 1.5)))


def _spines() -> list[Field]:
    """Evenly over the back, pointing out and a little to the rear."""
    middle = np.array([0.0, 3.0, 9.0])
    fields: list[Field] = [ellipsoid((0, 3, 9), (11.0, 11.5, 10.0))]
    for number in range(70):
        up = 1 - (number + 0.5) / 70 * 1.5
        around = number * np.pi * (3 - np.sqrt(5))
        way = np.array(
            [np.sqrt(max(0.0, 1 - up * up)) * np.cos(around), np.sqrt(max(0.0, 1 - up * up)) * np.sin(around), up]
        )
        if way[1] < -0.62 or up < -0.2:
            continue
        start = middle + way * np.array([9.6, 10.0, 8.6])
        end = start + (way + np.array([0, 0.35, 0])) * 4.6
        fields.append(capsule(tuple(start), tuple(end), 1.5, 0.3))
    return fields


def _horse() -> Figure:
    face = capsule((0, -3.0, 24.0), (0, -11.0, 15.0), 6.4, 4.4)
    neck = capsule((0, 2.0, 8.0), (0, -1.0, 23.0), 7.0, 6.4)
    ears = _both(capsule((3.6, 0, 28.4), (4.4, 0, 34.0), 1.9, 0.7))
    light = melted(1.4, _sitting(), neck, face, ears)
    mane = _any(*(ellipsoid((0, 4.6 - 0.12 * (z - 14), z), (1.9, 3.0, 2.6)) for z in (14, 18, 22, 26, 30)))
    lock = capsule((0, -3.4, 31.0), (0, -8.0, 28.2), 2.0, 1.0)
    nostrils = _both(ellipsoid((2.2, -14.4, 15.2), (0.9, 0.9, 1.0)))
    return Figure(light, _any(_eyes(5.6, -5.8, 24.6, 1.3), mane, lock, nostrils))


def _mouse() -> Figure:
    ears = _both(ellipsoid((9.0, 1.0, 28.5), (6.0, 1.8, 6.0)))
    snout = capsule((0, -6.0, 18.6), (0, -12.0, 17.2), 4.4, 1.3)
    tail = melted(
        0.6, capsule((5, 7, 1.6), (14, 5, 1.6), 1.3, 1.1), capsule((14, 5, 1.6), (17, -4, 1.6), 1.1, 0.9)
    )
    light = melted(1.0, melted(2.0, _sitting(), _head()), ears, snout, tail)
    return Figure(light, _any(_eyes(3.4, -9.2, 21.8, 1.25), _nose(-13.2, 17.6, 1.3)))


def _owl() -> Figure:
    body = melted(3.0, ellipsoid((0, 0, 9.5), (10.0, 8.8, 11.0)), ellipsoid((0, -0.6, 22.0), (9.8, 8.2, 8.4)))
    tufts = _both(capsule((5.6, -1.4, 27.4), (8.6, -1.8, 32.6), 2.6, 0.9))
    wings = _both(ellipsoid((9.4, 1.4, 11.0), (2.4, 6.0, 8.4)))
    discs = _both(ellipsoid((4.3, -7.0, 23.4), (4.6, 2.0, 4.6)))
    feet = _both(ellipsoid((3.6, -7.4, 1.2), (2.6, 3.2, 1.8)))
    light = melted(0.7, melted(1.0, body, tufts), wings, discs, feet)
    beak = capsule((0, -9.2, 21.6), (0, -10.4, 18.8), 1.4, 0.5)
    return Figure(light, _any(_both(ellipsoid((4.3, -8.6, 23.4), (2.3, 1.2, 2.3))), beak))


def _snail() -> Figure:
    foot = melted(
        1.5, capsule((0, 14.0, 2.2), (0, -12.0, 2.6), 2.0, 4.0), ellipsoid((0, -2, 2.0), (5.0, 14.0, 3.0))
    )
    head = capsule((0, -12.0, 4.0), (0, -15.0, 12.0), 4.4, 4.2)
    horns = _both(capsule((2.0, -15.0, 15.0), (4.6, -17.0, 22.0), 1.1, 1.6))
    shell = ellipsoid((0, 3.0, 14.0), (7.4, 11.5, 11.5))
    light = melted(0.8, foot, head, horns, shell)
    turns = np.linspace(0.2, 4.4 * np.pi, 46)
    reach = 1.0 + 8.4 * turns / turns[-1]
    path = [(y, z) for y, z in zip(3.0 + reach * np.cos(turns), 14.0 + reach * np.sin(turns), strict=True)]
    spiral = _any(*(_groove(a, b) for a, b in itertools.pairwise(path)))
    return Figure(light, _any(_both(ellipsoid((4.8, -17.9, 22.4), (1.0, 0.8, 1.1))), spiral), -40.0)


def _groove(a: tuple[float, float], b: tuple[float, float]) -> Field:
    """A piece of the line on the left side of the shell."""

    def side(y: float, z: float) -> float:
        return -7.4 * float(np.sqrt(max(0.0, 1 - ((y - 3.0) / 11.5) ** 2 - ((z - 14.0) / 11.5) ** 2)))

    return capsule((side(*a), *a), (side(*b), *b), 0.7, 0.7)


def _swan() -> Figure:
    body = ellipsoid((0, 4, 7.5), (9.2, 14.0, 8.0))
    tail = capsule((0, 15.0, 10.0), (0, 19.5, 14.0), 3.4, 1.0)
    wings = _both(
        melted(1.0, ellipsoid((8.4, 6.0, 11.0), (2.8, 10.0, 6.0)), capsule((8.0, 12, 13), (7.0, 18, 18), 2.4, 0.8))
    )
    bends = ((-7.0, 9.0), (-12.0, 16.0), (-10.0, 24.0), (-6.0, 31.0), (-7.5, 36.0))
    neck = melted(1.0, *(capsule((0, *a), (0, *b), 3.2, 3.0) for a, b in itertools.pairwise(bends)))
    head = ellipsoid((0, -9.5, 37.0), (3.9, 5.0, 3.7))
    bill = capsule((0, -13.0, 36.2), (0, -18.5, 34.6), 1.7, 0.8)
    return Figure(
        melted(1.2, body, tail, wings, neck, head),
        _any(bill, _both(ellipsoid((3.0, -11.6, 38.2), (0.9, 1.0, 1.0)))),
    )


_FIGURES: dict[str, Callable[[], Figure]] = {
    "bear": _bear,
    "bee": _bee,
    "cat": _cat,
    "cow": _cow,
    "dog": _dog,
    "duck": _duck,
    "fish": _fish,
    "fox": _fox,
    "frog": _frog,
    "hare": _hare,
    "hedgehog": _hedgehog,
    "horse": _horse,
    "mouse": _mouse,
    "owl": _owl,
    "snail": _snail,
    "swan": _swan,
}

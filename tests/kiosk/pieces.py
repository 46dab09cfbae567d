"""A small built collection for the kiosk's tests: real packs, pictures and G-code of simple towers."""

from pathlib import Path

import msgspec
import numpy as np
from PIL import Image, ImageDraw

from catalogue.cards import (
    Card,
    ChoiceParameter,
    Collection,
    Entry,
    Level,
    Option,
    Parameter,
    PrintFacts,
    TextParameter,
    Texts,
    Theme,
)
from catalogue.packs import MeshPack, ToolpathPack, write_mesh, write_toolpath
from firmware_bridge.contract import Animal

PROFILE = "prusa-mk3s"
LAYER_MM = 0.2
CENTRE = (125.0, 105.0)
EXAMPLE = "Noor"


TALL = {4: 250, 6: 700}
"""Layers of the towers that take a while; all others have LAYERS."""
LAYERS = 12
THEMES, LEVELS = tuple(Theme), tuple(Level)


def build_collection(folder: Path, cards: int = 8) -> Path:
    """`cards` towers; the second card takes a name, the eighth a form and a size."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = tuple(_entry(folder, number, TALL.get(number, LAYERS)) for number in range(1, cards + 1))
    _general_pictures(folder / "pictures")
    (folder / "collection.json").write_bytes(msgspec.json.encode(Collection(version=1, entries=entries)))
    return folder


def _entry(folder: Path, number: int, layers: int) -> Entry:
    card_id = {2: "sleutelhanger", 8: "hanger"}.get(number, f"toren-{number}")
    (folder / card_id / PROFILE).mkdir(parents=True, exist_ok=True)
    side = 12.0 + 2 * number
    height = layers * LAYER_MM
    write_mesh(folder / card_id / "model.npz", box(side, height))
    _picture(folder / card_id / "picture.png")
    write_toolpath(folder / card_id / PROFILE / "toolpath.npz", tower(side, layers))
    (folder / card_id / PROFILE / "print.gcode").write_text(gcode(side, layers))
    facts = PrintFacts(
        gcode=f"{card_id}/{PROFILE}/print.gcode",
        toolpath=f"{card_id}/{PROFILE}/toolpath.npz",
        estimate_s=600.0 + 300 * number,
        grams=1.5 * number,
        layers=layers,
        slicer="tests",
    )
    return Entry(
        card=_card(card_id, number),
        picture=f"{card_id}/picture.png",
        mesh=f"{card_id}/model.npz",
        size_mm=(side, side, height),
        prints={PROFILE: facts},
    )


def _card(card_id: str, number: int) -> Card:
    parameters: tuple[Parameter, ...] = ()
    if number == 8:
        words = ("Hart", "Ster", "Bloem", "Huis")
        options = tuple(Option(id=f"o{n}", label=Texts(nl=w, fr=w, en=w)) for n, w in enumerate(words))
        shape, size = (
            Texts(nl=n, fr=f, en=e) for n, f, e in (("Vorm", "Forme", "Shape"), ("Grootte", "Taille", "Size"))
        )
        parameters = (
            ChoiceParameter(id="form", label=shape, options=options, example="o0"),
            ChoiceParameter(id="size", label=size, options=options[:3], example="o1"),
        )
    if number == 2:
        label = Texts(nl="Je naam", fr="Ton nom", en="Your name")
        parameters = (TextParameter(id="name", label=label, max_length=12, example=EXAMPLE),)
    return Card(
        id=card_id,
        title=Texts(nl=f"Toren {number}", fr=f"Tour {number}", en=f"Tower {number}"),
        description=Texts(
            nl="Een toren van laagjes. Hij staat stevig en je kunt er andere torens op zetten.",
            fr="Une tour de couches. Elle tient bien debout et on peut en empiler plusieurs.",
            en="A tower of layers. It stands firm and you can put other towers on it.",
        ),
        theme=THEMES[number % len(THEMES)],
        level=LEVELS[number % len(LEVELS)],
        author="Maakhoek",
        licence="CC0-1.0",
        parameters=parameters,
    )


def box(side: float, height: float) -> MeshPack:
    """A box that stands on z = 0."""
    half = side / 2
    vertices, indices = [], []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            normal = np.zeros(3)
            normal[axis] = sign
            u, v = np.roll(np.eye(3), 1, 0)[axis], np.roll(np.eye(3), 2, 0)[axis]
            corners = [normal + u * a + v * b for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            indices += [len(vertices) + i for i in (0, 1, 2, 0, 2, 3)]
            vertices += [[*(c * (half, half, height / 2) + (0, 0, height / 2)), *normal] for c in corners]
    return MeshPack(
        vertices=np.array(vertices, np.float32),
        indices=np.array(indices, np.uint16),
        chunks=np.array([[0, len(vertices), 0, len(indices)]], np.int32),
        bounds=np.array([[-half, -half, 0], [half, half, height]], np.float32),
    )


def tower(side: float, layers: int) -> ToolpathPack:
    """Four walls a layer, in the printer's own coordinates."""
    segments = np.array([segment for layer in range(layers) for segment in _walls(side, layer)], np.float32)
    points = segments.reshape(-1, 3)
    return ToolpathPack(
        segments=segments,
        width=np.full(len(segments), 0.45, np.float32),
        height=np.full(len(segments), LAYER_MM, np.float32),
        feature=np.zeros(len(segments), np.uint8),
        layer_start=np.arange(0, len(segments) + 1, 4, dtype=np.int32),
        layer_z=np.array([(i + 1) * LAYER_MM for i in range(layers)], np.float32),
        bounds=np.array([points.min(axis=0), points.max(axis=0)], np.float32),
        features=("External perimeter",),
    )


def gcode(side: float, layers: int) -> str:
    """What prints that tower; it passes the vet and ends cold."""
    lines = ["M140 S60", "M104 S215", "M190 S60", "M109 S215", "G21", "G90", "M83", "G28", "G92 E0"]
    for layer in range(layers):
        lines += [";LAYER_CHANGE", f"G1 Z{(layer + 1) * LAYER_MM:.2f} F3000"]
        walls = _walls(side, layer)
        lines.append(f"G1 X{walls[0][0]:.2f} Y{walls[0][1]:.2f} F9000")
        lines += [f"G1 X{wall[3]:.2f} Y{wall[4]:.2f} E0.5 F1800" for wall in walls]
    lines += ["M104 S0", "M140 S0", "M107", "G1 X0 Y200 F3000", "M84"]
    return "\n".join(lines) + "\n"


def _walls(side: float, layer: int) -> list[tuple[float, ...]]:
    x, y = CENTRE
    half, z = side / 2, (layer + 1) * LAYER_MM
    corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    return [(*corners[i], z, *corners[(i + 1) % 4], z) for i in range(4)]


def _general_pictures(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("printer", *(f"animal-{animal.value}" for animal in Animal)):
        _picture(folder / f"{name}.png")
    for name, side in (("coin", 23.0), ("hand", 70.0)):
        write_mesh(folder / f"{name}.npz", box(side, 2.0))


def _picture(path: Path) -> None:
    image = Image.new("RGBA", (256, 256), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    draw.polygon([(40, 110), (128, 70), (216, 110), (128, 150)], fill=(250, 250, 250, 255))
    draw.polygon([(40, 110), (128, 150), (128, 220), (40, 180)], fill=(180, 180, 180, 255))
    draw.polygon([(216, 110), (128, 150), (128, 220), (216, 180)], fill=(120, 120, 120, 255))
    image.save(path)

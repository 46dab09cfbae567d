"""A walk over the widgets of every screen: `python audit.py COLLECTION FOLDER WIDTH HEIGHT INCH PASSES`.

PASSES are `language:modes`, with commas between them: `nl:plain,fr:night,pseudo:plain,nl:large+low`. The language
"pseudo" is Dutch in which every word is a third longer. Prints a JSON list of what is wrong: too small or too near
to press, cut off, lying over each other, too little contrast, too small in large mode, too high in low mode, out
of the focus's reach, without a way out. With PICTURES in the environment it also leaves a PNG of every screen in
that folder.
"""

import functools
import itertools
import json
import math
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from offscreen import Driver, kiosk
from scenes import scenes
from worlds import NOW

from firmware_bridge.contract import FaultCode
from kiosk.config import Screen
from kiosk.domain import intents
from kiosk.domain.colour import contrast
from kiosk.domain.model import Model
from kiosk.domain.modes import Contrast, Modes
from kiosk.locale import Translator

SLACK_PX = 1.5
CAPITAL_MM = 6.0
TOOLS = ("language", "ear", "access", "help")
ENDS_BY_ITSELF = ("staff-clean",)
MODES = {
    "plain": Modes(),
    "large": Modes(large=True),
    "light": Modes(contrast=Contrast.LIGHT),
    "night": Modes(contrast=Contrast.NIGHT),
    "still": Modes(still=True),
    "low": Modes(low=True),
}


def audit(driver: Driver) -> Iterator[str]:
    """Everything that is wrong with what is on the glass now."""
    from kiosk.ui.theme import TARGET_GAP_MM, TARGET_MM
    from kiosk.ui.widgets.button import Touchable
    from kiosk.ui.widgets.text import Text

    theme = driver.app._theme
    seen = list(_visible(driver.app.surface.topmost))
    targets = [w for w in seen if isinstance(w, Touchable)]
    texts = [w for w in seen if isinstance(w, Text) and w.text]
    for target in targets:
        if min(target.width, target.height) < theme.mm(TARGET_MM) - SLACK_PX:
            yield f"'{target.name}' is {target.width:g}x{target.height:g} px, too small for a finger"
        yield from _outside(driver, target, target.name)
        if theme.is_low:
            reach = min(target.top, driver.window.height / 2) - target.y
            if target.name != "wake" and not target.disabled and reach < theme.mm(TARGET_MM) - SLACK_PX:
                yield f"'{target.name}' is out of low reach: {reach / theme.mm(1):.1f} mm of it"
    for a, b in itertools.combinations(targets, 2):
        if "wake" not in (a.name, b.name) and _gap(a, b) < theme.mm(TARGET_GAP_MM) - SLACK_PX:
            yield f"'{a.name}' and '{b.name}' are {_gap(a, b):.0f} px apart"
    for text in texts:
        wide, high = text.texture_size
        if wide > text.room.w + SLACK_PX or high > text.room.h + SLACK_PX:
            yield f"'{text.text}' needs {wide}x{high} px and has {text.room.w:.0f}x{text.room.h:.0f}"
        if text.halign != "center" and wide < text.room.w - SLACK_PX:
            yield f"'{text.text}' does not stand where reading starts"
        if _breaks_a_word(text):
            yield f"'{text.text}' is broken in the middle of a word"
        yield from _outside(driver, text, text.text)
    yield from _never_put(seen)
    yield from _over_a_view(seen, texts)
    for a, b in itertools.combinations(texts, 2):
        if _gap(a, b) < -SLACK_PX and _ink_overlaps(a, b):
            yield f"'{a.text}' lies over '{b.text}'"
    inside = {target: {id(part) for part in target.walk()} for target in targets}
    for text, target in itertools.product(texts, targets):
        if target.name != "wake" and id(text) not in inside[target] and _ink_overlaps(text, target):
            yield f"'{text.text}' lies over '{target.name}'"

    if driver.screen() not in ENDS_BY_ITSELF and not _leads_away(driver):
        yield "there is no way out"
    yield from _contrast(driver, texts)
    yield from _capitals(driver, texts)
    yield from _focus(driver, targets)


def _never_put(seen: list[object]) -> Iterator[str]:
    """What is added and forgotten lies in the corner, as large as Kivy makes a widget."""
    from kivy.uix.widget import Widget

    from kiosk.ui.widgets.panel import Panel

    untouched = Widget()
    for panel in (widget for widget in seen if isinstance(widget, Panel)):
        if (panel.pos, panel.size) == (untouched.pos, untouched.size):
            yield f"a ground of {type(panel.parent).__name__} was never put anywhere"


def _over_a_view(seen: list[object], texts: list[object]) -> Iterator[str]:
    """A model can be turned, and come nearer until it fills its view: a word over it needs its own ground."""
    from kiosk.ui.widgets.panel import Panel
    from kiosk.ui.widgets.stage import Stage

    views = [widget for widget in seen if isinstance(widget, Stage) and min(widget.size) > 0]
    for text, view in itertools.product(texts, views):
        has_ground = any(isinstance(part, Panel) and part.opacity == 1 for part in text.parent.children)
        if not has_ground and _ink_overlaps(text, view):
            yield f"'{text.text}' lies over the model without a ground of its own"


def _leads_away(driver: Driver) -> bool:
    return any(target.name not in TOOLS for target in driver.app.surface.targets())


def _contrast(driver: Driver, texts: list[object]) -> Iterator[str]:
    """Of every text on the colour that is really under it: the commonest of its pixels."""
    least = 4.5 if driver.app._theme.modes.contrast is Contrast.NORMAL else 7.0
    pixels = _pixels(driver)
    for text in texts:
        left, low, right, high = (round(edge) for edge in _ink(text))
        part = pixels[max(0, low) : high : 2, max(0, left) : right : 2].reshape(-1, 3).astype(np.int32)
        if not len(part):
            continue
        colours, counts = np.unique(part @ (1 << 16, 1 << 8, 1), return_counts=True)
        commonest = int(colours[counts.argmax()])
        ground = tuple((commonest >> shift & 255) / 255 for shift in (16, 8, 0))
        ratio = contrast(tuple(text.color[:3]), ground)
        if ratio < least:
            yield f"'{text.text}' has a contrast of {ratio:.1f}"


def _pixels(driver: Driver) -> np.ndarray:
    from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

    width, height = driver.window.size
    raw = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
    return np.frombuffer(raw, np.uint8).reshape(height, width, 4)[:, :, :3]


def _capitals(driver: Driver, texts: list[object]) -> Iterator[str]:
    """In large mode: how high an H of this text really is, in the pixels of its own texture."""
    theme = driver.app._theme
    if not theme.is_large:
        return
    for text in texts:
        file = text._label.options["font_name"]
        height_mm = _height_of_h(file, text._label.options["font_size"]) / theme._px_per_mm
        if height_mm < CAPITAL_MM:
            yield f"'{text.text}' has capitals of {height_mm:.1f} mm"


@functools.cache
def _height_of_h(file: str, size_px: float) -> int:
    from kivy.core.text import Label

    label = Label(text="H", font_name=file, font_size=size_px)
    label.refresh()
    texture = label.texture
    ink = np.frombuffer(texture.pixels, np.uint8).reshape(texture.height, texture.width, 4)[:, :, 3]
    rows = np.flatnonzero((ink > 96).any(axis=1))
    return int(rows[-1] - rows[0] + 1) if len(rows) else math.inf


def _focus(driver: Driver, targets: list[object]) -> Iterator[str]:
    """The next key comes past everything that can be pressed, and the ring stands around it."""
    from kiosk.ui.focus import Key

    surface = driver.app.surface
    wanted = {id(target) for target in targets if not target.disabled}
    surface.hide_focus()
    seen = [surface.press(Key.NEXT) for _ in wanted]
    for target in targets:
        if id(target) in wanted - {id(one) for one in seen}:
            yield f"'{target.name}' is never reached by the next key"
    for target in filter(None, seen):
        ring = surface._ring
        if ring.opacity < 1 or ring.parent is not surface or surface.children[0] is not ring:
            yield f"the ring around '{target.name}' is not on top"
    surface.hide_focus()


def _visible(widget: object) -> Iterator[object]:
    if widget.opacity <= 0:
        return
    yield widget
    for child in widget.children:
        yield from _visible(child)


def _outside(driver: Driver, widget: object, what: str) -> Iterator[str]:
    inside = widget.x >= -1 and widget.y >= -1
    inside &= widget.right <= driver.window.width + 1 and widget.top <= driver.window.height + 1
    if not inside:
        yield f"'{what}' is partly outside the screen"


def _gap(a: object, b: object) -> float:
    """Between two rectangles; negative when they overlap."""
    return max(a.x - b.right, b.x - a.right, a.y - b.top, b.y - a.top)


def _ink(widget: object) -> tuple[float, float, float, float]:
    size = getattr(widget, "texture_size", None)
    if not size:
        return widget.x, widget.y, widget.right, widget.top
    wide, high = size
    left = {"center": widget.center_x - wide / 2, "right": widget.right - wide}.get(widget.halign, widget.x)
    return left, widget.center_y - high / 2, left + wide, widget.center_y + high / 2


def _ink_overlaps(a: object, b: object) -> bool:
    a_left, a_low, a_right, a_high = _ink(a)
    b_left, b_low, b_right, b_high = _ink(b)
    across = min(a_right, b_right) - max(a_left, b_left)
    return across > SLACK_PX and min(a_high, b_high) - max(a_low, b_low) > SLACK_PX


def _breaks_a_word(text: object) -> bool:
    return any(text.width_of(word) > text.room.w + SLACK_PX for word in text.text.split())


class Pseudo(Translator):
    """Dutch in which every word is a third longer, as other languages are."""

    def __call__(self, text: str, **values: object) -> str:
        return _longer(super().__call__(text, **values))

    def plural(self, one: str, many: str, n: int) -> str:
        return _longer(super().plural(one, many, n))


def _longer(text: str) -> str:
    return re.sub(r"[^\W\d_]{3,}", lambda word: word[0] + word[0][: math.ceil(len(word[0]) / 3)].lower(), text)


def main() -> None:
    collection, folder, width, height, inch, passes = sys.argv[1:]
    screen = Screen(int(width), int(height), float(inch))
    pictures, fault, only = (os.environ.get(name, "") for name in ("PICTURES", "FAULT", "ONLY"))
    wrong, count = [], 0
    with kiosk(screen, Path(folder), Path(collection), clock=lambda: NOW, uptime=lambda: 1000.0) as driver:
        app = driver.app
        fresh, dutch = app.model, app._texts["nl"]

        def put(model: Model) -> None:
            app.model = model
            app._dress()
            app._draw()

        for one in passes.split(","):
            language, _, names = one.partition(":")
            app._texts["nl"] = Pseudo("nl") if language == "pseudo" else dutch
            spoken = "nl" if language == "pseudo" else language
            put(fresh)
            app.handle(intents.ChooseModes(_modes(names)))
            for name in scenes(app.handle, lambda: app.model, put, spoken):
                if only and not re.match(only, name):
                    continue
                if _repeats(name) and names != "plain":
                    continue
                driver.rest()
                if fault and name != "attract":
                    _plant(driver, fault)
                count += 1
                wrong += [f"{one} {name}: {finding}" for finding in audit(driver)]
                if pictures:
                    driver.frames(14)
                    driver.picture(Path(pictures) / "_.png").rename(Path(pictures) / f"{language}-{name}.png")
                if fault and wrong:
                    break
    print(json.dumps({"scenes": count, "wrong": wrong}))


def _repeats(name: str) -> bool:
    """A screen that differs from another in one sentence only: in the first language they are all looked at."""
    place, _, what = name.partition("-")
    return place in ("trouble", "model") and what in {code.value for code in list(FaultCode)[3:]}


def _plant(driver: Driver, fault: str) -> None:
    """Spoil what is on the glass, so that a test can see this audit find it."""
    from kiosk.ui.widgets.button import Touchable
    from kiosk.ui.widgets.text import Text

    seen = list(_visible(driver.app.surface.topmost))
    target = next((w for w in seen if isinstance(w, Touchable)), None)
    text = next((w for w in seen if isinstance(w, Text) and w.text), None)
    if target is None or text is None:
        return
    if fault == "small":
        target.width = 40
    elif fault == "pale":
        text.paint((0.7, 0.7, 0.7))
        driver.frames(2)
    elif fault == "cut":
        text.room = replace(text.room, w=20.0)
    elif fault == "near":
        driver.app.surface.topmost.add_widget(_twin(target))
    elif fault == "tiny":
        text.font_size = 20
    elif fault == "high":
        driver.app.surface.topmost.add_widget(_twin(target, y=driver.window.height - 100))
    elif fault == "stuck":
        for button in (w for w in seen if isinstance(w, Touchable) and w.name not in TOOLS):
            button.disabled = True
    elif fault == "unreached":
        driver.app.surface.topmost.add_widget(_twin(target, y=300))


def _twin(target: object, y: float | None = None) -> object:
    from kiosk.ui.widgets.button import Touchable

    twin = Touchable("twin", lambda: None)
    twin.size = (90, 90)
    twin.pos = (target.right + 3 if y is None else 300, target.y if y is None else y)
    return twin


def _modes(names: str) -> Modes:
    worn = Modes()
    for name in names.split("+"):
        changed = {key: value for key, value in vars(MODES[name]).items() if value != getattr(Modes(), key)}
        worn = replace(worn, **changed)
    return worn


if __name__ == "__main__":
    main()

"""A walk over the widgets of every screen: `python audit.py COLLECTION FOLDER WIDTH HEIGHT INCH LANGUAGES`.

Prints a JSON list of what is wrong: too small or too near to press, cut off, lying over each other. With
PICTURES in the environment it also leaves a PNG of every screen in that folder.
"""

import itertools
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from offscreen import Driver, kiosk
from scenes import scenes
from worlds import NOW

from kiosk.config import Screen
from kiosk.domain.model import Model

SLACK_PX = 1.5


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
    for a, b in itertools.combinations(targets, 2):
        if "wake" not in (a.name, b.name) and _gap(a, b) < theme.mm(TARGET_GAP_MM) - SLACK_PX:
            yield f"'{a.name}' and '{b.name}' are {_gap(a, b):.0f} px apart"
    for text in texts:
        wide, high = text.texture_size
        if wide > text.room.w + SLACK_PX or high > text.room.h + SLACK_PX:
            yield f"'{text.text}' needs {wide}x{high} px and has {text.room.w:.0f}x{text.room.h:.0f}"
        if _breaks_a_word(text):
            yield f"'{text.text}' is broken in the middle of a word"
        yield from _outside(driver, text, text.text)
    for a, b in itertools.combinations(texts, 2):
        if _gap(a, b) < -SLACK_PX and _ink_overlaps(a, b):
            yield f"'{a.text}' lies over '{b.text}'"
    for text, target in itertools.product(texts, targets):
        if target.name != "wake" and text not in list(target.walk()) and _ink_overlaps(text, target):
            yield f"'{text.text}' lies over '{target.name}'"


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
    from kivy.core.text import Label

    label = Label(font_name=text.font_name, font_size=text.font_size)
    return any(label.get_extents(word)[0] > text.room.w + SLACK_PX for word in text.text.split())


def main() -> None:
    collection, folder, width, height, inch, languages = sys.argv[1:]
    screen = Screen(int(width), int(height), float(inch))
    pictures = os.environ.get("PICTURES")
    wrong, count = [], 0
    with kiosk(screen, Path(folder), Path(collection), clock=lambda: NOW, uptime=lambda: 1000.0) as driver:
        app = driver.app
        fresh = app.model

        def put(model: Model) -> None:
            app.model = model
            app._draw()

        for language in languages.split(","):
            put(fresh)
            for name in scenes(app.handle, lambda: app.model, put, language):
                driver.frames(1)
                count += 1
                wrong += [f"{language} {name}: {finding}" for finding in audit(driver)]
                if pictures:
                    driver.frames(14)
                    driver.picture(Path(pictures) / "_.png").rename(Path(pictures) / f"{language}-{name}.png")
    print(json.dumps({"scenes": count, "wrong": wrong}))


if __name__ == "__main__":
    main()

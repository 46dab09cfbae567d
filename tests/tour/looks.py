"""Every screen as different visitors see it: languages, contrast, large letters, low reach. States are made up.

As a program (Kivy has one window a process) it reads its wishes as JSON from standard input and draws them
without a display: `python -m tour.looks WIDTH HEIGHT INCH COLLECTION`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tour.album import Album

SCREENS = (
    *("attract", "collection", "search", "model", "make", "plate"),
    *("watch", "problem", "queue", "ready", "trouble"),
)
SETTING_UP = ("setup", "wifi", "wifi-password", "wifi-join")
FEW = ("collection", "model", "make", "watch")
SHEETS = ("language", "access", "help")
SETTLE_S, REST_S = 0.4, 5.0
"""At least so long until a picture is taken; at most so long while a model is not sharp yet."""
LOOKS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    ("nl", "while the kiosk is set up", {}, SETTING_UP),
    ("fr", "in French", {"language": "fr"}, (*SCREENS, *SETTING_UP)),
    ("night", "in high contrast on dark, in German", {"language": "de", "modes": {"contrast": "night"}}, SCREENS),
    ("large", "in large letters", {"modes": {"large": True}}, (*SCREENS, *SETTING_UP)),
    ("light", "in high contrast on light", {"modes": {"contrast": "light"}}, FEW),
    ("low", "with every control in the lower half", {"modes": {"low": True}}, FEW),
    (
        "large-low",
        "in large letters, with every control in the lower half",
        {"modes": {"large": True, "low": True}},
        FEW,
    ),
    ("ar", "in Arabic, from the right", {"language": "ar"}, FEW),
    ("uk", "in Ukrainian", {"language": "uk"}, FEW),
)


@dataclass(frozen=True)
class Wish:
    """One picture: a screen of `kiosk.staging`, what differs from its usual state, and where the PNG goes."""

    screen: str
    state: dict[str, Any]
    path: str


def take_looks(album: Album, collection: Path) -> None:
    """At the size of the appliance's own screen, and large letters on a small one."""
    wishes = [
        Wish(screen, {"session": session}, str(album.next(f"{screen}-{name}", f"{screen.capitalize()} {caption}")))
        for name, caption, session, screens in LOOKS
        for screen in screens
    ]
    for sheet in SHEETS:
        path = album.next(f"sheet-{sheet}", f"The sheet “{sheet}”")
        wishes.append(Wish("collection", {"session": {"sheet": sheet}}, str(path)))
    _draw(wishes, collection, ("1280", "800", "10.1"))
    small = [
        Wish(
            screen,
            {"session": {"modes": {"large": True}}},
            str(album.next(f"{screen}-large-7", f"{screen.capitalize()} in large letters on 7 inch")),
        )
        for screen in FEW
    ]
    _draw(small, collection, ("1024", "600", "7"))


def _draw(wishes: list[Wish], collection: Path, size: tuple[str, str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "tour.looks", *size, str(collection)],
        input=json.dumps([asdict(wish) for wish in wishes]).encode(),
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        check=True,
    )


def main() -> None:
    """Draw the wishes on standard input."""
    width, height, inch, collection = sys.argv[1:]
    from kiosk.config import Config, Screen
    from kiosk.ui import environment

    screen = Screen(int(width), int(height), float(inch))
    environment.prepare(screen)
    with tempfile.TemporaryDirectory(prefix="looks-") as folder:
        config = Config(bridge="", collection=collection, session=folder, worker=("true",), screen=screen)
        for wish in json.loads(sys.stdin.read()):
            _show(config, Wish(**wish), Path(folder) / "state.json")


def _show(config: Any, wish: Wish, file: Path) -> None:
    from kivy.base import EventLoop
    from kivy.core.window import Window

    from kiosk.staging import read_stage, stage
    from kiosk.ui.app import KioskApp
    from kiosk.ui.fonts import find_fonts
    from kiosk.ui.theme import Theme

    file.write_text(json.dumps(wish.state))
    app = KioskApp(config, Theme(config.screen, find_fonts()))
    app.show_only(stage(app.model, wish.screen, read_stage(wish.screen, file)))
    app._run_prepare()
    began = time.monotonic()
    while (waited := time.monotonic() - began) < SETTLE_S or (waited < REST_S and not _is_settled(app)):
        EventLoop.idle()
    Path(Window.screenshot(wish.path)).rename(wish.path)
    app.on_stop()
    for child in list(Window.children):
        Window.remove_widget(child)


def _is_settled(app: Any) -> bool:
    return all(widget["settled"] for widget in app.snapshot()["widgets"])


if __name__ == "__main__":
    main()

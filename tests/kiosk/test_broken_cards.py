"""A collection whose files are damaged: what cannot be shown is left out, and the way goes on."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from offscreen import SCREENS, Driver, kiosk
from worlds import INFO, NOW, state

from kiosk.domain import news

FILES = ("*/picture.png", "*/model.npz", "*/*/toolpath.npz")
DAMAGE: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "nonsense": lambda path: path.write_bytes(b"nonsense" * 1000),
}


@pytest.fixture(params=DAMAGE)
def broken(request: pytest.FixtureRequest, tmp_path: Path, collection: Path) -> Iterator[Driver]:
    """A kiosk of which every picture, model and toolpath is damaged in that way."""
    copy = tmp_path / "collection"
    shutil.copytree(collection, copy)
    for path in (path for pattern in FILES for path in copy.glob(pattern)):
        DAMAGE[request.param](path)
    with kiosk(SCREENS["10.1 inch wide"], tmp_path, copy, clock=lambda: NOW) as started:
        started.app.handle(news.BridgeUp(INFO, state()))
        started.frames()
        yield started


def test_every_screen_can_be_walked(broken: Driver) -> None:
    broken.until(broken.app.make_ready, "all is ready")
    assert broken.screen() == "attract"
    broken.press("wake")
    broken.press("card:toren-1")
    broken.on("model")
    for aspect in ("size", "turn", "layers", "turn"):
        broken.press(f"look:{aspect}")
        broken.frames(10)
        assert broken.screen() == "model"
    broken.press("print")
    broken.on("plate")
    assert broken.widget("plate-empty")
    broken.press("home")
    broken.press("card:sleutelhanger")
    broken.press("make-yours")
    broken.on("make")
    broken.press("key:a")
    broken.press("home")
    broken.on("collection")

"""Shared by the kiosk's tests: compiled texts, a small collection, a running kiosk in this process."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from offscreen import SCREENS, Driver, kiosk
from pieces import build_collection
from support.translations import compile_translations

LOCALE = Path(__file__).parents[2] / "kiosk" / "locale"


@pytest.fixture(scope="session", autouse=True)
def texts() -> None:
    """French and English as the kiosk reads them."""
    compile_translations(LOCALE)


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight towers; the second takes a name."""
    return build_collection(tmp_path_factory.mktemp("collection"))


@pytest.fixture
def driver(tmp_path: Path, collection: Path) -> Iterator[Driver]:
    """A kiosk on 1280x800 without a bridge."""
    with kiosk(SCREENS["10.1 inch wide"], tmp_path, collection) as started:
        yield started

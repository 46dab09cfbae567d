"""Shared by the kiosk's tests: compiled texts, a small collection, a running kiosk in this process.

No exception is swallowed: one that is logged, or that ends a thread, fails the test in which it happens.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from offscreen import SCREENS, Driver, kiosk
from pieces import build_collection
from pins import set_pins
from support.bridge_process import BridgeProcess, SimulatedPrinter, bridge_process, simulated_printer
from support.tracebacks import tracebacks
from support.translations import compile_translations
from worlds import INFO, NOW, state

from kiosk.domain import news

HERE = Path(__file__).parent
PHASES = ("setup", "call", "teardown")
LOCALE = Path(__file__).parents[2] / "kiosk" / "locale"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An exception that ends a thread is an error here, not a warning."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"))
            item.add_marker(pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning"))


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """In the log of any part of the program, Kivy's included."""
    yield
    found = tracebacks(record for phase in PHASES for record in caplog.get_records(phase))
    assert not found, "\n".join(found)


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


@pytest.fixture
def awake(tmp_path: Path, collection: Path) -> Iterator[Driver]:
    """A kiosk on 1280x800 whose printer is free, at a fixed time."""
    with kiosk(SCREENS["10.1 inch wide"], tmp_path, collection, clock=lambda: NOW) as started:
        started.app.handle(news.BridgeUp(INFO, state()))
        started.frames()
        yield started


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[SimulatedPrinter]:
    """Behind a bridge that knows the PINs."""
    set_pins(tmp_path)
    with simulated_printer(tmp_path, 100.0) as started:
        yield started


@pytest.fixture
def bridge(tmp_path: Path, printer: SimulatedPrinter) -> Iterator[BridgeProcess]:
    """On that printer."""
    with bridge_process(tmp_path, printer.port) as started:
        yield started

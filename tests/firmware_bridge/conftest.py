"""Who stands around the bridge under test; a file brings its own `bridge`, and may bring another of these."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.bridge_client import BridgeClient, client
from support.broker import Broker, mosquitto
from support.gcode import write_tower
from support.hand_bridge import HandBridge
from support.leap import Leap
from support.region_client import RegionClient, region_client


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with mosquitto(tmp_path) as running:
        yield running


@pytest.fixture
def region(broker: Broker) -> Iterator[RegionClient]:
    with region_client(broker) as connected:
        yield connected


@pytest.fixture
def kiosk(bridge: HandBridge) -> Iterator[BridgeClient]:
    """A visitor's connection."""
    with client(bridge.socket) as connection:
        connection.until_connected()
        yield connection


@pytest.fixture
def gcode(tmp_path: Path) -> Path:
    return write_tower(tmp_path / "print.gcode")


@pytest.fixture
def leap() -> Leap:
    return Leap()

"""A compositor that answers, one that hangs, and none. The real one is stopped in tests/appliance."""

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.adapters.compositor import Compositor

ANSWER = struct.pack("=IHHI", 2, 0, 12, 7) + struct.pack("=IHHI", 1, 1, 12, 2)
"""wl_callback.done of object 2, and wl_display.delete_id of it."""


@pytest.fixture
def door(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(tmp_path / "wayland-0"))
        listener.listen()
        yield listener


@pytest.fixture
def compositor(door: socket.socket, tmp_path: Path) -> Iterator[Compositor]:
    made = Compositor({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)})
    yield made
    made.close()


def test_one_that_answers_is_well(door: socket.socket, compositor: Compositor) -> None:
    assert compositor.answers()
    peer, _ = door.accept()
    with peer:
        for _ in range(3):
            assert struct.unpack("=IHHI", peer.recv(64)) == (1, 0, 12, 2), "wl_display.sync, a new object 2"
            peer.sendall(ANSWER)
            assert compositor.answers()


def test_one_that_hangs_is_noticed_without_waiting_and_when_it_goes_on_too(
    door: socket.socket, compositor: Compositor
) -> None:
    compositor.answers()
    peer, _ = door.accept()
    with peer:
        assert not compositor.answers()
        peer.sendall(ANSWER[:12])
        assert not compositor.answers()
        peer.sendall(ANSWER[12:])
        assert compositor.answers()


def test_one_that_went_is_not_there_and_its_successor_is(door: socket.socket, compositor: Compositor) -> None:
    compositor.answers()
    door.accept()[0].close()
    assert not compositor.answers()
    assert compositor.answers()


def test_without_one_there_is_nothing_to_ask() -> None:
    assert Compositor({}).answers()

"""The client of the bridge's socket against a socket that misbehaves."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from support.waiting import until
from worlds import INFO, state, world

from firmware_bridge.contract import ErrorCode, Pause, Submit
from kiosk.adapters.bridge import BridgeClient
from kiosk.domain.news import BridgeDown, BridgeUp, News, Refused, StateCame
from kiosk.domain.piece import Piece


class Peer:
    """The other end: accepts, greets as the bridge does, and then says what it is told to."""

    def __init__(self, path: Path) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(1)
        self.peers: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def say(self, *lines: object) -> None:
        for line in lines:
            self.peers[-1].sendall(line if isinstance(line, bytes) else msgspec.json.encode(line) + b"\n")

    def hang_up(self) -> None:
        self.peers[-1].shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()
        for peer in self.peers:
            peer.close()

    def _serve(self) -> None:
        while True:
            try:
                peer, _address = self._listener.accept()
            except OSError:
                return
            self.peers.append(peer)
            requests = peer.makefile("rb")
            for answer in (INFO, state()):
                asked = msgspec.json.decode(requests.readline())
                self.say({"jsonrpc": "2.0", "id": asked["id"], "result": answer})


@pytest.fixture
def news() -> list[News]:
    return []


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    made = Peer(tmp_path / "s")
    yield made
    made.close()


@pytest.fixture
def client(tmp_path: Path, news: list[News], peer: Peer) -> Iterator[BridgeClient]:
    made = BridgeClient(tmp_path / "s", news.append)
    made.start()
    until(lambda: BridgeUp(INFO, state()) in news, what="the bridge")
    yield made
    made.close()


def test_nonsense_is_passed_over(client: BridgeClient, peer: Peer, news: list[News]) -> None:
    peer.say(b"\n{\n[]\n\xff\n", {"method": "weather", "params": {}}, {"id": 99, "result": {}})
    peer.say({"jsonrpc": "2.0", "method": "state", "params": state(out_of_order=True)})
    until(lambda: StateCame(state(out_of_order=True)) in news, what="what came after the nonsense")
    assert BridgeDown() not in news


def test_a_line_in_pieces_is_one_line(client: BridgeClient, peer: Peer, news: list[News]) -> None:
    line = msgspec.json.encode({"jsonrpc": "2.0", "method": "state", "params": state(out_of_order=True)}) + b"\n"
    for i in range(0, len(line), 7):
        peer.say(line[i : i + 7])
    until(lambda: StateCame(state(out_of_order=True)) in news, what="the state")


def test_what_was_asked_of_a_bridge_that_hangs_up_is_refused_and_it_comes_back(
    client: BridgeClient, peer: Peer, news: list[News]
) -> None:
    request = Pause(job="j1")
    client.ask(request)
    peer.hang_up()
    until(lambda: Refused(request, None) in news, what="the refusal")
    assert BridgeDown() in news
    until(lambda: news.count(BridgeUp(INFO, state())) == 2, what="the bridge again")


def test_a_refusal_carries_its_code(client: BridgeClient, peer: Peer, news: list[News]) -> None:
    request = Pause(job="j1")
    client.ask(request)
    peer.say({"jsonrpc": "2.0", "id": 3, "error": {"code": 2, "message": "not now"}})
    until(lambda: Refused(request, ErrorCode.NOT_NOW) in news, what="the refusal")


def test_files_that_are_gone_are_said_so(
    client: BridgeClient, news: list[News], collection: Path, tmp_path: Path
) -> None:
    piece = Piece(world(collection).pieces[0].entry, tmp_path / "gone")
    request = Submit(card="toren-1", personal=False, estimate_s=1, grams=1)
    client.ask(request, piece, INFO.profile)
    assert Refused(request, None, files_gone=True) in news
    client.ask(request, piece, "no-such-profile")
    assert news.count(Refused(request, None, files_gone=True)) == 2


def test_without_a_bridge_a_wish_is_refused_at_once(tmp_path: Path, news: list[News]) -> None:
    client = BridgeClient(tmp_path / "nobody", news.append)
    client.start()
    until(lambda: BridgeDown() in news, what="no bridge")
    client.ask(Pause(job="j1"))
    assert Refused(Pause(job="j1"), None) in news
    client.close()

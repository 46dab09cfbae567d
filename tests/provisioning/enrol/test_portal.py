"""Networks that want a web page accepted first, as real HTTP servers; and the region, which shows its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from support.enrolment import PACKAGES_KEY, Kiosk, enrolment_service
from support.programs import free_port

from provisioning import setup_file
from provisioning.enrol import portal
from provisioning.enrol.checks import Tick, checks
from provisioning.enrol.look import look

PAGE = b"<html><body>Welkom! Aanvaard de voorwaarden.</body></html>"
HERE = "127.0.0.1"


@contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[int]:
    """A server that says the same whatever is asked; its port."""

    class Handler(BaseHTTPRequestHandler):
        asked: ClassVar[list[str]] = []

        def do_GET(self) -> None:
            self.asked.append(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer((HERE, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
    assert set(Handler.asked) <= {portal.PATH}


@pytest.mark.parametrize(
    ("status", "body", "location"),
    [(200, PAGE, ""), (302, b"", "https://login.example.org/"), (511, PAGE, ""), (200, b"", ""), (204, b"", "")],
)
def test_who_answers_something_else_stands_before_the_region(status: int, body: bytes, location: str) -> None:
    with answering(status, body, **({"Location": location} if location else {})) as port:
        assert portal.answers_for(HERE, port)


def test_the_region_itself_and_nobody_at_all_do_not() -> None:
    with answering(200, PACKAGES_KEY.encode()) as port:
        assert not portal.answers_for(HERE, port)
    assert not portal.answers_for(HERE, free_port())


@pytest.mark.parametrize("is_enrolled", [False, True])
def test_the_ticks_say_so_before_and_after_the_enrolment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_enrolled: bool
) -> None:
    kiosk = Kiosk(tmp_path / "kiosk")
    kiosk.folder.mkdir()
    with enrolment_service(tmp_path / "region") as region:
        setup = setup_file.text(region.setup())
        if is_enrolled:
            kiosk.stick.write_text(setup)
            kiosk.enrol()
        else:
            (kiosk.identity.folder / "setup.toml").write_text(setup)
            kiosk.status.write_text('{"step": "fetch_root", "trouble": "nonsense", "message": "no JSON"}')
    # The region is gone; somebody else answers in its place.
    for body, expected in ((PAGE, Tick.BAD), (PACKAGES_KEY.encode(), Tick.GOOD)):
        with answering(200, body) as port:
            monkeypatch.setattr(portal, "PORT", port)
            network = checks(look(kiosk.identity.folder, kiosk.status, tmp_path / "none"))[0]
        assert network.tick is expected, network
        assert ("webpagina" in network.sentence) == (expected is Tick.BAD)

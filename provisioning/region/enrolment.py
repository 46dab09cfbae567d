"""The region's enrolment service: HTTPS for kiosks alone. `python -m provisioning.region.enrolment`

    GET  /v1/root                               the root certificate (PEM); the kiosk checks it against its pin
    POST /v1/enrol  {"code", "request"}         {"kiosk", "library", "certificate", "broker": {"host", "port"},
                                                "packages": {"url", "key"}}
    POST /v1/renew  {"certificate", "request"}  {"certificate"}; over mutual TLS while the certificate lives

A refusal is 403 (429: wait) with {"reason", "message"}; the message is Dutch and stands on the kiosk's screen.
"""

import argparse
import contextlib
import json
import logging
import socket
import ssl
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from cryptography import x509

from provisioning.ca.authority import Authority, Refused
from provisioning.ca.signer import AuthorityError
from provisioning.region import config
from provisioning.region.guesses import Guesses

log = logging.getLogger(__name__)

MOST_BYTES: Final = 16_384
TIMEOUT_S: Final = 10.0
LONGEST_S: Final = 30.0
MOST_AT_ONCE: Final = 32


class Service(ThreadingHTTPServer):
    """One thread a connection, so that one that says nothing holds up nobody; at most MOST_AT_ONCE of them."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, settings: config.RegionConfig, address: str) -> None:
        self.settings = settings
        self.guesses = Guesses()
        self.guessing = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__((address, settings.enrol_port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        # TIMEOUT_S bounds a silence; this bounds one who says a byte now and then.
        other = request.dup()
        end = threading.Timer(LONGEST_S, _hang_up, (other,))
        end.daemon = True
        end.start()
        try:
            wire = self._encrypted(request)
            if wire is not None:
                super().process_request_thread(wire, client_address)
        finally:
            end.cancel()
            other.close()
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.info("%s went away: %s", client_address[0], sys.exc_info()[1])

    def _encrypted(self, request: socket.socket) -> ssl.SSLSocket | None:
        """The handshake, in the connection's own thread; the certificate is read anew, for it is renewed."""
        request.settimeout(TIMEOUT_S)
        pki = self.settings.authority / "pki"
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.load_cert_chain(pki / "broker.crt", pki / "broker.key")
            context.load_verify_locations(pki / "ca.crt")
            context.verify_mode = ssl.CERT_OPTIONAL
            return context.wrap_socket(request, server_side=True)
        except OSError as error:  # also SSLError, and a file that is missing
            log.info("no TLS: %s", error)
            self.shutdown_request(request)
            return None


def _hang_up(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection. The authority is opened for each request: its state is on the disk."""

    server: Service
    protocol_version = "HTTP/1.0"
    server_version = "maakhoek"
    sys_version = ""

    def do_GET(self) -> None:
        if self.path != "/v1/root":
            self._answer(404, {"reason": "unknown", "message": "Dit adres bestaat niet."})
            return
        self._answer(200, {"certificate": (self.server.settings.authority / "root.crt").read_text()})

    def do_POST(self) -> None:
        does = {"/v1/enrol": self._enrol, "/v1/renew": self._renew}.get(self.path)
        if does is None:
            self._answer(404, {"reason": "unknown", "message": "Dit adres bestaat niet."})
            return
        try:
            asked = self._asked()
            authority = Authority(self.server.settings.authority)
            try:
                self._answer(200, does(authority, asked))
            finally:
                authority.close()
        except Refused as refused:
            log.info("%s: %s refused: %s", self.client_address[0], self.path, refused.reason)
            status = 429 if refused.reason == "too_many" else 403
            self._answer(status, {"reason": refused.reason, "message": str(refused)})
        except AuthorityError as error:
            log.error("%s", error)
            self._answer(503, {"reason": "unready", "message": "De regio is nog niet klaar. Bel de regio."})

    def _enrol(self, authority: Authority, asked: dict[str, str]) -> dict[str, Any]:
        address, now = self.client_address[0], datetime.now(UTC)
        packages = {"url": self.server.settings.packages_url, "key": self._packages_key()}
        with self.server.guessing:
            if self.server.guesses.must_wait(address, time.monotonic()):
                raise Refused("too_many", "Te veel foute codes. Wacht een uur en probeer dan opnieuw.")
        try:
            enrolled = authority.enrol(asked.get("code", ""), asked.get("request", ""), now, address)
        except Refused as refused:
            with self.server.guessing:
                self.server.guesses.was_wrong(address, time.monotonic())
            authority.note(now, address, "enrol refused", refused.reason)
            raise
        log.info("%s: enrolled %s", address, enrolled.kiosk)
        settings = self.server.settings
        broker = {"host": settings.host, "port": settings.broker_port}
        return {
            "kiosk": enrolled.kiosk,
            "library": enrolled.library,
            "certificate": enrolled.chain,
            "broker": broker,
            "packages": packages,
        }

    def _packages_key(self) -> str:
        path = self.server.settings.packages_key
        try:
            return path.read_text(encoding="ascii")
        except OSError as error:
            raise AuthorityError(f"{path}: {error.strerror}; `maakhoek-region setup` makes it") from None

    def _renew(self, authority: Authority, asked: dict[str, str]) -> dict[str, Any]:
        now = datetime.now(UTC)
        current = self._shown(asked, now)
        chain = authority.renew(current, asked.get("request", ""), now, self.client_address[0])
        return {"certificate": chain}

    def _shown(self, asked: dict[str, str], now: datetime) -> x509.Certificate:
        """What TLS has verified; only one that has expired may come as text, see `ca.renewal`."""
        assert isinstance(self.connection, ssl.SSLSocket)
        shown = self.connection.getpeercert(binary_form=True)
        if shown:
            return x509.load_der_x509_certificate(shown)
        try:
            current = x509.load_pem_x509_certificate(asked.get("certificate", "").encode())
        except ValueError:
            raise Refused("bad_request", "Er is geen certificaat getoond.") from None
        if now <= current.not_valid_after_utc:
            raise Refused("bad_request", "Een certificaat dat nog geldt, wordt in TLS getoond.")
        return current

    def _asked(self) -> dict[str, str]:
        try:
            length = int(self.headers.get("Content-Length", "0"))
            if not 0 < length <= MOST_BYTES:
                self.rfile.read(min(length, 4 * MOST_BYTES))  # else the answer is lost with what was not read
                raise ValueError("its length")
            asked = json.loads(self.rfile.read(length))
            if not isinstance(asked, dict) or not all(isinstance(value, str) for value in asked.values()):
                raise ValueError("not an object of texts")
        except ValueError as error:
            raise Refused("bad_request", f"De vraag is niet te lezen ({error}).") from None
        return asked

    def _answer(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Said above, in our words."""


def main() -> int:
    """Serve until ended."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.region.enrolment", description=__doc__)
    parser.add_argument("--config", type=Path, default=config.CONFIG)
    parser.add_argument("--address", default="0.0.0.0", help="to listen on (all)")
    a = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        settings = config.load(a.config)
        Authority(settings.authority).close()
    except (config.RegionError, AuthorityError) as error:
        print(error, file=sys.stderr)
        return 2
    with Service(settings, a.address) as service:
        log.info("serving https://%s:%d", a.address, settings.enrol_port)
        service.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())

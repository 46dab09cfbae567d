"""Handing letters to a mail server: what it refuses, and whom it is not told to."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from support.certificates import Authority
from support.mail_server import mail_server
from support.programs import free_port

from dashboard.alerts.letter import Letter
from dashboard.alerts.post import PostError, PostOffice
from dashboard.config import Mail


class Refusing:
    """Takes no address."""

    async def handle_RCPT(self, *_: Any) -> str:  # noqa: N802  aiosmtpd's name
        return "550 5.1.1 nobody@example.org is not here"


@contextmanager
def _controller(handler: object, **options: Any) -> Iterator[int]:
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


LETTER = Letter("nobody@example.org", "s", "b")


def test_what_the_server_refuses_is_said_without_the_address() -> None:
    with (
        _controller(Refusing()) as port,
        pytest.raises(PostError, match=r"refuses the address \(550\)") as refused,
    ):
        PostOffice(Mail("127.0.0.1", "printers@example.org", port, starttls=False)).send(LETTER)
    assert "nobody@" not in str(refused.value)


def test_a_server_without_starttls_gets_nothing_when_it_should_have_it() -> None:
    with _controller(Refusing()) as port, pytest.raises(PostError, match="SMTPNotSupportedError"):
        PostOffice(Mail("127.0.0.1", "printers@example.org", port)).send(LETTER)


def test_a_server_that_is_away() -> None:
    with pytest.raises(PostError, match="ConnectionRefusedError"):
        PostOffice(Mail("127.0.0.1", "printers@example.org", free_port(), starttls=False)).send(LETTER)


def test_a_certificate_of_somebody_else_is_not_believed(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server, pytest.raises(PostError, match="CERTIFICATE_VERIFY_FAILED"):
        PostOffice(Mail("127.0.0.1", "printers@example.org", server.port)).send(LETTER)
    assert server.letters() == []


def test_name_and_password_are_those_of_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only after STARTTLS: the server does not offer it before."""
    authority = Authority(tmp_path)
    identity = authority.issue_broker()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.certificate, identity.key)
    seen: list[tuple[bytes, bytes]] = []
    taken: list[bytes] = []

    def authenticator(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"een geheim", handled=False)

    class Taking:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            taken.append(envelope.content)
            return "250 OK"

    secret = tmp_path / "password"
    secret.write_text("een geheim\n")
    options = {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": authenticator,
    }
    with _controller(Taking(), **options) as port:
        mail = Mail("127.0.0.1", "printers@example.org", port, user="printers", password_file=str(secret))
        PostOffice(mail).send(LETTER)
        secret.write_text("een oud geheim\n")
        with pytest.raises(PostError, match="SMTPAuthenticationError 535"):
            PostOffice(mail).send(LETTER)
    assert seen[0] == (b"printers", b"een geheim") and len(taken) == 1
    assert b"Auto-Submitted: auto-generated" in taken[0]

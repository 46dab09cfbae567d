"""A real mail server: aiosmtpd as a process, with STARTTLS and a mailbox on disk."""

import email
import mailbox
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from support.certificates import Authority
from support.programs import free_port, running
from support.waiting import until


@dataclass(frozen=True)
class MailServer:
    """`folder` keeps what came. `authority`: who signed its certificate."""

    folder: Path
    port: int
    authority: Path

    def letters(self) -> list[EmailMessage]:
        """In the order of their coming."""
        return letters_in(self.folder / "box")


def letters_in(folder: Path) -> list[EmailMessage]:
    """What lies in a Maildir, in the order of its coming."""
    box = mailbox.Maildir(folder, factory=lambda file: _read(file.read()))
    return [letter for _, letter in sorted(box.items(), key=lambda item: float(item[0].split(".")[0]))]


def _read(raw: bytes) -> EmailMessage:
    letter = email.message_from_bytes(raw, policy=default)
    assert isinstance(letter, EmailMessage)
    return letter


@contextmanager
def mail_server(folder: Path, port: int = 0) -> Iterator[MailServer]:
    """It takes letters to anybody, and only after STARTTLS. Started again in a folder it keeps what it had."""
    authority = Authority(folder / "pki")
    identity = authority.issue_broker()
    server = MailServer(folder, port or free_port(), authority.certificate)
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{server.port}"]
    command += ["--tlscert", identity.certificate, "--tlskey", identity.key]
    with running([*command, "-c", "aiosmtpd.handlers.Mailbox", folder / "box"], folder / "mail.log"):
        until(lambda: _listens(server.port), what="the mail server listens")
        yield server


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True

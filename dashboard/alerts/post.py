"""Letters to the library's mail server."""

import smtplib
from pathlib import Path
from typing import Final

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from dashboard.alerts.letter import Letter
from dashboard.config import Mail

TIMEOUT_S: Final = 20
HEADERS: Final = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""RFC 3834: nobody's holiday message comes back."""


class PostError(Exception):
    """The letter was not taken; says why, and no address."""


class PostOffice:
    """One connection a letter: there are few."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    def send(self, letter: Letter) -> None:
        """The server has taken it when this returns. Raises PostError."""
        try:
            message = EmailMessage(
                letter.subject, letter.body, self._mail.sender, [letter.address], headers=HEADERS,
                connection=self._server(),
            )  # fmt: skip
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({str(code) for code, _ in error.recipients.values()})
            raise PostError(f"the server refuses the address ({', '.join(codes)})") from error
        except smtplib.SMTPResponseException as error:
            raise PostError(f"{type(error).__name__} {error.smtp_code}") from error
        except OSError as error:  # smtplib's own errors are some too
            raise PostError(f"{type(error).__name__}: {error}") from error

    def _server(self) -> EmailBackend:
        return EmailBackend(
            host=self._mail.host,
            port=self._mail.port,
            username=self._mail.user or "",
            password=self._password(),
            use_tls=self._mail.starttls,
            timeout=TIMEOUT_S,
        )

    def _password(self) -> str:
        """Read each time: it may be changed while we run."""
        file = self._mail.password_file
        return Path(file).read_text(encoding="utf-8").strip() if file else ""

"""Letters by the real process to a real mail server; rows, words and the page that says who gets any."""

import email.utils
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.test import Client
from support.accounts import make_account, signed_in
from support.broker import mosquitto
from support.certificates import Authority
from support.dashboard import ACCOUNT, Region, prepared
from support.mail_server import MailServer, mail_server
from support.programs import free_port, running
from support.region_rows import kiosk_row, listening
from support.reporting_kiosk import ReportingKiosk, now_ms
from support.waiting import until

from dashboard import models
from dashboard.alerts import readings
from dashboard.alerts.letter import Letter, letter
from dashboard.alerts.policy import NOT_LISTENING, NOT_REPORTING, Due, Notice, Person, Quiet
from dashboard.alerts.post import PostError, PostOffice
from dashboard.config import Mail
from dashboard.pages.status import SILENT_AFTER_MS
from dashboard.rights import Role
from firmware_bridge.contract import Alert, AlertCode, CallReason, Severity, Topic

ADDRESS = "noor@example.org"


# --- rows to what the policy looks at ------------------------------------------------------------------


def _wish(name: str, role: Role, *kiosks: str, **fields: Any) -> models.MailWish:
    return models.MailWish.objects.create(
        user=make_account(name, role, *kiosks), address=f"{name}@example.org", **fields
    )


def test_who_gets_mail(database: None) -> None:
    _wish("operator", Role.OPERATOR, "deinze", "eeklo")
    _wish("admin", Role.ADMIN, language="fr")
    _wish("viewer", Role.VIEWER)
    silent = _wish("silent", Role.ADMIN)
    silent.address = ""
    silent.save()
    gone = _wish("gone", Role.ADMIN)
    gone.user.is_active = False
    gone.user.save()

    people = {person.address.partition("@")[0]: person for person in readings.people()}
    assert people.keys() == {"operator", "admin"}
    assert people["operator"].kiosks == {"deinze", "eeklo"}
    assert people["admin"].kiosks is None and people["admin"].language == "fr"


def test_alarms_and_silence_are_troubles(database: None) -> None:
    listening()
    lost_ms = now_ms() - 3_600_000
    kiosk_row("deinze", online=False, online_since_ms=lost_ms, online_reason="")
    kiosk_row("eeklo", online=False, online_since_ms=lost_ms, online_reason="shutdown")
    kiosk_row("gavere", seen_ms=now_ms() - SILENT_AFTER_MS - 5_000)
    at_home = kiosk_row("zelzate")
    for code, severity, cleared in (
        ("disk_full", "attention", None),
        ("call", "info", None),
        ("closing", "info", 1),
    ):
        models.Alert.objects.create(
            kiosk=at_home, alert=code, code=code, severity=severity, since_ms=7, cleared_ms=cleared
        )

    found = {(t.kiosk, t.what): t for t in readings.troubles([], now_ms())}
    assert found.keys() == {
        ("deinze", NOT_REPORTING),
        ("gavere", NOT_REPORTING),
        ("zelzate", "disk_full"),
        ("zelzate", "call"),
    }
    assert found["deinze", NOT_REPORTING].since_ms == lost_ms
    assert found["zelzate", "call"].in_hand and not found["zelzate", "disk_full"].in_hand


def test_what_was_silent_stays_so_while_nobody_listens_and_until_it_is_heard(database: None) -> None:
    kiosk_row("gavere", seen_ms=now_ms() - 2 * SILENT_AFTER_MS)
    told = [Notice(1, "gavere", NOT_REPORTING, 5, told_ms=6)]
    listening(connected=False)
    assert {t.what for t in readings.troubles(told, now_ms())} == {NOT_REPORTING, NOT_LISTENING}

    models.Listening.objects.update(connected=True, since_ms=now_ms(), alive_ms=now_ms())
    assert [(t.what, t.since_ms) for t in readings.troubles(told, now_ms())] == [(NOT_REPORTING, 5)]

    models.Kiosk.objects.update(seen_ms=now_ms())
    assert readings.troubles(told, now_ms()) == []


def test_notices_are_kept_as_they_are(database: None) -> None:
    user = make_account("noor", Role.ADMIN)
    first = [Notice(user.pk, "deinze", "call", 1, "help"), Notice(user.pk, "", NOT_LISTENING, 2)]
    readings.keep([], first)
    assert sorted(readings.notices(), key=lambda n: n.since_ms) == first
    second = [Notice(user.pk, "deinze", "call", 1, "help", told_ms=3, gone_ms=4)]
    readings.keep(first, second)
    assert readings.notices() == second


# --- words ---------------------------------------------------------------------------------------------

FAULT = Notice(1, "deinze", "printer_fault", 1_763_800_000_000)
LIBRARIES = {"deinze": "Bibliotheek Deinze"}


def _letter(due: Due, language: str = "nl") -> Letter:
    return letter(Person(1, ADDRESS, language, None), due, LIBRARIES, "https://printers.example.org")


def test_one_trouble_stands_in_the_subject_and_says_what_to_do() -> None:
    said = _letter(Due(new=(FAULT,)))
    assert said.subject == "Bibliotheek Deinze: Storing aan de printer"
    assert "Kijk of de printer koud is" in said.body
    assert "https://printers.example.org/printers/deinze/" in said.body


def test_its_end_needs_nothing_more() -> None:
    over = Notice(1, "deinze", "printer_fault", 1, told_ms=2, gone_ms=1_763_800_000_000)
    said = _letter(Due(over=(over,)))
    assert said.subject == "Bibliotheek Deinze: opgelost: Storing aan de printer"
    assert "niets meer te doen" in said.body and "koud" not in said.body


def test_several_are_one_letter() -> None:
    call = Notice(1, "eeklo", AlertCode.CALL.value, 1_763_800_000_000, CallReason.STRANGE.value)
    said = _letter(Due(new=(FAULT, call)))
    assert said.subject == "2 meldingen van de printers"
    assert "eeklo: Een bezoeker roept hulp." in said.body and "een geur of een geluid" in said.body


@pytest.mark.parametrize(("language", "word"), [("fr", "résolu"), ("en", "solved"), ("de", "gelöst")])
def test_in_the_language_of_who_gets_it(language: str, word: str) -> None:
    over = Notice(1, "deinze", NOT_REPORTING, 1, told_ms=2, gone_ms=1_763_800_000_000)
    said = _letter(Due(over=(over,)), language)
    assert word in said.subject and "opgelost" not in said.body and "Wanneer je" not in said.body


# --- the mail server -----------------------------------------------------------------------------------


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


# --- the process ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    region: Region
    mail: MailServer
    kiosk: ReportingKiosk

    def teller(self) -> AbstractContextManager["subprocess.Popen[bytes]"]:
        command = [sys.executable, "-m", "dashboard", "alerts", "--config", self.region.config]
        environment = {**os.environ, "SSL_CERT_FILE": str(self.mail.authority)}
        return running(command, self.region.folder / "alerts.log", env=environment)

    def raise_alarm(self, code: AlertCode) -> None:
        alert = Alert(id=code.value, code=code, severity=Severity.ATTENTION, since_ms=now_ms())
        self.kiosk.publish(Topic.ALERT, alert, leaf=code.value, retain=True)

    def clear(self, code: AlertCode) -> None:
        self.kiosk.publish(Topic.ALERT, b"", leaf=code.value, retain=True)

    def told(self) -> int:
        return int(self.region.one("SELECT count(*) FROM dashboard_notice WHERE told_ms IS NOT NULL"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A region whose admin wants mail, its recorder, one kiosk, and a mail server that is away for now."""
    with mosquitto(tmp_path) as broker:
        region = prepared(tmp_path, broker)
        with mail_server(tmp_path) as mail:
            pass
        with region.config.open("a") as config:
            config.write(f'[mail]\nhost = "127.0.0.1"\nport = {mail.port}\nsender = "printers@example.org"\n')
        user = region.one("SELECT id FROM auth_user WHERE username = ?", ACCOUNT)
        region.database.execute(
            "INSERT INTO dashboard_mailwish (user_id, address, language) VALUES (?, ?, 'nl')", user, ADDRESS
        )
        with region.recorder(), ReportingKiosk("deinze", broker, "Bibliotheek Deinze").connected() as kiosk:
            kiosk.appear()
            until(lambda: region.one("SELECT library FROM dashboard_kiosk"), what="the kiosk is known")
            yield Stage(region, mail, kiosk)


def test_a_trouble_is_told_once_over_a_dead_mail_server_and_a_killed_process(stage: Stage, tmp_path: Path) -> None:
    stage.raise_alarm(AlertCode.DISK_FULL)
    with stage.teller() as teller:
        until(lambda: "is not told" in _log(tmp_path), what="it tries")
        assert stage.told() == 0
        teller.send_signal(signal.SIGKILL)
        teller.wait()
    with mail_server(tmp_path, stage.mail.port) as mail, stage.teller():
        (first,) = until(mail.letters, what="the letter")
        assert first["Subject"] == "Bibliotheek Deinze: De schijf is vol"
        assert email.utils.parseaddr(first["To"])[1] == ADDRESS and first["From"] == "printers@example.org"
        until(stage.told, what="it is noted")
    with mail_server(tmp_path, stage.mail.port) as mail, stage.teller():
        stage.clear(AlertCode.DISK_FULL)
        until(lambda: len(mail.letters()) > 1, 60, what="its end is told")
        assert [one["Subject"].partition(": ")[2] for one in mail.letters()] == [
            "De schijf is vol",
            "opgelost: De schijf is vol",
        ]
        until(
            lambda: stage.region.one("SELECT count(*) FROM dashboard_notice") == 0, what="nothing is left to say"
        )
    assert ADDRESS not in _log(tmp_path)


def test_without_a_mail_server_it_says_what_is_missing(stage: Stage) -> None:
    text = stage.region.config.read_text()
    stage.region.config.write_text(text.partition("[mail]")[0])
    with stage.teller() as teller:
        assert teller.wait(20) == 2
    assert "there is no table `mail`" in _log(stage.region.folder)


def _log(folder: Path) -> str:
    log = folder / "alerts.log"
    return log.read_text() if log.exists() else ""


# --- the page ------------------------------------------------------------------------------------------


def test_everybody_says_where_and_when(database: None) -> None:
    client = signed_in("noor", Role.OPERATOR, "deinze")
    client.post("/account/", {"address": ADDRESS, "quiet_from": "22:00", "quiet_to": "07:30", "language": "fr"})
    (person,) = readings.people()
    assert (person.address, person.language, person.quiet) == (ADDRESS, "fr", Quiet(22 * 60, 7 * 60 + 30))
    assert 'value="22:00"' in client.get("/account/").content.decode()
    assert [row.about for row in models.Audit.objects.filter(act="mail_set")] == [""], "no address in the register"

    client.post("/account/", {"address": "", "quiet_from": "", "quiet_to": "", "language": "nl"})
    assert readings.people() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"address": "noor"}, "Dit is geen e-mailadres."),
        ({"quiet_from": "22:00"}, "begin en een einde"),
        ({"address": "noor@example.org\nBcc: all@example.org"}, "Dit is geen e-mailadres."),
    ],
)
def test_what_makes_no_sense_is_refused(database: None, fields: dict[str, str], said: str) -> None:
    client = signed_in("noor", Role.OPERATOR, "deinze")
    answer = client.post("/account/", {"address": "", "language": "nl"} | fields)
    assert said in answer.content.decode()
    assert not models.MailWish.objects.exists()


def test_who_may_do_nothing_gets_no_mail_and_no_form(database: None) -> None:
    assert 'id="mail"' not in signed_in("an", Role.VIEWER).get("/account/").content.decode()
    assert Client().get("/account/").status_code == 302

"""Letters by the real process to a real mail server."""

import email.utils
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support.broker import mosquitto
from support.browser import chromium
from support.dashboard import ACCOUNT, PASSWORD, Region, prepared
from support.mail_server import MailServer, mail_server
from support.programs import running
from support.reporting_kiosk import ReportingKiosk, now_ms
from support.waiting import until

from firmware_bridge.contract import Alert, AlertCode, Severity, Topic

ADDRESS = "noor@example.org"


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
            "INSERT INTO dashboard_mailwish (user_id, address, asked, asked_told, language)"
            " VALUES (?, ?, '', false, 'nl')",
            user,
            ADDRESS,
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


def test_an_address_is_asked_before_anything_goes_there(stage: Stage, tmp_path: Path) -> None:
    """In a browser: typed, not told of a trouble meanwhile, confirmed by the letter's link, told."""
    stage.region.database.execute("UPDATE dashboard_mailwish SET address = ''")
    with mail_server(tmp_path, stage.mail.port) as mail, stage.teller(), stage.region.server():
        until(stage.region.serves, what="the pages")
        with chromium(tmp_path) as browser:
            browser.get(f"{stage.region.url}account/")
            browser.find_element(By.NAME, "username").send_keys(ACCOUNT)
            browser.find_element(By.NAME, "password").send_keys(PASSWORD + Keys.ENTER)
            field = until(lambda: browser.find_elements(By.NAME, "address"), what="one's own account")[0]
            stage.raise_alarm(AlertCode.DISK_FULL)
            field.send_keys(ADDRESS + Keys.ENTER)
            (asking,) = until(mail.letters, what="the letter that asks")
            assert asking["Subject"] == "Is dit jouw adres?" and asking["To"] == ADDRESS
            (link,) = re.findall(r"http://\S+", asking.get_content())
            assert ADDRESS.partition("@")[0] not in link
            alarm = "SELECT count(*) FROM dashboard_alert WHERE cleared_ms IS NULL"
            until(lambda: stage.region.one(alarm), what="the trouble is known")
            assert stage.told() == 0 and len(mail.letters()) == 1
            browser.get(link)
            until(lambda: "Dit adres is van jou" in browser.page_source, what="it is confirmed")
        told = until(lambda: mail.letters()[1:], what="the letter about the trouble")
        assert told[0]["Subject"] == "Bibliotheek Deinze: De schijf is vol" and told[0]["To"] == ADDRESS
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

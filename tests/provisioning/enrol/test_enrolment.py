"""A kiosk enrols over real HTTPS, and is killed at every single thing that it does to the disk or the network."""

import itertools
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from support.enrolment import PACKAGES_KEY, EnrolmentService, Kiosk, enrolment_service
from support.programs import running
from support.waiting import until

from provisioning import setup_file
from provisioning.ca import certificates
from provisioning.enrol.run import run
from provisioning.enrol.steps import Step
from provisioning.upgrade import source

EVENTS = ("open", "os.rename", "os.remove", "os.chmod", "os.chown", "socket.connect")
"""Of Python's audit: what is done to files and to the network."""


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnrolmentService]:
    with enrolment_service(tmp_path_factory.mktemp("region")) as service:
        yield service


def is_enrolled(kiosk: Kiosk, library: str) -> None:
    """Everything fits, nothing is left over."""
    identity = kiosk.identity
    key = load_pem_private_key(identity.key.read_bytes(), None)
    assert identity.key.stat().st_mode & 0o777 == 0o600
    assert certificates.key_id(kiosk.certificate().public_key()) == certificates.key_id(key.public_key())  # type: ignore[arg-type]
    assert f'library = "{library}"' in identity.file.read_text()
    assert identity.next() is Step.DONE
    assert not kiosk.stick.exists() and not identity.setup.exists()


def test_a_stick_makes_a_kiosk_of_the_region(region: EnrolmentService, tmp_path: Path) -> None:
    kiosk = Kiosk(tmp_path)
    kiosk.stick.write_text(setup_file.text(region.setup("Bibliotheek Aalter")))
    kiosk.enrol()
    is_enrolled(kiosk, "Bibliotheek Aalter")
    assert json.loads(kiosk.status.read_text())["step"] == "done"
    said = [(line.action, line.kiosk) for line in region.authority.register.audit()]
    assert ("enrol", "aalter") in said
    assert b"PRIVATE" not in region.log.read_bytes()


def test_it_knows_whence_new_versions_come_and_is_not_moved_elsewhere(
    region: EnrolmentService, tmp_path: Path
) -> None:
    kiosk, entry = Kiosk(tmp_path), tmp_path / "maakhoek.sources"
    assert not source.take_over(kiosk.identity.file, entry) and not entry.exists()
    kiosk.stick.write_text(setup_file.text(region.setup("Bibliotheek Wingene")))
    kiosk.enrol()
    assert source.take_over(kiosk.identity.file, entry)
    written = entry.read_text()
    assert "URIs: http://127.0.0.1/packages/\n" in written
    key = written.split("Signed-By:\n")[1]
    assert key.replace("\n .\n", "\n\n").replace("\n ", "\n").removeprefix(" ") == PACKAGES_KEY

    moved = kiosk.identity.file.read_text().replace("127.0.0.1/packages", "192.0.2.1/packages")
    kiosk.identity.file.write_text(moved)
    assert source.take_over(kiosk.identity.file, entry)
    assert entry.read_text() == written


def test_without_its_repository_s_key_the_region_lets_nobody_in(tmp_path: Path) -> None:
    with enrolment_service(tmp_path / "region") as region:
        region.settings.packages_key.unlink()
        setup = region.setup("Bibliotheek Lo")
        kiosk = Kiosk(tmp_path / "kiosk")
        kiosk.folder.mkdir()
        kiosk.stick.write_text(setup_file.text(setup))
        with running(kiosk.command(), kiosk.folder / "log"):
            said = until(lambda: kiosk.status.exists() and kiosk.status.read_text(), what="a status")
            assert "nog niet klaar" in said
            assert "maakhoek-region setup" in region.log.read_text()
            region.settings.packages_key.write_text(PACKAGES_KEY)
            until(kiosk.identity.file.exists, 60, "it is enrolled")


def killed_at(kiosk: Kiosk, at: int) -> str:
    """Enrol in a process that kills itself at the at-th event; what it was about to do, '' where it was done."""
    note = kiosk.folder / "note"
    child = os.fork()
    if child == 0:
        seen = 0

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal seen
            said = f"{event} {' '.join(str(argument) for argument in arguments[:2])}"
            if (
                event not in EVENTS
                or (event != "socket.connect" and str(kiosk.folder) not in said)
                or "note" in said
            ):
                return
            seen += 1
            if seen == at:
                note.write_text(said)
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        os._exit(0 if run(kiosk.identity, kiosk.status, threading.Event()) else 1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return note.read_text()
    assert os.WEXITSTATUS(status) == 0
    return ""


def test_killed_at_every_step_it_goes_on_and_is_one_kiosk(region: EnrolmentService, tmp_path: Path) -> None:
    reached = []
    for at in itertools.count(1):
        kiosk = Kiosk(tmp_path / str(at))
        kiosk.folder.mkdir()
        library = f"Bibliotheek Stap {at}"
        kiosk.stick.write_text(setup_file.text(region.setup(library)))
        event = killed_at(kiosk, at)
        assert run(kiosk.identity, kiosk.status, threading.Event())
        is_enrolled(kiosk, library)
        assert len(region.authority.register.certificates(f"stap-{at}")) == 1
        if not event:
            break
        reached.append(event)
    # Among them: before and after each file that matters, and before each connection.
    for moment in ("setup.toml", "kiosk.key", "root.crt", "kiosk.crt", "identity.toml", "connect", "sda1"):
        assert any(moment in event for event in reached), (moment, reached)


def test_the_same_setup_file_in_a_second_kiosk_is_refused(region: EnrolmentService, tmp_path: Path) -> None:
    words = setup_file.text(region.setup("Bibliotheek Tielt"))
    first, second = Kiosk(tmp_path / "1"), Kiosk(tmp_path / "2")
    for kiosk in (first, second):
        kiosk.folder.mkdir()
        kiosk.stick.write_text(words)
    first.enrol()
    with running(second.command(), second.folder / "log"):
        said = until(lambda: second.status.exists() and json.loads(second.status.read_text()), what="a status")
        assert said["trouble"] == "refused" and "al gebruikt door een ander toestel" in said["message"]
        # Another stick, with a file of its own, helps at once.
        second.stick.write_text(setup_file.text(region.setup("Bibliotheek Tielt")))
        until(second.identity.file.exists, 30, "it is enrolled")


def test_a_region_that_only_pretends_is_not_told_the_code(region: EnrolmentService, tmp_path: Path) -> None:
    kiosk = Kiosk(tmp_path / "kiosk")
    kiosk.folder.mkdir()
    with enrolment_service(tmp_path / "false") as false_region:
        genuine = region.setup("Bibliotheek Zulte")
        words = setup_file.text(genuine).replace(genuine.region, false_region.settings.enrol_url)
        kiosk.stick.write_text(words)
        with running(kiosk.command(), kiosk.folder / "log"):
            said = until(lambda: kiosk.status.exists() and json.loads(kiosk.status.read_text()), what="a status")
            assert said["trouble"] == "not_our_region"
        assert false_region.authority.register.audit() == []
    assert not kiosk.identity.root.exists()


def test_no_network_and_a_broken_file_are_said(tmp_path: Path, region: EnrolmentService) -> None:
    kiosk = Kiosk(tmp_path)
    kiosk.stick.write_text("version = 1\nlibrary = 'x'\n")

    def status() -> dict[str, str]:
        return json.loads(kiosk.status.read_text()) if kiosk.status.exists() else {}

    with running(kiosk.command(), kiosk.folder / "log"):
        until(lambda: status().get("trouble") == "setup_file" and "`region`" in status()["message"], what="a file")
        good = region.setup("Bibliotheek Nevele")
        unreachable = setup_file.text(good).replace(good.region, "https://127.0.0.1:9")
        kiosk.stick.write_text(unreachable)
        until(lambda: status().get("trouble") == "unreachable", what="the network")
        kiosk.stick.write_text(setup_file.text(good))
        until(kiosk.identity.file.exists, 30, "it is enrolled")


def test_an_enrolled_kiosk_does_not_look_at_sticks(region: EnrolmentService, tmp_path: Path) -> None:
    kiosk = Kiosk(tmp_path)
    kiosk.stick.write_text(setup_file.text(region.setup("Bibliotheek Deerlijk")))
    kiosk.enrol()
    before = kiosk.identity.file.read_text()
    kiosk.stick.write_text(setup_file.text(region.setup("Bibliotheek Elders")))
    kiosk.enrol()
    assert kiosk.identity.file.read_text() == before and kiosk.stick.exists()

"""`maakhoek-admin` as it is run at the region's desk."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from provisioning import setup_file

PASSPHRASE = "zes woorden op een papiertje\n"


class Desk:
    """A folder with a stick, an authority and what is handed out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "stick").mkdir()
        self.authority = folder / "authority"
        (folder / "region.toml").write_text(
            f'name = "Leie"\nhost = "region.example.org"\nauthority = "{self.authority}"\n'
        )

    def say(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """The command, whatever comes of it."""
        command = [sys.executable, "-m", "provisioning.region.admin", "--config", str(self.folder / "region.toml")]
        return subprocess.run([*command, *words], input=stdin, capture_output=True, text=True, timeout=60)

    def hold_ceremony(self, *more: str) -> subprocess.CompletedProcess[str]:
        where = ["--stick", str(self.folder / "stick"), "--folder", str(self.authority)]
        return self.say("ceremony", *where, "--passphrase-from-stdin", *more, stdin=PASSPHRASE)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_from_the_ceremony_to_a_stopped_kiosk(desk: Desk) -> None:
    assert "fingerprint" in desk.hold_ceremony().stdout
    out = desk.folder / "out"
    said = desk.say("new", "--library", "Bibliotheek Deinze", "--out", str(out))
    assert said.returncode == 0, said.stderr
    file = out / "deinze" / setup_file.NAME
    first = setup_file.load(file)
    assert first.region == "https://region.example.org:8443"
    assert file.stat().st_mode & 0o777 == 0o600
    assert (out / "deinze" / "kaart.html").stat().st_mode & 0o777 == 0o600
    assert desk.say("again", "deinze", "--out", str(out)).returncode == 0
    assert setup_file.load(file).code != first.code
    assert desk.say("stop", "deinze").returncode == 0
    assert (desk.authority / "pki" / "stopped").read_text() == "deinze\n"
    assert "STOPPED" in desk.say("list").stdout
    told = json.loads(desk.say("list", "--json").stdout)
    assert told == {"id": "deinze", "library": "Bibliotheek Deinze", "stopped": True, "until": None}
    assert desk.say("resume", "deinze").returncode == 0
    assert "STOPPED" not in desk.say("list").stdout
    audit = desk.say("audit").stdout
    assert [audit.find(f" {word} ") for word in ("new", "again", "stop", "resume")] == sorted(
        audit.find(f" {word} ") for word in ("new", "again", "stop", "resume")
    )
    assert " resume " in audit and first.code not in audit


def test_what_cannot_be_done_says_the_remedy(desk: Desk) -> None:
    assert "hold the ceremony first" in desk.say("new", "--library", "Bibliotheek Deinze").stderr
    desk.hold_ceremony()
    again = desk.hold_ceremony()
    assert again.returncode == 2 and "maakhoek-region replace" in again.stderr
    unknown = desk.say("stop", "gent")
    assert unknown.returncode == 2 and "maakhoek-admin list" in unknown.stderr
    elsewhere = desk.say("--config", str(desk.folder / "none.toml"), "list")
    assert elsewhere.returncode == 2 and "maakhoek-region setup" in elsewhere.stderr


def test_a_lost_server_gets_a_new_intermediate_under_the_same_root(desk: Desk) -> None:
    desk.hold_ceremony()
    root = (desk.authority / "root.crt").read_bytes()
    for path in desk.authority.iterdir():
        path.unlink()
    assert desk.hold_ceremony("--again").returncode == 0
    assert (desk.authority / "root.crt").read_bytes() == root

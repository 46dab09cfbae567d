"""Runs in the guest: a kiosk's enrolment on a disk that outlives a power cut, with the region outside."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from slow.guest.line import Line

from provisioning import files, setup_file
from provisioning.ca.certificates import key_id
from provisioning.enrol.identity import Identity


class EnrolAgent:
    """`disk` holds a folder for each kiosk, with the stick in it: that one stays as well."""

    def __init__(self, line: Line, disk: Path) -> None:
        self._line = line
        self._disk = disk

    def do_stick(self, kiosk: str, words: str) -> None:
        """A new kiosk, and its setup file on a stick."""
        stick = self._stick(kiosk) / "sda1"
        stick.mkdir(parents=True)
        (self._disk / kiosk / "identity").mkdir()
        files.write(stick / setup_file.NAME, words)
        for folder in (stick, *stick.parents):
            files.sync_folder(folder)

    def do_enrol(self, kiosk: str) -> None:
        """Begin, or go on; each step is told when it is done, and the end."""
        command = (sys.executable, "-m", "provisioning.enrol", "--folder", str(self._disk / kiosk / "identity"))
        options = ("run", "--source", str(self._stick(kiosk)), "--status", "/run/status.json")
        process = subprocess.Popen((*command, *options), stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self._watch, args=(process,), daemon=True).start()

    def do_look(self, kiosk: str) -> Any:
        """What is on the disk: the next step, the key, whose the certificate is, the setup files."""
        identity = Identity(self._disk / kiosk / "identity", (self._stick(kiosk),))
        look = {"step": identity.next().name, "key": "", "certificate": ""}
        if identity.key.exists():
            key = load_pem_private_key(identity.key.read_bytes(), None)
            look["key"] = key_id(key.public_key())  # type: ignore[arg-type]
        if identity.certificate.exists():
            newest = x509.load_pem_x509_certificates(identity.certificate.read_bytes())[0]
            look["certificate"] = key_id(newest.public_key())  # type: ignore[arg-type]
        return look | {"setup_files": sum(1 for _ in (self._disk / kiosk).rglob("*.toml"))}

    def _stick(self, kiosk: str) -> Path:
        return self._disk / kiosk / "sticks"

    def _watch(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self._line.tell("step", line.strip())
        self._line.tell("ended", str(process.wait()))


if __name__ == "__main__":
    line = Line(sys.argv[1])
    line.serve(EnrolAgent(line, Path("/run/disk")))

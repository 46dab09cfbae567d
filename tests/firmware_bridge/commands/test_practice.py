"""A bridge for training: says when it can be spoken to, keeps to its folder, and ends with who started it."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.bridge_client import client

from firmware_bridge.contract import PRACTICE_PIN
from firmware_bridge.profile import profile_ids

COMMAND = (sys.executable, "-m", "firmware_bridge", "practice")


@pytest.mark.parametrize("profile", profile_ids())
def test_its_printer_answers_on_every_profile_and_all_of_it_ends_with_its_input(
    tmp_path: Path, profile: str
) -> None:
    words = (f"--folder={tmp_path}", f"--profile={profile}", "--library=Bib", "--colour=#112233", "--speed=50")
    running = subprocess.Popen([*COMMAND, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert running.stdin and running.stdout
    try:
        assert running.stdout.readline() == b"ready\n"
        with client(tmp_path / "bridge.sock") as asked:
            info = asked.call("hello")
            assert (info["practice"], info["profile"], info["library"]) == (True, profile, "Bib")
            assert info["spool"]["colour"] == "#112233"
            assert asked.call("staff.unlock", pin=PRACTICE_PIN)["role"] == "technician"
        running.stdin.close()
        assert running.wait(30) == 0
        assert not (tmp_path / "printer").exists(), "its simulated printer is gone"
    finally:
        running.kill()
        running.wait()


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    done = subprocess.run([*COMMAND, f"--folder={tmp_path}", "--profile=ender9"], capture_output=True, text=True)
    assert done.returncode == 2 and "ender9" in done.stderr

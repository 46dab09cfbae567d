"""`python -m firmware_bridge pin`, as a process: the PIN goes in on standard input and shows nowhere."""

import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.bridge_client import BridgeError, client
from support.hand_bridge import hand_bridge, write_config
from support.waiting import until


def pin(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    config = folder / "bridge.toml"
    if not config.exists():
        write_config(folder)
    command = [sys.executable, "-m", "firmware_bridge", "pin", *words, "--config", str(config)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=120)


def test_a_pin_from_a_pipe_unlocks(tmp_path: Path) -> None:
    said = pin(tmp_path, "staff", typed="4711\n")
    assert (said.returncode, said.stderr) == (0, "")
    assert "4711" not in said.stdout
    assert stat.S_IMODE((tmp_path / "data" / "pins.json").stat().st_mode) == 0o600
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        assert kiosk.call("staff.unlock", pin="4711")["role"] == "staff"
        assert pin(tmp_path, "staff", "--remove").returncode == 0
        with pytest.raises(BridgeError, match="pin staff"):
            kiosk.call("staff.unlock", pin="4711")


@pytest.mark.parametrize(("typed", "word"), [("", "digits"), ("12\n", "digits"), ("1111\n", "first that anybody")])
def test_what_is_not_taken_says_why(tmp_path: Path, typed: str, word: str) -> None:
    said = pin(tmp_path, "coach", typed=typed)
    assert (said.returncode, word in said.stderr) == (1, True)
    assert not (tmp_path / "data" / "pins.json").exists()


def test_a_role_that_has_no_pin(tmp_path: Path) -> None:
    assert pin(tmp_path, "visitor", typed="4711\n").returncode == 2


def test_a_person_types_it_twice_and_nothing_is_echoed(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    child, terminal = pty.fork()
    if child == 0:
        words = ["-m", "firmware_bridge", "pin", "technician", "--config", str(config)]
        os.execv(sys.executable, [sys.executable, *words])
    shown = b""

    def read_until(what: bytes) -> None:
        nonlocal shown
        while what not in shown:
            shown += os.read(terminal, 1024)

    read_until(b"digits): ")
    os.write(terminal, b"8061\n")
    read_until(b"once more: ")
    os.write(terminal, b"8061\n")
    read_until(b"from now on")
    _, status = until(lambda: (done := os.waitpid(child, os.WNOHANG))[0] and done, what="it ends")
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    assert b"8061" not in shown

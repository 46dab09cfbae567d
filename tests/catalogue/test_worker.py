"""The slicing worker as a real process, with the real slicer."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from support.programs import program, unshared_mounts
from support.waiting import until

from catalogue.cards import Entry
from catalogue.packs import read_mesh, read_toolpath

SECRET = "Quirijn"


def request(out: Path, name: str = SECRET, **more: object) -> str:
    wish = {"card": "sleutelhanger", "profile": "prusa-mk3s", "values": {"name": name}, "out": str(out), **more}
    return json.dumps(wish) + "\n"


def answers(result: subprocess.CompletedProcess[str]) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_name_becomes_a_tag_that_can_be_printed(catalogue, tmp_path):
    program("prusa-slicer")
    result = catalogue("worker", stdin=request(tmp_path))
    assert result.returncode == 0, result.stderr
    *progress, last = answers(result)
    entry = msgspec.convert(last["done"], Entry)
    facts = entry.prints["prusa-mk3s"]
    assert [told["progress"] for told in progress] == sorted(told["progress"] for told in progress)
    assert list(dict.fromkeys(told["step"] for told in progress)) == ["shape", "slicing", "checking", "pictures"]
    assert {path.name for path in tmp_path.iterdir()} == {entry.mesh, entry.picture, facts.gcode, facts.toolpath}
    assert len(read_toolpath(tmp_path / facts.toolpath).layer_z) == facts.layers
    assert np_size(tmp_path / entry.mesh) == pytest.approx(entry.size_mm, abs=0.02)
    assert SECRET not in result.stderr
    assert SECRET.encode() not in (tmp_path / facts.gcode).read_bytes()


def np_size(pack: Path) -> list[float]:
    low, high = read_mesh(pack).bounds
    return [float(value) for value in high - low]


def test_a_preview_has_the_mesh_alone_and_comes_at_once_when_the_worker_stands_ready(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "catalogue", "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as worker:
        until(lambda: stands_ready(worker.pid), what="the worker stands ready")
        begun = time.monotonic()
        output, _ = worker.communicate(request(tmp_path, preview=True), timeout=30)
        seconds = time.monotonic() - begun
    entry = msgspec.convert(json.loads(output.splitlines()[-1])["done"], Entry)
    assert worker.returncode == 0
    assert entry.prints == {} and entry.picture == ""
    assert {path.name for path in tmp_path.iterdir()} == {"model.npz"}
    assert seconds < 3


def stands_ready(pid: int) -> bool:
    """All its libraries are loaded and it sleeps: it reads its standard input."""
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state == "S" and "mapbox_earcut" in Path(f"/proc/{pid}/maps").read_text()


@pytest.mark.parametrize(
    ("name", "code", "letters"),
    [
        ("   ", "text_empty", ""),
        ("Maximiliaantje", "text_too_long", ""),
        ("Li 李☃", "letters_missing", "李☃"),
    ],
)
def test_a_text_that_cannot_be_made_has_its_code(catalogue, tmp_path, name, code, letters):
    result = catalogue("worker", stdin=request(tmp_path, name))
    error = answers(result)[-1]["error"]
    assert (result.returncode, error["code"], error["letters"]) == (1, code, letters)
    assert name.strip() == "" or name not in error["detail"] + result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "line",
    [
        "no json\n",
        '{"card": "sleutelhanger"}\n',
        '{"card": "x", "profile": "prusa-mk3s", "values": {}, "out": "/nowhere"}\n',
        '{"card": "munt", "profile": "x", "values": {}, "out": "/nowhere"}\n',
        '{"card": "munt", "profile": "ender3", "values": {}, "out": "/nowhere"}\n',
        "[1, 2]\n",
    ],
)
def test_a_request_that_makes_no_sense_gets_an_answer(catalogue, line):
    result = catalogue("worker", stdin=line)
    assert result.returncode == 1
    error = answers(result)[-1]["error"]
    assert error["code"] == "slicing_failed" and error["detail"]
    assert "Traceback" not in result.stderr


def test_nothing_asked_is_no_success(catalogue):
    result = catalogue("worker", stdin="")
    assert (result.returncode, result.stdout) == (1, "")


def test_a_missing_slicer_is_told_and_nothing_is_left(catalogue, tmp_path):
    environment = {**os.environ, "PATH": str(tmp_path / "empty")}
    out = tmp_path / "out"
    out.mkdir()
    result = catalogue("worker", stdin=request(out), env=environment)
    error = answers(result)[-1]["error"]
    assert error["code"] == "slicer_missing"
    assert "prusa-slicer" in error["detail"]
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("room", ["8k", "1200k"], ids=["for the shape", "for the G-code"])
def test_a_full_disk_is_told_and_nothing_is_left(tmp_path, room):
    """A real one, that has room for so much."""
    program("prusa-slicer")
    worker = f"{sys.executable} -m catalogue worker; ls -A {tmp_path}"
    script = f"mount -t tmpfs -o size={room} none {tmp_path} && {worker}"
    command = [*unshared_mounts(), "sh", "-c", script]
    result = subprocess.run(command, input=request(tmp_path), capture_output=True, text=True)
    error = answers(result)[-1]["error"]
    assert error["code"] == "disk_full" and SECRET not in result.stderr


def test_ended_in_the_middle_it_leaves_no_file_and_no_slicer(tmp_path):
    program("prusa-slicer")
    with subprocess.Popen(
        [sys.executable, "-m", "catalogue", "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdin and worker.stdout
        worker.stdin.write(request(tmp_path, "Bartholomeus"))
        worker.stdin.close()
        for line in worker.stdout:
            if json.loads(line)["step"] == "slicing":
                break
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 1
    assert list(tmp_path.iterdir()) == []
    until(lambda: not processes_about(tmp_path), what="the slicer is gone")


def processes_about(folder: Path) -> list[str]:
    """Ids of the processes with the folder in their arguments."""
    found = []
    for arguments in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(folder).encode() in arguments.read_bytes():
                found.append(arguments.parent.name)
    return found

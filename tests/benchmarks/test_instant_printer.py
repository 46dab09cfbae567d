"""The printer that all hosts are measured on: if it were lenient or wrong, the figures would be."""

import json
import os
import select
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "instant_printer.py"
FIRST, LAST = 2, 3


class Wire:
    """The host's end of the line, and what the printer reports to whoever measures."""

    def __init__(self, process: subprocess.Popen[str], link: Path) -> None:
        self._process = process
        assert self.report()["event"] == "ready"
        self._descriptor = os.open(link, os.O_RDWR | os.O_NOCTTY)
        self._buffer = b""
        assert self.line() == "start"

    def ask(self, text: str) -> str:
        """Write one line; the first line that comes back."""
        os.write(self._descriptor, f"{text}\n".encode())
        return self.line()

    def line(self) -> str:
        """The printer's next line."""
        while b"\n" not in self._buffer:
            assert select.select([self._descriptor], [], [], 10)[0], "the printer is silent"
            self._buffer += os.read(self._descriptor, 4096)
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode()

    def report(self) -> dict[str, object]:
        """The next thing that it says to whoever measures."""
        assert self._process.stdout is not None
        report: dict[str, object] = json.loads(self._process.stdout.readline())
        return report

    def stop(self) -> dict[str, object]:
        """End it; its counts."""
        self._process.terminate()
        return self.report()

    def close(self) -> None:
        os.close(self._descriptor)


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    link = tmp_path / "printer"
    command = [sys.executable, SCRIPT, "--link", link, "--first", str(FIRST), "--last", str(LAST)]
    with subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True) as process:
        opened = Wire(process, link)
        try:
            yield opened
        finally:
            opened.close()
            process.kill()


def framed(number: int, command: str) -> str:
    line = f"N{number} {command}"
    checksum = 0
    for byte in line.encode():
        checksum ^= byte
    return f"{line}*{checksum}"


def test_moves_are_counted_and_summed_in_their_order(wire: Wire) -> None:
    moves = ["G1 X1 Y2", "G0 Z3", "G1 X4 E0.5"]
    assert wire.ask(framed(0, "M110 N0")) == "ok"
    for number, command in enumerate(["G28", *moves, "M84"], 1):
        assert wire.ask(framed(number, command)) == "ok"
    assert [wire.report()["event"], wire.report()["event"]] == ["first", "last"]
    counts = wire.stop()
    crc = 0
    for move in moves:
        crc = zlib.crc32(move.encode(), crc)
    assert (counts["moves"], counts["moves_crc"], counts["errors"]) == (3, crc, 0)


def test_a_damaged_line_is_asked_for_again_and_not_executed(wire: Wire) -> None:
    wire.ask(framed(0, "M110 N0"))
    damaged = framed(1, "G1 X10").replace("X10", "X18")
    assert wire.ask(damaged) == "Error:checksum mismatch, Last Line: 0"
    assert [wire.line(), wire.line()] == ["Resend: 1", "ok"]
    assert wire.ask(framed(1, "G1 X10")) == "ok"
    counts = wire.stop()
    assert (counts["moves"], counts["errors"]) == (1, 1)


def test_a_line_that_skips_a_number_is_asked_for_again(wire: Wire) -> None:
    wire.ask(framed(0, "M110 N0"))
    assert wire.ask(framed(5, "G1 X1")) == "Error:Line Number is not Last Line Number+1, Last Line: 0"
    assert wire.stop()["moves"] == 0


def test_a_repeated_line_gets_no_answer_and_is_not_executed_twice(wire: Wire) -> None:
    wire.ask(framed(0, "M110 N0"))
    assert wire.ask(framed(1, "G1 X1")) == "ok"
    assert wire.ask(f"{framed(1, 'G1 X1')}\nM105").startswith("ok T:")
    assert wire.stop()["moves"] == 1


def test_heaters_are_hot_at_once(wire: Wire) -> None:
    wire.ask("M104 S205")
    wire.ask("M140 S60")
    assert wire.ask("M105") == "ok T:205.00 /205.00 B:60.00 /60.00 @:0 B@:0"

"""The printer that all hosts are measured on: if it were lenient or wrong, the figures would be."""

import os
import select
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.compiled import fast_printer
from benchmarks.printer import FastPrinter, PrinterError

BAUD = 115_200
BYTE_S = 10 / BAUD
MOVE = "G1 X1.234\n"


class Wire:
    """The host's end of the line; `printer` is the other one."""

    def __init__(self, printer: FastPrinter, link: Path) -> None:
        self.printer = printer
        self._descriptor = os.open(link, os.O_RDWR | os.O_NOCTTY)
        self._buffer = b""
        assert self.line() == "start"

    def write(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    def ask(self, text: str) -> str:
        """Write one line; the first line that comes back."""
        self.write(f"{text}\n")
        return self.line()

    def is_silent(self, seconds: float) -> bool:
        return not self._buffer and not select.select([self._descriptor], [], [], seconds)[0]

    def line(self) -> str:
        """The printer's next line."""
        while b"\n" not in self._buffer:
            assert select.select([self._descriptor], [], [], 10)[0], "the printer is silent"
            self._buffer += os.read(self._descriptor, 4096)
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode("latin-1")

    def lines(self, count: int) -> list[str]:
        return [self.line() for _ in range(count)]

    def close(self) -> None:
        os.close(self._descriptor)


Start = Callable[..., Wire]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def started(*options: str) -> Wire:
            link = tmp_path / "printer"
            printer = stack.enter_context(FastPrinter(fast_printer(), link, options))
            wire = Wire(printer, link)
            stack.callback(wire.close)
            return wire

        yield started


def framed(number: int, command: str) -> str:
    line = f"N{number} {command}"
    checksum = 0
    for byte in line.encode():
        checksum ^= byte
    return f"{line}*{checksum}"


def test_moves_are_counted_and_summed_in_their_order(start: Start, tmp_path: Path) -> None:
    log = tmp_path / "executed"
    wire = start("--first", "2", "--last", "3", "--log", str(log))
    moves = ["G1 X1 Y2", "G0 Z3", "G1 X4 E0.5"]
    assert wire.ask(framed(0, "M110 N0")) == "ok"
    for number, command in enumerate(["G28", *moves, "M84"], 1):
        assert wire.ask(framed(number, command)) == "ok"
    crc = 0
    for move in moves:
        crc = zlib.crc32(move.encode(), crc)
    counts = wire.printer.stop()
    assert (counts.moves, counts.moves_crc, counts.refused) == (3, crc, 0)
    assert log.read_text().splitlines() == ["M110 N0", "G28", *moves, "M84"]


def test_a_damaged_line_is_asked_for_again_and_costs_what_came_behind_it(start: Start) -> None:
    wire = start()
    wire.ask(framed(0, "M110 N0"))
    damaged = framed(1, "G1 X10").replace("X10", "X18")
    wire.write(f"{damaged}\n{framed(2, 'G1 X2')}\n")
    assert wire.lines(3) == ["Error:checksum mismatch, Last Line: 0", "Resend: 1", "ok"]
    assert wire.ask(framed(1, "G1 X10")) == "ok"
    counts = wire.printer.stop()
    assert (counts.moves, counts.refused) == (1, 1)


def test_a_line_that_skips_a_number_is_asked_for_again(start: Start) -> None:
    wire = start()
    wire.ask(framed(0, "M110 N0"))
    assert wire.ask(framed(5, "G1 X1")) == "Error:Line Number is not Last Line Number+1, Last Line: 0"
    assert wire.printer.stop().moves == 0


def test_a_line_without_checksum_is_asked_for_again(start: Start) -> None:
    assert start().ask("N1 G1 X1") == "Error:No Checksum with line number, Last Line: 0"


def test_a_repeated_line_gets_no_answer_and_is_not_executed_twice(start: Start) -> None:
    wire = start()
    wire.ask(framed(0, "M110 N0"))
    assert wire.ask(framed(1, "G1 X1")) == "ok"
    assert wire.ask(f"{framed(1, 'G1 X1')}\nM105").startswith("ok T:")
    assert wire.printer.stop().moves == 1


def test_a_backspace_takes_a_byte_away(start: Start) -> None:
    wire = start()
    assert wire.ask("G1 X1\b\b\b\b\bM105").startswith("ok T:")
    assert wire.printer.stop().moves == 0


def test_heaters_are_hot_at_once_and_reported_unasked(start: Start) -> None:
    wire = start()
    assert [wire.ask("M104 S205"), wire.ask("M140 S60")] == ["ok", "ok"]
    assert wire.ask("M105") == "ok T:205.00 /205.00 B:60.00 /60.00 @:0 B@:0"
    wire.ask("M155 S1")
    assert wire.line() == " T:205.00 /205.00 B:60.00 /60.00 @:0 B@:0"


def test_the_position_follows_modes_and_g92(start: Start) -> None:
    wire = start()
    for command in ("G28", "M83", "G1 X10 Y5 E2", "G1 E1.5", "G91", "G1 X2.5", "G90", "G92 Z7"):
        assert wire.ask(command) == "ok"
    assert wire.ask("M114").startswith("X:12.50 Y:5.00 Z:7.00 E:3.50")


def test_advanced_ok_names_the_line_and_the_room(start: Start) -> None:
    wire = start("--advanced-ok", "--queue", "8")
    assert wire.ask(framed(0, "M110 N0")) == "ok N0 P15 B7"
    assert wire.ask("G1 X1") == "ok P15 B7"
    assert wire.ask("M105").startswith("ok T:")


def test_bytes_take_the_time_of_the_wire_and_replies_the_latency(start: Start) -> None:
    wire = start("--baud", str(BAUD), "--latency-us", "20000")
    begin_s = time.monotonic()
    assert wire.ask("G1 X1") == "ok"
    assert time.monotonic() - begin_s >= len("G1 X1\nok\n") * BYTE_S + 0.02


def test_a_full_wire_is_as_fast_as_its_speed_whatever_the_machine_does(start: Start) -> None:
    wire = start("--baud", str(BAUD), "--first", "1", "--last", "30")
    wire.write(MOVE * 30)
    first, last = (wire.printer.wait_for(event, 10, lambda: None) for event in ("first", "last"))
    assert first is not None and last is not None
    assert last.useful_bytes - first.useful_bytes == 29 * len(MOVE)
    assert last.at_s - first.at_s == pytest.approx(29 * len(MOVE) * BYTE_S, rel=1e-4)


def test_what_finds_no_room_is_lost_and_counted(start: Start) -> None:
    wire = start("--rx-buffer", "128")
    wire.write(MOVE * 20)
    assert wire.lines(12) == ["ok"] * 12
    counts = wire.printer.stop()
    assert counts.overflowed_bytes == 20 * len(MOVE) - 127
    assert counts.moves == 12


def test_with_flow_control_it_waits_instead(start: Start) -> None:
    wire = start("--rx-buffer", "128", "--flow-control")
    wire.write(MOVE * 200)
    assert wire.lines(200) == ["ok"] * 200
    assert wire.printer.stop().overflowed_bytes == 0


def test_the_planner_is_worked_off_at_its_pace(start: Start) -> None:
    wire = start("--moves-per-s", "100", "--flow-control")
    begin_s = time.monotonic()
    wire.write(MOVE * 30)
    wire.lines(30)
    # The planner holds 15; each of the others got its ok when one was done.
    assert time.monotonic() - begin_s >= 0.15
    assert wire.ask("M400") == "ok"
    assert time.monotonic() - begin_s >= 0.30


def test_a_planner_that_runs_empty_between_moves_is_counted(start: Start) -> None:
    wire = start("--moves-per-s", "100", "--first", "1", "--last", "10", "--flow-control")
    wire.write(MOVE * 5)
    wire.lines(5)
    assert wire.is_silent(0.2)
    wire.write(MOVE * 5)
    wire.lines(5)
    counts = wire.printer.stop()
    assert counts.runs_dry == 1
    assert counts.starved_longest_us / 1e6 >= 0.15


def test_a_planner_that_a_command_lets_run_empty_is_not_counted(start: Start) -> None:
    wire = start("--moves-per-s", "100", "--first", "1", "--last", "10", "--flow-control")
    wire.write(MOVE * 5 + "M400\n")
    wire.lines(6)
    assert wire.is_silent(0.1)
    wire.write(MOVE * 5)
    wire.lines(5)
    assert wire.printer.stop().runs_dry == 0


def test_the_same_bytes_are_damaged_for_the_same_seed(start: Start) -> None:
    found = []
    for seed in ("3", "3", "4"):
        wire = start("--corrupt", "200", "--seed", seed, "--flow-control")
        wire.write(MOVE * 200 + "\nM114\n")
        while not wire.line().startswith("X:"):
            pass
        counts = wire.printer.stop()
        found.append((counts.corrupted_bytes, counts.moves_crc))
    assert found[0] == found[1] != found[2]
    assert 1 <= found[0][0] <= 40


def test_an_option_that_makes_no_sense_is_refused(start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PrinterError, match="exit code 2"):
        start("--rx-buffer", "lots")
    assert "--rx-buffer is 'lots'" in capfd.readouterr().err

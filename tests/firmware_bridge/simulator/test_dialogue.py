"""Marlin 2.1.2's and Prusa's own manners, as recorded on real firmware: what is said to what."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.raw_host import RawHost, Simulated, frame, simulated

T = r"T:\d+\.\d\d /\d+\.\d\d B:\d+\.\d\d /\d+\.\d\d @:\d+ B@:\d+"

# What is sent, and what a Marlin 2.1.2 on a real wire answered (N counts on from M110).
MARLIN: list[tuple[bytes, list[str]]] = [
    (b"N0 M110 N0*125\n", ["ok"]),
    (b"N1 M105*38\n", [f"ok {T}"]),
    (b"N2 G28*17\n", [r"X:0\.00 Y:0\.00 Z:0\.00 E:0\.00 Count X:0 Y:0 Z:0", "ok"]),
    (b"N3 G1 X1 Y1 F3000*79\n", ["ok"]),
    (frame(4, "G1 X5 Y5 F3000"), ["ok"]),
    (frame(5, "M114"), [r"X:5\.00 Y:5\.00 Z:0\.00 E:0\.00 Count X:400 Y:400 Z:0", "ok"]),
    (b"N6 G1 X9 F3000*1\n", ["Error:checksum mismatch, Last Line: 5", "Resend: 6", "ok"]),
    (frame(6, "G1 X9 F3000"), ["ok"]),
    (frame(12, "G1 X8"), [r"Error:Line Number is not Last Line Number\+1, Last Line: 6", "Resend: 7", "ok"]),
    (frame(6, "G1 X8"), []),
    (frame(5, "G1 X8"), []),
    (frame(4, "G1 X8"), [r"Error:Line Number is not Last Line Number\+1, Last Line: 6", "Resend: 7", "ok"]),
    (b"N7 G1 X8 F3000\n", ["Error:No Checksum with line number, Last Line: 6", "Resend: 7", "ok"]),
    (frame(7, "G1 X8 F3000"), ["ok"]),
    (b"G1 X7 F3000*92\n", ["ok"]),
    (frame(20, "M110 N100"), ["ok"]),
    (frame(101, "M400"), ["ok"]),
    (b"N0 M110 N0*125\n", ["ok"]),
    (b"; comment only\n", []),
    (b"\n\r\n", []),
    (b" \n", ['echo:Unknown command: ""', "ok"]),
    (b"M9999\n", ['echo:Unknown command: "M9999"', "ok"]),
    (b"M21\n", ['echo:Unknown command: "M21"', "ok"]),
    (b"G1 X9 E5 F3000\n", ["echo: cold extrusion prevented", "ok"]),
    (b"T0\n", ["ok"]),
    (b"T1\n", ["echo:T1 Invalid extruder", "ok"]),
    (b"M117 hi\n", ["ok"]),
    (b"M118 E1 hello\n", ["echo:hello\r", "ok"]),
    (b"M104 S60.0\n", ["ok"]),
    (b"M105\n", [r"ok T:\d+\.\d\d /60\.00 B:\d+\.\d\d /0\.00 @:\d+ B@:0"]),
    (b"G4 P300\n", ["//action:notification Sleep...", "ok"]),
    (b"M76\n", ["//action:pause", "ok"]),
    (b"M75\n", ["ok"]),
    (b"M108\n", ["ok"]),
    (b"M410\n", ["ok"]),
]


@pytest.fixture(scope="module")
def marlin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("marlin"), "--profile", "ender3", "--speed", "40") as printer:
        yield printer


@pytest.fixture
def host(marlin: Simulated) -> Iterator[RawHost]:
    with marlin.opened() as opened:
        yield opened


def test_the_recorded_dialogue(host: RawHost) -> None:
    for sent, expected in MARLIN:
        host.send(sent)
        answers = [host.line() for _ in expected]
        for answer, pattern in zip(answers, expected, strict=True):
            assert re.fullmatch(pattern, answer), f"to {sent!r}: {answer!r} is not {pattern!r}"
        if not expected:
            assert host.is_silent(0.15), f"{sent!r} was answered"
    assert host.is_silent()


def test_who_it_is_and_what_it_can(host: RawHost) -> None:
    first, *caps, area, ok = host.ask("M115")
    assert first.startswith("FIRMWARE_NAME:Marlin 2.1")
    assert "MACHINE_TYPE:Ender-3 " in first
    assert {"Cap:EMERGENCY_PARSER:1", "Cap:THERMAL_PROTECTION:1", "Cap:AUTOREPORT_TEMP:1"} <= set(caps)
    assert all(re.fullmatch(r"Cap:\w+:[01]", cap) for cap in caps)
    assert area.startswith("area:{full:")
    assert ok == "ok"


def test_temperatures_come_by_themselves(host: RawHost) -> None:
    assert host.ask("M155 S1") == ["ok"]
    for _ in range(2):
        assert re.fullmatch(f" {T}", host.line())
    host.ask("M155 S0")
    assert host.is_silent(1.2)


def test_a_wait_for_heat_talks_and_can_be_broken(host: RawHost) -> None:
    host.send("M109 S220")
    assert re.fullmatch(rf" {T} W:\?", host.line())
    host.send("M108")
    assert host.lines_to("ok")[-1] == "ok"
    assert host.line() == "ok"
    host.ask("M104 S0")


def test_a_wait_for_heat_ends_after_the_heat_has_stayed(host: RawHost) -> None:
    *waiting, ok = host.ask("M190 S40")
    assert ok == "ok"
    assert waiting and all(re.fullmatch(rf" {T} W:(\?|\d+)", line) or "busy" in line for line in waiting)
    host.ask("M140 S0")


def test_a_long_wait_says_that_it_is_busy(host: RawHost) -> None:
    host.send("G4 S100")
    assert host.line() == "//action:notification Sleep..."
    assert host.line() == "echo:busy: processing"
    assert host.line() == "ok"


def test_a_person_is_asked_for(host: RawHost) -> None:
    host.send("M0 Click me")
    assert host.lines_to("//action:prompt_show") == [
        "echo:Click me\r",
        "//action:prompt_end",
        "//action:prompt_begin Click me",
        "//action:prompt_button Continue",
        "//action:prompt_show",
    ]
    assert host.line() == "echo:busy: paused for user"
    host.send("M108")
    assert [host.line(), host.line()] == ["ok", "ok"]


def test_a_halt_is_final_until_a_reset(marlin: Simulated) -> None:
    with marlin.opened() as host:
        host.send("M112")
        assert [host.line() for _ in range(3)] == [
            "echo:M112 Shutdown",
            "Error:Printer halted. kill() called!",
            "//action:poweroff",
        ]
        host.send("M105")
        assert host.is_silent()
    with marlin.opened() as host:
        assert host.ask("M105")[-1].startswith("ok T:")


def test_the_emergency_parser_hears_through_a_full_queue(host: RawHost) -> None:
    host.send("G4 S4000\n" + "M105\n" * 3 + "G4 S4000")
    assert host.line() == "//action:notification Sleep..."
    host.send("M112")
    assert "Error:Printer halted. kill() called!" in host.lines_to("//action:poweroff")


def test_without_emergency_parser_a_halt_waits_its_turn(tmp_path: Path) -> None:
    with simulated(tmp_path, "--no-emergency-parser", "--speed", "20") as printer, printer.opened() as host:
        assert "Cap:EMERGENCY_PARSER:0" in host.ask("M115")
        host.send("G4 S60\nM107\nM107\nM107\nM112")
        assert host.line() == "//action:notification Sleep..."
        assert host.is_silent(0.3)
        assert host.lines_to("ok")[-1] == "ok"
        assert "Error:Printer halted. kill() called!" in host.lines_to("//action:poweroff")


def test_moves_are_acknowledged_when_they_are_planned(host: RawHost) -> None:
    """Fifteen places; the sixteenth waits until the first move is done."""
    host.ask("G28")
    host.send("G91\n")
    host.line()
    for _ in range(15):
        assert host.ask("G1 X10 F6") == ["ok"]
    host.send("G1 X10 F6")
    assert host.is_silent()
    assert host.lines_to("ok")[-1] == "ok"
    host.ask("M410")


def test_advanced_ok(tmp_path: Path) -> None:
    with simulated(tmp_path, "--firmware", "marlin-2.1-advanced-ok") as printer, printer.opened() as host:
        assert host.ask(frame(0, "M110 N0")) == ["ok N0 P15 B3"]
        assert host.ask("G1 X5 F60") == ["ok P14 B3"]
        assert re.fullmatch(f"ok {T}", host.ask(frame(1, "M105"))[0])
        assert host.ask("N9 G1 X1*1")[-1] == "ok"


PRUSA_BANNER = "echo: Free Memory"
PRUSA: list[tuple[bytes, list[str]]] = [
    (b"N0 M110 N0*125\n", ["ok"]),
    (frame(1, "M105"), [r"ok T:22\.5 /0\.0 B:22\.5 /0\.0 T0:22\.5 /0\.0 @:0 B@:0 P:0\.0 A:28\.4"]),
    (frame(1, "M107"), [r"Error:Line Number is not Last Line Number\+1, Last Line: 1", "Resend: 2", "ok"]),
    (b"M107*38\n", ["Error:No Line Number with checksum, Last Line: 1", "Resend: 2", "ok"]),
    (b'M862.3 P "MK3S"\n', ["ok"]),
    (b"M115 U3.11.0\n", ["ok"]),
    (b"M9999\n", ["Unknown M code: M9999", "ok"]),
    (b"G80\n", ["ok"]),
    (b"M108\n", ["Unknown M code: M108", "ok"]),
]


@contextmanager
def prusa(folder: Path, *options: str) -> Iterator[RawHost]:
    """A Prusa, greeted."""
    with simulated(folder, "--profile", "prusa-mk3s", *options) as printer, printer.opened(PRUSA_BANNER) as host:
        yield host


def test_prusas_manners(tmp_path: Path) -> None:
    with prusa(tmp_path, "--instant") as host:
        for sent, expected in PRUSA:
            host.send(sent)
            for pattern in expected:
                answer = host.line()
                assert re.fullmatch(pattern, answer), f"to {sent!r}: {answer!r} is not {pattern!r}"
        assert "Prusa-Firmware" in host.ask("M115")[0]
        host.send("M112")
        assert host.lines_to("start") == [
            "Error:Printer halted. kill() called!",
            "Error:M112 called. Emergency Stop.",
            "start",
        ]
        host.lines_to(PRUSA_BANNER)
        host.send(b"G1 X")
        assert host.line() == "RX timeout"


def test_prusa_counts_m110_only_when_it_is_executed(tmp_path: Path) -> None:
    with prusa(tmp_path, "--speed", "10") as host:
        host.send(b"G4 S5\n" + frame(0, "M110 N50") + frame(51, "M107"))
        answers = [host.line() for _ in range(3)]
        assert answers == ["Error:Line Number is not Last Line Number+1, Last Line: 0", "Resend: 1", "ok"]
        assert [host.line(), host.line()] == ["ok", "ok"]
        assert host.ask(frame(51, "M107")) == ["ok"]

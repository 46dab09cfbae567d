"""What each firmware says to what, where its source tells; the recorded ones stand in test_transcripts.py."""

import re

import pytest
from support.firmware_talk import FirmwareTalk
from support.raw_host import frame

from firmware_bridge.simulator.firmwares.form import Trouble
from firmware_bridge.simulator.firmwares.table import FIRMWARES

LINE_NUMBER = "Error:Line Number is not Last Line Number+1, Last Line: "

Dialogue = list[tuple[bytes | str, list[str]]]

DIALOGUES: dict[str, Dialogue] = {
    "marlin-1.1": [
        # The slot of the queue whose flag decides is unused at first.
        (b"N1 G1 X1*1\n", ["Error:checksum mismatch, Last Line: 0", "Resend: 1"]),
        (frame(1, "M107"), ["ok"]),
        (frame(2, "M107"), ["ok"]),
        (frame(3, "M107"), ["ok"]),
        (frame(4, "M107"), ["ok"]),
        (b"N5 G1 X1*1\n", ["Error:checksum mismatch, Last Line: 4", "Resend: 5", "ok"]),
        (frame(4, "M107"), [LINE_NUMBER + "4", "Resend: 5", "ok"]),
        (b"M107*38\n", ["Error:No Line Number with checksum, Last Line: 4"]),
        (frame(0, "M110 N7"), ["ok"]),
        (frame(8, "M105"), ["ok T:22.50 /0.00 B:22.50 /0.00 @:0 B@:0"]),
        (frame(9, "M104 S0"), ["ok"]),
    ],
    "marlin-2.0": [
        (b"N1 G1 X1*1\n", ["Error:checksum mismatch, Last Line: 0", "Resend: 1"]),
        (frame(1, "M107"), ["ok"]),
        (frame(1, "M107"), [LINE_NUMBER + "1", "Resend: 2"]),
        (b"N2 M107\n", ["Error:No Checksum with line number, Last Line: 1", "Resend: 2"]),
    ],
    "prusa-3.13": [
        (frame(1, "M107"), ["ok"]),
        (frame(1, "M107"), [LINE_NUMBER + "1", "Resend: 2", "ok"]),
        (b"N2 M107*1*38\n", ["Error:checksum mismatch, Last Line: 1", "Resend: 2", "ok"]),
        (frame(2, "M107").replace(b"M1", b"M1\xff"), ["ok"]),
        ("FOO", ['echo:Unknown command: "FOO"', "ok"]),
        ("G999", ["Unknown G code: G999", "ok"]),
    ],
    "repetier": [
        (frame(0, "M110 N0"), ["ok 0"]),
        (frame(1, "M105"), ["ok 1", "T:22.50 /0 B:22.50 /0 B@:0 @:0"]),
        (frame(2, "M104 S200"), ["ok 2", "TargetExtr0:200"]),
        (frame(3, "M140 S60"), ["ok 3", "TargetBed:60"]),
        (b"N4 G1 X1*1\n", ["Error:Wrong checksum", "", "Resend:4", "ok"]),
        (frame(5, "G1 X1"), ["skip 5", "ok"]),
        (frame(4, "G1 X1 Y2"), ["ok 4"]),
        (frame(3, "M140 S60"), ["skip 3", "ok"]),
        (frame(9, "M107"), ["Error:expected line 5 got 9", "", "Resend:5", "ok"]),
        (b"N5 M107\n", ["Error:Missing checksum", "", "Resend:5", "ok"]),
        (frame(5, "M114"), ["ok 5", "X:1.00 Y:2.00 Z:0.000 E:0.0000"]),
        (frame(6, "M9999"), ["ok 6", "Unknown command:M9999"]),
        (frame(7, "M117 " + "x" * 100), ["", "Resend:7", "ok"]),
    ],
    "smoothie": [
        (b"N0 M110 N0*125\n", ["ok"]),
        (frame(1, "M105"), ["ok T:22.5 /0.0 @0 B:22.5 /0.0 @0"]),
        (b"N2 G1 X1*1\n", ["rs N2"]),
        (frame(3, "G1 X1"), ["rs N2"]),
        (frame(2, "G1 X1 M106"), ["ok", "ok"]),
        (b"\n", ["ok"]),
        (b"; a comment\n", ["ok"]),
        ("M114", ["ok C: X:1.0000 Y:0.0000 Z:0.0000 E:0.0000"]),
        ("M9999", ["ok"]),
    ],
    "reprapfirmware": [
        (frame(5, "G28"), ["ok"]),
        (b"N6 G1 X1*1\n", []),
        (b"G1 X1*1\n", []),
        ("M105", ["ok T:22.5 /0.0 T0:22.5 /0.0 B:22.5 /0.0"]),
        ("M9999", ["Warning: M9999: Command is not supported", "ok"]),
        ("G1 X900", ["Error: G0/G1: target position outside machine limits", "ok"]),
    ],
    "klipper": [
        (b"\n", ["ok"]),
        ("G1 X5 F3000", ["!! Must home axis first: 5.000 0.000 0.000 [0.000]", "ok"]),
        ("g28", ["ok"]),
        ("G1 X900", ["!! Move out of range: 900.000 0.000 0.000 [0.000]", "ok"]),
        (
            "G1 X5 E1",
            [
                "// Extrude below minimum temp",
                "// See the 'min_extrude_temp' config option for details",
                "!! Extrude below minimum temp",
                "ok",
            ],
        ),
        ("M105", ["ok B:22.5 /0.0 T0:22.5 /0.0"]),
    ],
}


def switched_on(name: str, speed: float = 0.0) -> FirmwareTalk:
    """Through its banner."""
    talk = FirmwareTalk(FIRMWARES[name], speed=speed)
    talk.wait(0.1)
    talk.lines.clear()
    return talk


@pytest.mark.parametrize("name", DIALOGUES)
def test_what_is_said_to_what(name: str) -> None:
    talk = switched_on(name)
    for sent, expected in DIALOGUES[name]:
        assert talk.ask(sent) == expected, f"to {sent!r}"


@pytest.mark.parametrize(
    ("name", "banner"),
    [
        ("marlin-1.1", "start"),
        ("marlin-2.0", "start"),
        ("prusa-3.14", "start"),
        ("repetier", "start"),
        ("smoothie", "Smoothie"),
        ("reprapfirmware", r"RepRapFirmware .* is up and running\."),
    ],
)
def test_banners_and_names(name: str, banner: str) -> None:
    talk = FirmwareTalk(FIRMWARES[name])
    talk.wait(0.1)
    assert re.fullmatch(banner, talk.lines[0])
    said = "\n".join(talk.ask("M115"))
    assert re.search(name.partition("-")[0], said, re.IGNORECASE)
    assert "SimRap 1.4" in said, "the host knows the printer by it"


def test_klipper_has_no_banner_and_its_name_stands_on_the_ok() -> None:
    talk = FirmwareTalk(FIRMWARES["klipper"])
    talk.wait(5.0)
    assert talk.lines == []
    assert talk.ask("M115")[0].startswith("ok FIRMWARE_NAME:Klipper ")


def test_repetier_waits_and_gives_half_lines_up() -> None:
    talk = switched_on("repetier", speed=1.0)
    talk.wait(3.0)
    assert talk.lines == ["wait"] * 3
    talk.lines.clear()
    assert talk.ask(b"N1 G1 X", 0.5) == ["", "Resend:1", "ok"]
    talk.lines.clear()
    talk.send("G4 S5")
    talk.wait(4.5)
    assert talk.lines == ["ok 0", "busy:processing", "busy:processing"]


def test_prusa_gives_half_lines_up_without_a_resend() -> None:
    talk = switched_on("prusa-3.14", speed=1.0)
    assert talk.ask(b"N1 G1 X", 1.9) == []
    talk.wait(0.2)
    assert talk.lines == ["RX timeout"]
    assert talk.ask(frame(1, "M107")) == ["ok"]


def test_prusas_host_actions_have_a_space_until_3_13() -> None:
    for name, said in (("prusa-3.13", "// action:pause"), ("prusa-3.14", "//action:pause")):
        talk = switched_on(name)
        talk.tell("press pause")
        assert talk.lines == [said]


def test_klippers_planner_holds_two_seconds_and_smoothies_thirty_one_moves() -> None:
    klipper = switched_on("klipper", speed=1.0)
    klipper.send("G28")
    klipper.wait(10.0)
    klipper.lines.clear()
    for n in range(1, 10):
        klipper.send(f"G1 X{n * 10} F1200")
    assert len(klipper.lines) == 4, "half a second each"
    smoothie = switched_on("smoothie", speed=1.0)
    for n in range(1, 36):
        smoothie.send(f"G1 X{n * 5} F60")
    assert len(smoothie.lines) == 31


@pytest.mark.parametrize("name", FIRMWARES)
@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_firmware_has_words_for_every_trouble(name: str, trouble: Trouble) -> None:
    talk = switched_on(name, speed=1.0)
    talk.board.nozzle.target_c = 200.0
    talk.board.halt(trouble)
    said = talk.board.take_output().decode("latin-1")
    assert said.strip() or (name.startswith("repetier") and trouble is Trouble.M112)
    assert "{" not in said
    assert talk.board.nozzle.target_c == 0.0

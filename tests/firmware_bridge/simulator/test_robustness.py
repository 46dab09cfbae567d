"""Whatever arrives, the instrument itself does not break."""

import random

import pytest
from support.firmware_talk import FirmwareTalk
from support.raw_host import frame

from firmware_bridge.simulator.actions import ACTIONS
from firmware_bridge.simulator.damage import Kind
from firmware_bridge.simulator.firmwares.table import FIRMWARES

WORDS = (
    *(
        "G0",
        "G1",
        "G4",
        "G28",
        "G80",
        "G90",
        "G91",
        "G92",
        "M0",
        "M31",
        "M75",
        "M76",
        "M77",
        "M84",
        "M104",
        "M105",
    ),
    *(
        "M108",
        "M109",
        "M110",
        "M112",
        "M114",
        "M115",
        "M118",
        "M140",
        "M154",
        "M155",
        "M190",
        "M204",
        "M302",
        "M400",
    ),
    *("M410", "M503", "M600", "M876", "M999", "T0", "T1", "T", "FIRMWARE_RESTART", "N", "{", "}", "{0}", "%s"),
)
VALUES = ["", "0", "1", "-5", "1e9", ".", "-", "+7", "9" * 60, "S", "nan", "é", "{x}", "0.001"]
ARGUMENTS = ["", "1", "bed", "nozzle", "nozzle always_on", "pause", "What?|A|B", "flip=0.01", "bed maxtemp"]


def line(dice: random.Random, number: int) -> bytes:
    """Something like a command, now and then."""
    kind = dice.randrange(5)
    if kind == 0:
        return dice.randbytes(dice.randrange(200))
    letters = dice.choices("XYZEFSPRNT*;( ", k=dice.randrange(6))
    command = " ".join([dice.choice(WORDS), *(letter + dice.choice(VALUES) for letter in letters)])
    return frame(number, command) if kind < 3 else command.encode("latin-1") + b"\n"


@pytest.mark.parametrize("name", FIRMWARES)
def test_no_bytes_and_no_fault_break_it(name: str) -> None:
    dice = random.Random(name)
    actions = sorted(ACTIONS)
    for speed in (0.0, 1.0, 500.0):
        talk = FirmwareTalk(FIRMWARES[name], speed=speed)
        talk.wait(0.1)
        for _ in range(400):
            number = talk.board.intake.checker.last_number + dice.choice([1, 1, 1, 0, 5])
            talk.send(talk.bench.to_printer.pass_on(line(dice, number)))
            talk.bench.to_host.pass_on(b"ok\n")
            if dice.random() < 0.1:
                answer = talk.bench.obey(f"{dice.choice(actions)} {dice.choice(ARGUMENTS)}".strip(), talk.wall)
                assert answer == "ok" or answer.startswith("error: ")
            talk.wait(dice.choice([0.0, 0.01, 3.0]))
        for action in ("wake", "unmute", "rate lose-ok=0", *(f"rate {kind.value}=0" for kind in Kind), "reset"):
            talk.tell(action)
        talk.wait(1.0)
        talk.board.acknowledging.lose = talk.board.acknowledging.double = 0
        talk.lines.clear()
        talk.ask("M105")
        assert any(said.startswith("ok") for said in talk.lines), "a reset brings it back"

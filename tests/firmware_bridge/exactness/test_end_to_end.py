"""The same over pseudo-terminals, with the bridge's own loop and a simulated printer in a process of its own.

Faster than real time. A few seeds here, twenty in `make fuzz`.
"""

import difflib
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from support.exactly_once.proof import EXAMPLES
from support.exactness import commands_in_log, commands_of
from support.gcode import write_tower
from support.live_printer import live_printer

from firmware_bridge.machine.interface import Connected, Ended, MachineEvent, Outcome
from firmware_bridge.machine.serial_port import SerialMachine
from firmware_bridge.profile import ThermalProtection, load_profile

SEEDS = 20 if EXAMPLES else 3
AT_ONCE = 3
TIMEOUT_S = 240.0
CHECKING = (
    "marlin-1.1",
    "marlin-2.0",
    "marlin-2.1",
    "marlin-2.1-advanced-ok",
    "prusa-3.13",
    "repetier",
    "smoothie",
)
UNCHECKED = ("reprapfirmware", "klipper")
HARMLESS = re.compile(rb"(?![GMT]\d)|M105|M11[045]|M400")
"""What is no command, and the host's own questions, in whatever state they arrive."""
NEARLY_ASKED = re.compile(rb"(?:.105|M.05|M1.5|M10.)[^A-Z0-9]*", re.DOTALL)
"""An M105 with 76 spaces (link/sending.py: PROOF) in which two equal flips have cancelled in its checksum."""
# Of ten bytes that are hit five are flipped, three lost, two doubled; both ways alike.
SHARES = {"flip": 0.5, "drop": 0.3, "double": 0.2}


@dataclass(frozen=True)
class Print:
    """`changed`: commands that came through the firmware's own checks as something else."""

    seed: int
    failed: str
    changed: int
    wrong: str


def printed(folder: Path, firmware: str, rate: float, seed: int) -> Print:
    """One print of some 260 lines; the noise begins when the printer is known."""
    folder.mkdir()
    name = "prusa-mk3s" if firmware.startswith("prusa") else "ender3"
    profile = msgspec.structs.replace(
        load_profile(name),
        thermal_protection=ThermalProtection.KNOWN,
        # Klipper says nothing of the machine that it runs on.
        machine_names=[*load_profile(name).machine_names, "Klipper"],
    )
    file = write_tower(folder / "tower.gcode", layers=20, rounds=3)
    told: list[MachineEvent] = []
    come = threading.Event()

    def hear(event: MachineEvent) -> None:
        told.append(event)
        if isinstance(event, Connected | Ended):
            come.set()

    options = ("--instant", "--firmware", firmware, "--seed", str(seed))
    with live_printer(folder, *options, profile=name) as live:
        machine = SerialMachine(live.port, profile, hear)
        machine.start()
        try:
            assert come.wait(TIMEOUT_S), "the printer is not known"
            come.clear()
            for kind, share in SHARES.items():
                for way in ("", "reply-"):
                    assert live.tell(f"rate {way}{kind}={rate * share}") == "ok"
            machine.print_file("job", file)
            assert come.wait(TIMEOUT_S), "the print hangs"
            end = next(event for event in told if isinstance(event, Ended))
            log = live.log.read_bytes()
        finally:
            machine.close()
    if end.outcome is not Outcome.DONE:
        return Print(seed, str(end.fault) if end.fault and end.fault.detail else "", 0, "")
    changed, wrong = compared(log, file.read_bytes())
    return Print(seed, "", changed, wrong)


def compared(log: bytes, gcode: bytes) -> tuple[int, str]:
    """How many commands were executed as another one, and the first that was left out or came unasked."""
    asked = commands_of(gcode)
    executed = commands_in_log(log)[: len(asked) + 40]
    changed = 0
    for kind, a, a_end, b, b_end in difflib.SequenceMatcher(None, asked, executed, autojunk=False).get_opcodes():
        extra = [line for line in executed[b:b_end] if not (isinstance(line, bytes) and HARMLESS.match(line))]
        unseen = [one for one in extra if is_nearly_asked(one) and one not in asked]
        changed += len(unseen)
        extra = [one for one in extra if one not in unseen]
        if kind == "equal" or (kind == "insert" and (a == len(asked) or not extra)):
            continue
        if kind == "replace" and a_end - a <= b_end - b and len(extra) <= a_end - a:
            changed += a_end - a
        else:
            return changed, f"command {a + 1}: {executed[b:b_end]} instead of {asked[a:a_end]}"
    return changed, ""


def is_nearly_asked(line: object) -> bool:
    """The host's own question came through the firmware's checks as another command."""
    return isinstance(line, bytes) and NEARLY_ASKED.fullmatch(line) is not None


def all_prints(folder: Path, firmware: str, rate: float) -> list[Print]:
    """Of all seeds, some at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda seed: printed(folder / str(seed), firmware, rate, seed), range(SEEDS)))


@pytest.mark.parametrize("firmware", CHECKING)
def test_one_byte_in_ten_thousand_is_always_done(
    firmware: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    prints = all_prints(tmp_path, firmware, 1e-4)
    record_property("beyond its checks", sum(one.changed for one in prints))
    assert [one for one in prints if one.wrong or one.failed] == []


@pytest.mark.parametrize("firmware", CHECKING)
def test_one_byte_in_a_thousand_is_done_in_nine_of_ten(
    firmware: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    prints = all_prints(tmp_path, firmware, 1e-3)
    record_property("beyond its checks", sum(one.changed for one in prints))
    assert [one for one in prints if one.wrong] == []
    assert len([one for one in prints if one.failed]) <= max(1, SEEDS // 10), prints


@pytest.mark.parametrize("rate", [1e-4, 1e-3])
@pytest.mark.parametrize("firmware", UNCHECKED)
def test_where_nothing_is_checked_it_is_done_or_says_why(firmware: str, rate: float, tmp_path: Path) -> None:
    for one in all_prints(tmp_path, firmware, rate):
        assert not one.wrong or one.changed, one

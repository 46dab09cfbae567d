"""The same words as in the recorded sessions, and the same answers: the simulator against real firmware.

Answers are compared line by line over a whole session, in order, after these normalisations and no others:

- temperatures and heater powers become `~`: another heater on another day (`_HEAT`);
- W of a heat-up that counts down becomes `W:~`, and a run of busy and temperature lines while something takes
  time counts as the set of its lines: how long homing and heating take is the machine's affair (`_waits_folded`);
- dates and versions of a build, and the two sizes of its memory (`_BUILD`);
- `wait` comes at moments of the virtual printer's own and is left out; that it comes is asserted apart.

A word that ends a recording is not said: nobody listened to its answer any more. The recorded board has no runout
sensor, so the simulated one has none here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from support.firmware_talk import FirmwareTalk

from firmware_bridge.simulator.firmwares.table import FIRMWARES

TRANSCRIPTS = Path(__file__).parent / "transcripts"
SESSIONS = {
    "marlin-2.1.2-native": "marlin-2.1",
    "marlin-2.1.2-advanced-ok": "marlin-2.1-advanced-ok",
    "marlin-2.1.2-avr-extras": "marlin-2.1",
    "klipper": "klipper",
    "klipper-shutdown": "klipper",
    "repetier-like": "repetier-like",
}
PATIENCE_S = 600.0
_LINE = re.compile(r"^\s*([\d.]+) ([<>!]) (.*)$")
_HEAT = re.compile(r"(\b(?:T0?|B):|/|@:)-?\d+(?:\.\d+)?(?= |$)")
_COUNTDOWN = re.compile(r"W:\d+$")
_BUILD = (
    (re.compile(r"^(FIRMWARE_NAME:Marlin 2\.1\.2\.1) \([^)]*\)"), r"\1 (~)"),
    (re.compile(r"FIRMWARE_VERSION:\S+"), "FIRMWARE_VERSION:~"),
    (re.compile(r"^(echo: Compiled:).*"), r"\1 ~"),
    (re.compile(r"^echo: Free Memory: \d+  PlannerBufferBytes: \d+"), "echo: Free Memory: ~"),
)
_WAITS = re.compile(r"busy: |W:[?~]$|^B:~")


@dataclass(frozen=True)
class Event:
    """`mark`: > said to it, < said by it, ! happened to it."""

    at: float
    mark: str
    text: str


def recorded(name: str) -> list[Event]:
    matches = (_LINE.match(line) for line in (TRANSCRIPTS / f"{name}.txt").read_text().splitlines())
    events = [Event(float(m[1]), m[2], m[3]) for m in matches if m]
    return events[:-1] if events[-1].mark == ">" else events


def replayed(name: str, events: list[Event]) -> FirmwareTalk:
    """Each word at its recorded distance from the one before; later where the simulated machine is slower."""
    reason = "External Reset" if name == "repetier-like" else "PowerUp"
    firmware = replace(FIRMWARES[SESSIONS[name]], runout=())
    talk = FirmwareTalk(firmware, reason=reason)
    before, oks = 0.0, 0
    for event in events:
        talk.wait(event.at - before)
        before = event.at
        if event.mark == "<":
            oks += is_ok(event.text)
            deadline = talk.wall + PATIENCE_S
            while sum(map(is_ok, talk.lines)) < oks and talk.wall < deadline:
                talk.wait(0.1)
        elif event.mark == ">":
            talk.send(event.text)
        elif event.text == "reset":
            talk.board.power_on(talk.wall, "")
        else:
            talk.tell(event.text)
    talk.wait(1.0)
    return talk


def is_ok(line: str) -> bool:
    return line.startswith("ok")


def normalised(lines: list[str]) -> list[str]:
    return list(_waits_folded([_line_normalised(line) for line in lines if line != "wait"]))


def _line_normalised(line: str) -> str:
    line = _COUNTDOWN.sub("W:~", _HEAT.sub(r"\1~", line))
    for pattern, replacement in _BUILD:
        line = pattern.sub(replacement, line)
    return line


def _waits_folded(lines: list[str]) -> Iterator[str]:
    run: set[str] = set()
    for line in [*lines, ""]:
        if _WAITS.search(line):
            run.add(line)
            continue
        yield from sorted(run)
        run.clear()
        if line:
            yield line


@pytest.mark.parametrize("name", SESSIONS)
def test_it_answers_what_the_real_firmware_answered(name: str) -> None:
    events = recorded(name)
    said = [event.text for event in events if event.mark == "<"]
    assert len(said) > 10
    talk = replayed(name, events)
    assert normalised(talk.lines) == normalised(said)
    assert ("wait" in talk.lines) == ("wait" in said)


def test_every_recording_is_replayed() -> None:
    assert {path.stem for path in TRANSCRIPTS.glob("*.txt")} == set(SESSIONS)


def test_a_difference_would_be_seen() -> None:
    """The comparison is not so forgiving that another firmware passes."""
    events = recorded("marlin-2.1.2-native")
    said = normalised([event.text for event in events if event.mark == "<"])
    sent = [event for event in events if event.mark == ">"]
    for other in ("marlin-2.0", "marlin-1.1", "prusa-3.13", "klipper"):
        talk = FirmwareTalk(FIRMWARES[other])
        for event in sent:
            talk.wait(20.0)
            talk.send(event.text)
        assert normalised(talk.lines) != said

"""The region's side of the published contract: its examples are understood, and what it says itself fits."""

import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support.published import FOLDER, complaints

from dashboard.fleet.life import Life
from dashboard.recorder.messages import Poison, decode
from firmware_bridge.contract import Command, CommandName

LEAVES = {leaf: leaf for leaf in ("online", "info", "state", "telemetry", "events")}
LEAVES |= {"alert": "alert/job_failed", "res": "res/pause"}
HEARD = [path for path in sorted((FOLDER / "examples").glob("*.json")) if path.stem.partition("-")[0] in LEAVES]


@pytest.mark.parametrize("path", HEARD, ids=lambda path: path.stem)
def test_the_recorder_understands_the_examples(path: Path) -> None:
    leaf = LEAVES[path.stem.partition("-")[0]]
    message = decode(f"maakhoek/v1/deinze/{leaf}", path.read_bytes(), retained=False, received_ms=1)
    assert message is not None
    assert not isinstance(message.body, Poison)


def test_the_fleet_speaks_as_published() -> None:
    """Ten hours of a library where half of the prints go wrong."""
    life = Life("j", 1, random.Random(7), faults=0.5, now_ms=0)
    said = life.everything(0)
    for second in range(0, 36_000, 5):
        said += life.turn(1000 * second)
        if second % 600 == 0:
            command = Command(id=f"c{second}", by="staff-1", expires_ms=10**12)
            said += life.obey(CommandName.CLEAR_CALL.value, command, 1000 * second)
    heard: list[tuple[str, Any]] = [("events", _content(row)) for row in life.rows]
    heard += [("/".join(filter(None, (s.topic.value, s.leaf))), _content(s.message)) for s in said]

    assert {leaf.partition("/")[0] for leaf, _ in heard} == {"state", "telemetry", "alert", "events", "res"}
    assert [complaint for leaf, content in heard for complaint in complaints(leaf, content)] == []


def _content(message: msgspec.Struct | None) -> Any:
    return json.loads(msgspec.json.encode(message)) if message is not None else None

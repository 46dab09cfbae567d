"""A wire that stands still in the middle of a line, as when a USB hub is reset: nothing is lost, all is late."""

import random

import pytest
from support.exactly_once.faults import Fault, Planned
from support.exactly_once.firmware import Machine
from support.exactly_once.firmwares import Kind
from support.exactly_once.machine import toolpath
from support.exactly_once.stream import Setting, Stream, Verdict, judge

from firmware_bridge.link.sending import Limits


def printed(kind: Kind, seconds: float, seed: int) -> Verdict:
    """60 lines, with the standstill in one of them."""
    machine = Machine(poll_s=0.0005, numbers_oks=seed % 2 == 0)
    stream = Stream(kind, Setting(machine, Limits(bytes=127, lines=4), latency_s=0.001, seed=seed))
    stream.send(toolpath(random.Random(seed), 20, 0))
    stream.plan(Planned(Fault.SPLIT_DOWN, after=seed * 7, size=1 + seed % 9, seconds=seconds))
    stream.send(toolpath(random.Random(seed + 1), 40, 20))
    if not stream.host.has_failed:
        stream.finish()
    assert stream.fired[Fault.SPLIT_DOWN] == 1
    return judge(stream)


@pytest.mark.parametrize("seconds", [0.3, 3.0, 12.0])
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.checks])
def test_it_is_survived(kind: Kind, seconds: float) -> None:
    """Repetier asks for the line again each 200 ms, though it is on its way."""
    verdicts = [printed(kind, seconds, seed) for seed in range(12)]
    assert [(verdict.wrong, verdict.reason) for verdict in verdicts] == [("", "")] * 12


def test_for_ever_is_too_long() -> None:
    verdict = printed(Kind.REPETIER, 900.0, 3)
    assert (verdict.wrong, verdict.failed) == ("", True)
    assert verdict.reason == "the connection loses too much: nothing gets through any more"

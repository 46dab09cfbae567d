"""Where nothing goes wrong nothing is doubted, nothing overflows, and the wire is kept busy."""

import random

import pytest
from support.exactly_once.firmware import Machine
from support.exactly_once.firmwares import Kind
from support.exactly_once.machine import toolpath
from support.exactly_once.stream import Setting, Stream, judge

from firmware_bridge.link.sending import Limits

LIMITS = Limits(bytes=127, lines=4)
NO_BACKSPACE = (Kind.MARLIN_11, Kind.MARLIN_208)
"""Trying it costs a refusal, three times at most."""
BYTES_PER_S = 11_520.0


def printed(kind: Kind, machine: Machine, commands: list[str], seed: int = 0) -> Stream:
    stream = Stream(kind, Setting(machine, LIMITS, latency_s=0.001, seed=seed))
    stream.send(commands)
    stream.finish()
    verdict = judge(stream)
    assert (verdict.wrong, verdict.failed, verdict.unseen) == ("", False, 0)
    assert stream.printer.overflowed == 0
    return stream


@pytest.mark.parametrize("kind", Kind)
def test_exact_and_never_doubted(kind: Kind) -> None:
    link = printed(kind, Machine(), toolpath(random.Random(1), 1500, 0)).host.link
    assert (link.resends, link.timeouts) == (0, 0)


@pytest.mark.parametrize("kind", Kind)
def test_a_slow_printer_is_not_doubted_into_a_resend(kind: Kind) -> None:
    link = printed(kind, Machine(command_s=1.7), toolpath(random.Random(2), 60, 0)).host.link
    most = 3 if kind in NO_BACKSPACE else 0
    assert link.resends <= most
    # Repetier answers M105 when its turn has come, and has said ok long before: asking again is right.
    assert link.timeouts <= most or kind is Kind.REPETIER


@pytest.mark.parametrize("kind", [Kind.MARLIN_21, Kind.PRUSA, Kind.REPETIER, Kind.SMOOTHIE])
def test_the_wire_is_kept_busy(kind: Kind) -> None:
    """One line at a time takes 1.9 times as long as the bytes."""
    stream = printed(kind, Machine(), [f"G1 X{i % 97}.123 Y{i % 89}.456 E0.01234" for i in range(900)])
    assert stream.now - 1.0 < 1.4 * len(stream.written) / BYTES_PER_S


def test_marlin_gets_the_whole_window_when_the_wire_has_proven_itself() -> None:
    assert printed(Kind.MARLIN_21, Machine(), toolpath(random.Random(3), 2500, 0)).host.link.window == 4

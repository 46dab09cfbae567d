"""Failing is no way out: with bytes damaged both ways a print is done, and exact, where lines are checked."""

import random
from collections.abc import Callable

import pytest
from support.exactly_once.firmware import Machine
from support.exactly_once.firmwares import Kind
from support.exactly_once.host import DIALECTS
from support.exactly_once.machine import toolpath
from support.exactly_once.stream import Setting, Stream, Verdict, judge

from firmware_bridge.link.dialects import MANNERS
from firmware_bridge.link.sending import Limits

SEEDS = 20
LINES = 400
CHECKING = [kind for kind in Kind if kind.checks]


def printed(kind: Kind, seed: int, rate: float, *, lines: int = LINES, numbers_oks: bool | None = None) -> Stream:
    """At 115,200 baud, with a printer that reads its buffer each half millisecond."""
    machine = Machine(poll_s=0.0005, numbers_oks=seed % 4 != 3 if numbers_oks is None else numbers_oks)
    setting = Setting(machine, Limits(bytes=127, lines=4), latency_s=0.001, seed=seed)
    stream = Stream(kind, setting)
    if rate:
        stream.set_noise(rate)
    stream.send(toolpath(random.Random(seed), lines, 0))
    stream.finish()
    return stream


def verdicts(kind: Kind, rate: float, record: Callable[[str, object], None]) -> list[Verdict]:
    """Of all seeds; nothing is wrong in any."""
    judged = [judge(printed(kind, seed, rate)) for seed in range(SEEDS)]
    record("beyond its checks", sum(bool(verdict.unseen) for verdict in judged))
    assert [verdict.wrong for verdict in judged if verdict.wrong] == []
    return judged


@pytest.mark.parametrize("kind", CHECKING)
def test_one_byte_in_ten_thousand_is_always_done(
    kind: Kind, record_property: Callable[[str, object], None]
) -> None:
    assert [verdict.reason for verdict in verdicts(kind, 1e-4, record_property) if verdict.failed] == []


@pytest.mark.parametrize("kind", CHECKING)
def test_one_byte_in_a_thousand_is_done_in_nine_of_ten(
    kind: Kind, record_property: Callable[[str, object], None]
) -> None:
    failed = [verdict.reason for verdict in verdicts(kind, 1e-3, record_property) if verdict.failed]
    assert len(failed) <= SEEDS // 10, failed


@pytest.mark.parametrize("kind", [kind for kind in CHECKING if MANNERS[DIALECTS[kind]].cuts_lines])
def test_noise_on_a_wire_that_is_being_proven_harms_no_print(kind: Kind) -> None:
    failed = []
    for seed in range(SEEDS):
        stream = Stream(
            kind, Setting(Machine(poll_s=0.0005), Limits(bytes=127, lines=4), latency_s=0.001, seed=seed)
        )
        stream.set_noise(1e-3)
        stream.rest(2.0)
        stream.send(toolpath(random.Random(seed), 60, 0))
        stream.finish()
        verdict = judge(stream)
        assert not verdict.wrong, (seed, verdict.wrong)
        failed += [verdict.reason] if verdict.failed else []
    assert len(failed) <= SEEDS // 10, failed


@pytest.mark.parametrize("rate", [1e-4, 1e-3])
@pytest.mark.parametrize("kind", [Kind.REPRAPFIRMWARE, Kind.KLIPPER])
def test_nothing_is_guessed_where_nothing_is_checked(kind: Kind, rate: float) -> None:
    for seed in range(SEEDS):
        verdict = judge(printed(kind, seed, rate))
        assert not verdict.wrong, (seed, verdict.wrong)


@pytest.mark.parametrize("kind", [Kind.MARLIN_21, Kind.PRUSA, Kind.REPETIER, Kind.SMOOTHIE])
def test_noise_costs_little_time(kind: Kind) -> None:
    """On the virtual clock: half of the prints lose less than a seventh, with both directions damaged."""
    slower = sorted(
        printed(kind, seed, 1e-4, lines=1000).now / printed(kind, seed, 0.0, lines=1000).now - 1.0
        for seed in range(5)
    )
    assert slower[2] < 0.15, slower

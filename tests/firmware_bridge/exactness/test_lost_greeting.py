"""A restart in mid-print whose own words the wire has lost: the job ends, and nothing is printed again."""

import random

import pytest
from support.exactly_once.firmware import Machine
from support.exactly_once.firmwares import Kind
from support.exactly_once.machine import toolpath
from support.exactly_once.stream import Setting, Stream

from firmware_bridge.link.sending import Limits


@pytest.mark.parametrize("before", [9, 40, 300])
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.checks])
def test_it_ends_the_job(kind: Kind, before: int) -> None:
    stream = Stream(kind, Setting(Machine(poll_s=0.001), Limits(bytes=127, lines=4), latency_s=0.001))
    rng = random.Random(before)
    stream.send(toolpath(rng, before, 0))
    stream.printer.reset()
    stream.printer.out.clear()
    executed = numbered(stream)
    stream.send(toolpath(rng, 60, before))
    if not stream.host.has_failed:
        stream.finish()
    assert stream.host.has_failed
    assert stream.host.reason
    # The rest of a line that was on its way is beyond anybody's help.
    assert numbered(stream) == executed


def numbered(stream: Stream) -> int:
    """Commands that were executed with a number."""
    return sum(command.number is not None for command in stream.printer.executed)

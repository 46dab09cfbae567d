"""Faults by rate and by appointment: what they do, how often, and the same again for the same seed."""

from itertools import pairwise

import pytest
from support.firmware_talk import FirmwareTalk
from support.raw_host import frame

from firmware_bridge.simulator.damage import Damage, Kind
from firmware_bridge.simulator.firmwares.table import FIRMWARES
from firmware_bridge.simulator.schedule import Schedule, ScheduleError, read

LINES = b"".join(frame(n, f"G1 X{n} Y{n}") for n in range(1, 400))


def struck(kind: Kind, data: bytes) -> bytes:
    damage = Damage(seed=7)
    damage.strike(kind)
    return damage.pass_on(data)


def test_each_kind_does_one_thing_to_the_next_line_only() -> None:
    first, second = frame(1, "G1 X1"), frame(2, "G1 X2")
    flipped = struck(Kind.FLIP, first + second)
    assert sum(bin(a ^ b).count("1") for a, b in zip(flipped, first + second, strict=True)) == 1
    assert len(struck(Kind.DROP, first + second)) == len(first + second) - 1
    doubled = struck(Kind.DOUBLE, first + second)
    assert len(doubled) == len(first + second) + 1 and any(a == b for a, b in pairwise(doubled))
    assert struck(Kind.SPLIT, first + second).count(b"\n") == 3
    assert struck(Kind.MERGE, first + second) == first[:-1] + second
    for kind in Kind:
        assert struck(kind, first + second).endswith(second)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_rate_hits_as_often_as_it_says_and_the_same_bytes_again(kind: Kind) -> None:
    results = []
    for step in (len(LINES), 7, 1):
        damage = Damage(seed=3)
        damage.set_rate(kind, 0.01)
        results.append(b"".join(damage.pass_on(LINES[n : n + step]) for n in range(0, len(LINES), step)))
        assert 0.006 * len(LINES) < damage.hits < 0.014 * len(LINES)
    assert results[0] == results[1] == results[2] != LINES


def test_rates_of_several_kinds_add_up() -> None:
    damage = Damage(seed=1)
    for kind in (Kind.FLIP, Kind.DROP):
        damage.set_rate(kind, 0.005)
    data = bytes(100_000)
    passed = damage.pass_on(data)
    assert 850 < damage.hits < 1150
    assert 400 < len(data) - len(passed) < 600
    with pytest.raises(ValueError, match="between 0 and 1"):
        damage.set_rate(Kind.FLIP, 2.0)


def test_a_schedule_cuts_the_stream_before_its_lines_however_it_comes() -> None:
    for step in (1, 5, 1000):
        schedule = Schedule(read(["line=3 flip", "line=1 reset", "", "# nothing", "line=3 hang"]))
        stream = b"M105\nM107\nM114\nM115\n"
        before, actions = b"", {}
        for n in range(0, len(stream), step):
            for due, piece in schedule.pieces(stream[n : n + step]):
                if due:
                    actions[before] = due
                before += piece
        assert before == stream
        assert actions == {b"": ["reset"], b"M105\nM107\n": ["flip", "hang"]}


def test_a_schedule_knows_commands_and_seconds() -> None:
    schedule = Schedule(read(["executed=5 runout", "time=2.5 unplug 1", "time=1 say hi"]))
    assert [schedule.executed(4), schedule.executed(7), schedule.executed(8)] == [[], ["runout"], []]
    assert (schedule.next_time(), schedule.elapsed(1.0), schedule.next_time()) == (1.0, ["say hi"], 2.5)


@pytest.mark.parametrize("line", ["flip", "line=x flip", "line=5", "when=3 flip", "line=-1 flip"])
def test_what_is_no_appointment_is_said(line: str) -> None:
    with pytest.raises(ScheduleError, match="line=120 flip"):
        read([line])


def on(name: str = "marlin-2.1") -> FirmwareTalk:
    talk = FirmwareTalk(FIRMWARES[name], speed=0.0)
    talk.wait(0.1)
    talk.lines.clear()
    return talk


def test_oks_are_lost_and_doubled() -> None:
    talk = on()
    talk.tell("lose-ok 2")
    assert [talk.ask("M107") for _ in range(3)] == [[], [], ["ok"]]
    talk.tell("double-ok")
    assert [talk.ask("M107") for _ in range(2)] == [["ok", "ok"], ["ok"]]
    talk.tell("rate lose-ok=0.5")
    for _ in range(200):
        talk.send("M107")
    report = talk.bench.report()
    assert 70 < int(str(report["oks_lost"])) < 135 and report["oks_doubled"] == 1


def test_a_storm_asks_again_and_again_in_the_firmwares_own_form() -> None:
    for name, once in (
        ("marlin-2.1", ["Resend: 1", "ok"]),
        ("marlin-2.0", ["Resend: 1"]),
        ("smoothie", ["rs N1"]),
    ):
        talk = on(name)
        talk.tell("storm 3")
        assert talk.lines == once * 3


def test_a_hang_ends_by_itself_where_it_is_told_to() -> None:
    talk = on()
    talk.tell("hang 2")
    assert talk.ask("M107", 1.9) == []
    talk.wait(0.2)
    assert talk.lines == ["ok"]


def test_what_cannot_be_obeyed_is_said() -> None:
    bench = on().bench
    assert bench.obey("rate flop=0.1", 1.0).startswith("error: rate: ")
    assert bench.obey("rate flip", 1.0).startswith("error: rate: ")
    assert "pause or resume" in bench.obey("press help", 1.0)
    assert "maxtemp" in bench.obey("thermal bed chair", 1.0)

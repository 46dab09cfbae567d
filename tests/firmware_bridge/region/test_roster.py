"""Which broker is tried next, and when: a pure rule."""

import random

import pytest

from firmware_bridge.region.roster import HOP_S, LAST_LOOK_BACK_S, LAST_RETRY_S, LOOK_BACK_S, Roster


def roster(brokers: int) -> Roster:
    return Roster(brokers, random.Random(1))


def test_a_kiosk_moves_on_in_order_within_a_second_and_waits_only_after_a_round() -> None:
    three = roster(3)
    places, waits = [], []
    for _ in range(9):
        waits.append(three.lost())
        places.append(three.at)
    assert places == [1, 2, 0] * 3
    assert all(HOP_S / 2 <= wait <= HOP_S for wait in waits[0:2] + waits[3:5] + waits[6:8])
    assert 0.5 <= waits[2] <= 1 <= waits[5] <= 2 <= waits[8] <= 4


def test_one_broker_is_tried_ever_less_often_and_at_once_after_a_welcome() -> None:
    one = roster(1)
    waits = [one.lost() for _ in range(12)]
    assert one.at == 0 and waits[0] <= 1 and LAST_RETRY_S / 2 <= waits[-1] <= LAST_RETRY_S
    one.welcomed(0.0)
    assert one.lost() <= 1


def test_who_is_at_a_later_one_looks_back_now_and_then() -> None:
    three = roster(3)
    three.welcomed(0.0)
    assert not three.earlier(10 * LOOK_BACK_S), "it is where it belongs"
    three.lost(), three.lost()
    three.welcomed(0.0)
    assert not three.earlier(LOOK_BACK_S / 2 - 1)
    assert three.earlier(LOOK_BACK_S) == range(2)
    assert not three.earlier(LOOK_BACK_S + 1), "not again at once"
    three.go_back(1)
    assert three.at == 1


@pytest.mark.parametrize("brokers", [2, 3])
def test_a_first_one_that_lets_nobody_in_is_believed_ever_less(brokers: int) -> None:
    liar = roster(brokers)
    now_s, gaps = 0.0, []
    for _ in range(8):
        while liar.at == 0:
            liar.lost()
        liar.welcomed(now_s)
        before_s = now_s
        while not liar.earlier(now_s):
            now_s += 1.0
        gaps.append(now_s - before_s)
        liar.go_back(0)
    assert gaps[0] <= LOOK_BACK_S + 1 and gaps[-1] >= LAST_LOOK_BACK_S / 2


def test_a_thousand_kiosks_do_not_come_at_once() -> None:
    waits = sorted(Roster(3, random.Random(seed)).lost() for seed in range(1_000))
    assert waits[-1] - waits[0] > 0.45 and len({round(wait, 3) for wait in waits}) > 300

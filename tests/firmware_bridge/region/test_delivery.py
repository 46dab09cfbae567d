"""Go-back-N from the recorder's cursor, as a pure state machine."""

import random

import pytest

from firmware_bridge.contract import Ack
from firmware_bridge.region.delivery import MAX_PATIENCE_S, PATIENCE_S, WINDOW, Delivery

JOURNAL = "j1"


def ack(seq: int, journal: str = JOURNAL) -> Ack:
    return Ack(journal=journal, seq=seq)


def connected(cursor: int = 0) -> Delivery:
    delivery = Delivery(JOURNAL, cursor)
    delivery.connected(0.0)
    return delivery


def test_rows_go_out_once_up_to_the_window() -> None:
    delivery = connected(cursor=5)
    assert delivery.due(1000, 0.0) == range(6, 6 + WINDOW)
    assert not delivery.due(1000, 0.1)
    delivery.acknowledged(ack(15), 1000, 0.2)
    assert delivery.due(1000, 0.2) == range(6 + WINDOW, 16 + WINDOW)


def test_a_new_row_follows_at_once() -> None:
    delivery = connected()
    assert delivery.due(3, 0.0) == range(1, 4)
    assert delivery.due(4, 0.1) == range(4, 5)


def test_without_progress_it_begins_again_at_the_cursor_ever_more_patiently() -> None:
    delivery = connected()
    delivery.due(3, 0.0)
    assert not delivery.due(3, PATIENCE_S - 0.1)
    assert delivery.due(3, PATIENCE_S) == range(1, 4)
    assert not delivery.due(3, 2.9 * PATIENCE_S)
    assert delivery.due(3, 3 * PATIENCE_S) == range(1, 4)
    now, asked = 3 * PATIENCE_S, []
    while len(asked) < 6:
        now += 1
        if delivery.due(3, now):
            asked.append(now)
    assert asked[-1] - asked[-2] == MAX_PATIENCE_S


def test_progress_restores_the_patience() -> None:
    delivery = connected()
    delivery.due(3, 0.0)
    delivery.due(3, PATIENCE_S)
    delivery.acknowledged(ack(1), 3, 12.0)
    assert delivery.due(3, 12.0 + PATIENCE_S) == range(2, 4)


def test_waiting_for_a_first_row_is_not_impatience() -> None:
    delivery = connected()
    assert not delivery.due(0, 100.0)
    assert delivery.due(1, 500.0) == range(1, 2)
    assert not delivery.due(1, 509.0)


def test_a_restored_recorder_gets_everything_again_from_its_own_cursor() -> None:
    delivery = connected(cursor=50)
    assert delivery.acknowledged(ack(20), 60, 1.0).cursor == 20
    assert delivery.due(60, 1.0) == range(21, 61)


@pytest.mark.parametrize("strange", [ack(5, "another"), ack(61), ack(-1)])
def test_what_cannot_be_is_not_believed(strange: Ack) -> None:
    delivery = connected(cursor=50)
    verdict = delivery.acknowledged(strange, 60, 1.0)
    assert verdict.cursor == 50
    assert verdict.distrust
    assert delivery.due(60, 1.0) == range(51, 61)


def test_jitter_stretches_the_patience() -> None:
    delivery = Delivery(JOURNAL, 0, jitter=1.0)
    delivery.connected(0.0)
    delivery.due(1, 0.0)
    assert not delivery.due(1, 1.4 * PATIENCE_S)
    assert delivery.due(1, 1.5 * PATIENCE_S)


@pytest.mark.parametrize("seed", range(20))
def test_a_recorder_gets_every_row_in_order_whatever_is_lost(seed: int) -> None:
    """Rows and acknowledgements get lost, connections break, the recorder falls back: nothing is missed."""
    chance = random.Random(seed)
    delivery = connected()
    recorded, now, last = 0, 0.0, 0
    for _ in range(3000):
        now += 1.0
        last += chance.random() < 0.2
        if chance.random() < 0.01:
            delivery.connected(now)
        if chance.random() < 0.002:
            recorded = max(0, recorded - 30)
        rows = delivery.due(last, now)
        assert rows.stop <= delivery.cursor + WINDOW + 1
        for seq in rows:
            if chance.random() < 0.8 and seq == recorded + 1:
                recorded = seq
        if chance.random() < 0.7:
            delivery.acknowledged(ack(recorded), last, now)
    for _ in range(1000):
        now += 1.0
        for seq in delivery.due(last, now):
            recorded = max(recorded, seq if seq == recorded + 1 else 0)
        delivery.acknowledged(ack(recorded), last, now)
    assert recorded == last
    assert delivery.cursor == last

"""Where choices go that must be in the lower half: as few pages as there can be, nothing out of reach."""

import pytest

from kiosk.ui.low import Arrangement, arranged


def test_all_on_one_page_where_they_fit() -> None:
    assert arranged({1: [15, 15]}, reach=17, room=80, gap=2, more=[15]) == Arrangement(1, 2, 32)


def test_two_columns_rather_than_two_pages() -> None:
    assert arranged({1: [15] * 4, 2: [15] * 4}, reach=17, room=80, gap=2, more=[15]) == Arrangement(2, 4, 32)


def test_only_the_highest_row_may_rise_out_of_reach() -> None:
    high_first = {1: [40, 15], 2: [60, 60]}
    assert arranged(high_first, reach=17, room=80, gap=2, more=[]) == Arrangement(1, 2, 57)
    high_last = {1: [15, 40], 2: [60, 60]}
    assert arranged(high_last, reach=17, room=80, gap=2, more=[]) == Arrangement(2, 2, 60)


@pytest.mark.parametrize(("more", "each"), [([], 2), ([15], 1)])
def test_the_way_to_the_next_page_takes_the_place_of_a_choice(more: list[float], each: int) -> None:
    assert arranged({1: [15] * 5}, reach=17, room=80, gap=2, more=more).each == each


def test_one_at_a_time_where_nothing_fits() -> None:
    assert arranged({1: [90, 90]}, reach=17, room=80, gap=2, more=[]) == Arrangement(1, 1, 80)

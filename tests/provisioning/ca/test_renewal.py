"""When a certificate is renewed: two thirds of its life, spread, and always the same answer."""

from datetime import UTC, datetime, timedelta

from provisioning.ca.certificates import BACKDATED, LEAF_LIFE
from provisioning.ca.renewal import GRACE, is_too_late, renew_at

MADE = datetime(2026, 9, 1, 12, tzinfo=UTC)
FROM, UNTIL = MADE - BACKDATED, MADE + LEAF_LIFE


def test_it_is_at_two_thirds_and_spread_over_a_week() -> None:
    days = [(renew_at(f"kiosk-{n}", n * 7919, FROM, UNTIL) - MADE) / timedelta(days=1) for n in range(300)]
    assert 60 <= min(days) < 61
    assert 66.5 < max(days) < 67.5
    assert max(sum(1 for day in days if int(day) == n) for n in range(60, 68)) < 90


def test_it_is_the_same_for_the_same_certificate_and_another_one_for_the_next() -> None:
    assert renew_at("deinze", 5, FROM, UNTIL) == renew_at("deinze", 5, FROM, UNTIL)
    assert renew_at("deinze", 5, FROM, UNTIL) != renew_at("deinze", 6, FROM, UNTIL)


def test_a_summer_is_not_too_late_and_a_year_is() -> None:
    assert not is_too_late(UNTIL, UNTIL + timedelta(days=70))
    assert not is_too_late(UNTIL, UNTIL + GRACE)
    assert is_too_late(UNTIL, UNTIL + timedelta(days=365))

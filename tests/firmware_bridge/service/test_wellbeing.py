"""What is not well with the kiosk itself: from figures to findings, and to alerts."""

from typing import Any

import pytest
from msgspec.structs import replace

from firmware_bridge.contract import AlertCode, Finding, HealthCode, Host, LinkHealth, Severity
from firmware_bridge.service.alerts import Facts, wanted
from firmware_bridge.service.wellbeing import Signs, findings, still_open

WELL = Host(cpu_c=55.0, storage_free_mb=9000, storage_write_ms=20.0, storage_ok=True, wifi_dbm=-50.0)
UP_S = 3600.0


def signs(host: Host | None = WELL, **said: Any) -> Signs:
    known: dict[str, Any] = {"supply_is_low": False, "link": LinkHealth(), "clock_trusted": True, "up_s": UP_S}
    return Signs(host=host, **(known | said))


def facts(found: tuple[Finding, ...]) -> Facts:
    return Facts(fault=None, away_s=0, plate=None, attention=None, latched=None, disk_full=False, health=found)


def codes(found: tuple[Finding, ...]) -> list[HealthCode]:
    return [finding.code for finding in found]


def test_a_sound_kiosk_has_none_and_so_has_one_that_nothing_measures() -> None:
    assert findings(signs(), ()) == ()
    assert findings(signs(Host(), supply_is_low=None), ()) == ()


@pytest.mark.parametrize(
    ("measured", "code", "severity"),
    [
        ({"cpu_c": 80.0}, HealthCode.HOT, Severity.ATTENTION),
        ({"storage_free_mb": 299}, HealthCode.STORAGE_LOW, Severity.ATTENTION),
        ({"storage_write_ms": 2000.0}, HealthCode.STORAGE_SLOW, Severity.ATTENTION),
        ({"storage_ok": False}, HealthCode.STORAGE_FAILING, Severity.URGENT),
        ({"wifi_dbm": -75.0}, HealthCode.WIFI_WEAK, Severity.INFO),
    ],
)
def test_each_figure_has_its_limit(measured: dict[str, Any], code: HealthCode, severity: Severity) -> None:
    assert findings(signs(replace(WELL, **measured)), ()) == (Finding(code=code, severity=severity),)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"supply_is_low": True}, HealthCode.UNDERVOLTAGE),
        ({"link": LinkHealth(resends=20, resend_ratio=0.01)}, HealthCode.PRINTER_LINK),
        ({"clock_trusted": False}, HealthCode.CLOCK_NOT_SET),
        ({"withdrawn": "0.3.0"}, HealthCode.UPGRADE_WITHDRAWN),
    ],
)
def test_so_have_its_surroundings(said: dict[str, Any], code: HealthCode) -> None:
    assert codes(findings(signs(**said), ())) == [code]


@pytest.mark.parametrize(
    "said",
    [
        {"link": LinkHealth(resends=19, resend_ratio=0.5)},
        {"link": LinkHealth(resends=500, resend_ratio=0.009)},
        {"clock_trusted": False, "up_s": 599.0},
    ],
)
def test_little_is_nothing(said: dict[str, Any]) -> None:
    assert findings(signs(**said), ()) == ()


@pytest.mark.parametrize(
    ("enters", "stays", "leaves"),
    [
        ({"cpu_c": 80.0}, {"cpu_c": 75.0}, {"cpu_c": 74.9}),
        ({"storage_free_mb": 299}, {"storage_free_mb": 399}, {"storage_free_mb": 400}),
        ({"storage_write_ms": 2000.0}, {"storage_write_ms": 1000.0}, {"storage_write_ms": 999.0}),
        ({"wifi_dbm": -75.0}, {"wifi_dbm": -70.0}, {"wifi_dbm": -69.0}),
    ],
)
def test_it_stays_until_it_is_clearly_better(
    enters: dict[str, Any], stays: dict[str, Any], leaves: dict[str, Any]
) -> None:
    assert findings(signs(replace(WELL, **stays)), ()) == ()
    found = findings(signs(replace(WELL, **enters)), ())
    found = findings(signs(replace(WELL, **stays)), found)
    assert len(found) == 1
    assert findings(signs(replace(WELL, **leaves)), found) == ()


def test_the_worst_comes_first_and_only_what_needs_somebody_is_an_alert() -> None:
    host = replace(WELL, wifi_dbm=-90.0, cpu_c=90.0, storage_ok=False)
    found = findings(signs(host), ())
    assert codes(found) == [HealthCode.STORAGE_FAILING, HealthCode.HOT, HealthCode.WIFI_WEAK]
    open_ = wanted(facts(found), 7)
    assert [(alert.id, alert.code, alert.severity, alert.detail) for alert in open_] == [
        ("health-storage_failing", AlertCode.HEALTH, Severity.URGENT, "storage_failing"),
        ("health-hot", AlertCode.HEALTH, Severity.ATTENTION, "hot"),
    ]


def test_after_a_restart_it_is_not_cleared_before_it_was_measured_again() -> None:
    found = findings(signs(replace(WELL, cpu_c=90.0)), ())
    before = still_open(wanted(facts(found), 7))
    assert before == found
    assert findings(signs(None), before) == found
    assert findings(signs(WELL), before) == ()

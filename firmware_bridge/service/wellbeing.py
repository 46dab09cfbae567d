"""From what was measured of the kiosk to what is not well with it. Pure.

A finding stays until its figure is clearly better again: one that comes and goes each minute helps nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from firmware_bridge.contract import Alert, AlertCode, Finding, HealthCode, Host, LinkHealth, Severity

HOT_C: Final = 80.0
"""There a Raspberry Pi begins to slow itself down."""
COOLER_C: Final = 75.0
SLOW_WRITE_MS: Final = 2000.0
"""A sound card takes tens of milliseconds for 4 KiB; one of which the controller is failing takes seconds."""
QUICK_WRITE_MS: Final = 1000.0
LOW_STORAGE_MB: Final = 300
"""One job's files at their largest."""
ENOUGH_STORAGE_MB: Final = 400
WEAK_WIFI_DBM: Final = -75.0
FAIR_WIFI_DBM: Final = -70.0
CLOCK_PATIENCE_S: Final = 600.0
"""So long a time service may take after the start."""
BAD_RESEND_RATIO: Final = 0.01
FEW_RESENDS: Final = 20

_RANK: Final = (Severity.URGENT, Severity.ATTENTION, Severity.INFO)


@dataclass(frozen=True)
class Signs:
    """`host` None: not measured yet. `withdrawn`: the version that was taken back here, "" for none."""

    host: Host | None
    supply_is_low: bool | None
    link: LinkHealth
    clock_trusted: bool
    up_s: float
    withdrawn: str = ""


def findings(signs: Signs, before: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is not well, the worst first; `before` is what was found last."""
    if signs.host is None:
        return before
    known = frozenset(finding.code for finding in before)
    found = [*_of_power(signs), *_of_host(signs.host, known), *_of_surroundings(signs)]
    return tuple(sorted(found, key=lambda finding: _RANK.index(finding.severity)))


def still_open(alerts: tuple[Alert, ...]) -> tuple[Finding, ...]:
    """What was found before a restart, from the alerts that are open since."""
    codes = {code.value: code for code in HealthCode}
    return tuple(
        Finding(code=codes[alert.detail], severity=alert.severity)
        for alert in alerts
        if alert.code is AlertCode.HEALTH and alert.detail in codes
    )


def _of_power(signs: Signs) -> Iterator[Finding]:
    if signs.supply_is_low:
        yield Finding(code=HealthCode.UNDERVOLTAGE, severity=Severity.ATTENTION)


def _of_host(host: Host, known: frozenset[HealthCode]) -> Iterator[Finding]:
    def limit(code: HealthCode, enters: float, leaves: float) -> float:
        return leaves if code in known else enters

    if host.storage_ok is False:
        yield Finding(code=HealthCode.STORAGE_FAILING, severity=Severity.URGENT)
    written_ms = host.storage_write_ms
    if written_ms is not None and written_ms >= limit(HealthCode.STORAGE_SLOW, SLOW_WRITE_MS, QUICK_WRITE_MS):
        yield Finding(code=HealthCode.STORAGE_SLOW, severity=Severity.ATTENTION)
    free_mb = host.storage_free_mb
    if free_mb is not None and free_mb < limit(HealthCode.STORAGE_LOW, LOW_STORAGE_MB, ENOUGH_STORAGE_MB):
        yield Finding(code=HealthCode.STORAGE_LOW, severity=Severity.ATTENTION)
    if host.cpu_c is not None and host.cpu_c >= limit(HealthCode.HOT, HOT_C, COOLER_C):
        yield Finding(code=HealthCode.HOT, severity=Severity.ATTENTION)
    if host.wifi_dbm is not None and host.wifi_dbm <= limit(HealthCode.WIFI_WEAK, WEAK_WIFI_DBM, FAIR_WIFI_DBM):
        yield Finding(code=HealthCode.WIFI_WEAK, severity=Severity.INFO)


def _of_surroundings(signs: Signs) -> Iterator[Finding]:
    if signs.link.resends >= FEW_RESENDS and signs.link.resend_ratio >= BAD_RESEND_RATIO:
        yield Finding(code=HealthCode.PRINTER_LINK, severity=Severity.ATTENTION)
    if signs.withdrawn:
        yield Finding(code=HealthCode.UPGRADE_WITHDRAWN, severity=Severity.ATTENTION, detail=signs.withdrawn)
    if not signs.clock_trusted and signs.up_s >= CLOCK_PATIENCE_S:
        # A kiosk works without a network: nobody has to come for it.
        yield Finding(code=HealthCode.CLOCK_NOT_SET, severity=Severity.INFO)

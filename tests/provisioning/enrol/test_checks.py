"""Five ticks: what is good, what is waited for, and what to do about the rest."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.bridge_process import bridge_process, simulated_printer
from support.enrolment import Kiosk, enrolment_service
from support.waiting import until

from provisioning import setup_file
from provisioning.enrol.bridge import is_printing
from provisioning.enrol.checks import SetupFacts, Tick, checks, is_ready, is_set_up
from provisioning.enrol.look import addresses, look

FRESH = SetupFacts(
    addresses=(),
    has_cable=False,
    has_wireless=False,
    now=datetime(1970, 1, 1, tzinfo=UTC),
    clock_is_synchronised=False,
    is_enrolled=False,
    step="wait",
)
READY = SetupFacts(
    addresses=("192.0.2.7",),
    has_cable=True,
    has_wireless=True,
    now=datetime(2026, 11, 22, tzinfo=UTC),
    clock_is_synchronised=True,
    is_enrolled=True,
    broker_answers=True,
    bridge_answers=True,
    printer_connected=True,
    has_printed=True,
)


def test_all_is_green() -> None:
    assert is_ready(checks(READY))
    assert [check.title for check in checks(READY)] == ["Netwerk", "Klok", "Regio", "Printer", "Proefprint"]


def test_a_region_that_is_away_does_not_undo_the_set_up() -> None:
    assert is_set_up(replace(READY, broker_answers=False, addresses=()))
    assert not is_set_up(replace(READY, has_printed=False))
    assert not is_set_up(FRESH)


def test_what_waits_for_another_tick_is_not_red() -> None:
    ticks = {check.what: check.tick for check in checks(FRESH)}
    assert ticks == {
        "network": Tick.BAD,
        "clock": Tick.WAITING,
        "region": Tick.BAD,
        "printer": Tick.WAITING,
        "test_print": Tick.WAITING,
    }


@pytest.mark.parametrize(
    ("changed", "what", "remedy"),
    [
        ({"addresses": (), "has_cable": False}, "network", "Steek de kabel"),
        ({"addresses": ()}, "network", "netwerkpunt"),
        ({"clock_is_synchronised": False}, "clock", "NTP (poort 123)"),
        ({"now": datetime(2000, 1, 1, tzinfo=UTC)}, "clock", "NTP"),
        ({"is_enrolled": False, "step": "wait"}, "region", "USB-stick"),
        ({"is_enrolled": False, "step": "wait", "trouble": "setup_file"}, "region", "nieuw opstartbestand"),
        ({"is_enrolled": False, "trouble": "unreachable"}, "region", "8443"),
        ({"is_enrolled": False, "trouble": "not_our_region"}, "region", "Bel de regio"),
        (
            {"is_enrolled": False, "trouble": "refused", "message": "Deze code is vervallen."},
            "region",
            "vervallen",
        ),
        ({"broker_answers": False}, "region", "8883"),
        ({"broker_answers": False, "portal_card": "b8:27:eb:00:00:01"}, "network", "door te laten"),
        (
            {"is_enrolled": False, "trouble": "nonsense", "portal_card": "b8:27:eb:00:00:01"},
            "network",
            "ander netwerk",
        ),
        ({"printer_connected": False}, "printer", "USB-kabel"),
        ({"printer_fault": "printer_halted"}, "printer", "medewerkers"),
        ({"has_printed": False}, "test_print", "klein model"),
    ],
)
def test_each_red_one_says_what_to_do(changed: dict[str, object], what: str, remedy: str) -> None:
    ticks = checks(replace(READY, **changed))  # type: ignore[arg-type]
    assert [check.what for check in ticks if check.tick is Tick.BAD] == [what]
    assert remedy in next(check.remedy for check in ticks if check.what == what)


def test_none_is_red_without_a_remedy_and_none_is_green_with_one() -> None:
    for facts in (FRESH, READY, replace(READY, is_enrolled=False, trouble="nonsense"), replace(FRESH, step="ask")):
        for check in checks(facts):
            assert (check.tick is Tick.BAD) == bool(check.remedy)


def test_the_kernel_s_addresses_are_read() -> None:
    trie = (
        "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n"
        "     |-- 10.77.0.0\n        /24 link UNICAST\n     |-- 10.77.0.2\n        /32 host LOCAL\n"
        "     |-- 127.0.0.1\n        /32 host LOCAL\n"
        "Local:\n     |-- 10.77.0.2\n        /32 host LOCAL\n"
    )
    assert addresses(trie) == ("10.77.0.2",)
    assert addresses("") == ()


def test_a_real_machine_is_looked_at(tmp_path: Path) -> None:
    """The kernel here, a region's service, a bridge with its printer."""
    kiosk = Kiosk(tmp_path / "kiosk")
    kiosk.folder.mkdir()
    (tmp_path / "printer").mkdir()
    (tmp_path / "bridge").mkdir()
    with enrolment_service(tmp_path / "region") as region, simulated_printer(tmp_path / "printer") as printer:
        kiosk.stick.write_text(setup_file.text(region.setup()))
        before = look(kiosk.identity.folder, kiosk.status, tmp_path / "none")
        assert not before.is_enrolled and not before.bridge_answers
        kiosk.enrol()
        with bridge_process(tmp_path / "bridge", printer.port) as bridge:
            until(
                lambda: look(kiosk.identity.folder, kiosk.status, bridge.socket).printer_connected, what="printer"
            )
            after = look(kiosk.identity.folder, kiosk.status, bridge.socket)
            assert not is_printing(bridge.socket)
    assert after.is_enrolled and after.bridge_answers and not after.has_printed
    assert not after.broker_answers  # there is none at that port

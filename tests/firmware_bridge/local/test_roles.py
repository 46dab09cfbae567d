"""The PIN and the roles, over the real socket."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.bridge_client import BridgeClient, BridgeError, client
from support.hand_bridge import HandBridge, hand_bridge
from support.journal import rows
from support.leap import Leap
from support.waiting import until

from firmware_bridge.contract import ErrorCode, Role
from firmware_bridge.service import tries
from firmware_bridge.service.pins import PinStore
from firmware_bridge.service.tries import FREE_TRIES

PINS = {Role.COACH: "2580", Role.STAFF: "4711", Role.TECHNICIAN: "8061"}


def set_pins(folder: Path) -> None:
    (folder / "data").mkdir(mode=0o700)
    store = PinStore(folder / "data")
    for role, pin in PINS.items():
        store.set(role, pin)


@pytest.fixture
def bridge(tmp_path: Path, leap: Leap) -> Iterator[HandBridge]:
    set_pins(tmp_path)
    with hand_bridge(tmp_path, clock=leap.clock) as running:
        yield running


def refused(kiosk: BridgeClient, method: str, **params: Any) -> BridgeError:
    with pytest.raises(BridgeError) as error:
        kiosk.call(method, **params)
    return error.value


def test_a_role_opens_what_it_may_and_no_more(kiosk: BridgeClient) -> None:
    error = refused(kiosk, "staff.cool")
    assert (error.code, error.data) == (ErrorCode.NOT_ALLOWED, {"needed": "coach"})
    assert kiosk.call("staff.unlock", pin=PINS[Role.COACH]) == {"role": "coach", "expires_in_s": 120.0}
    assert kiosk.call("staff.cool") == {}
    assert refused(kiosk, "staff.heat", nozzle_c=200.0).data == {"needed": "staff"}
    assert kiosk.call("staff.unlock", pin=PINS[Role.TECHNICIAN])["role"] == "technician"
    assert kiosk.call("staff.heat", nozzle_c=200.0) == {}
    assert kiosk.call("staff.lock") == {}
    assert refused(kiosk, "staff.cool").code == ErrorCode.NOT_ALLOWED


def test_it_ends_after_two_minutes(kiosk: BridgeClient, leap: Leap) -> None:
    kiosk.call("staff.unlock", pin=PINS[Role.STAFF])
    leap.seconds += 119
    assert kiosk.call("staff.cool") == {}
    leap.seconds += 1
    assert refused(kiosk, "staff.cool").code == ErrorCode.NOT_ALLOWED


def test_it_belongs_to_one_connection(bridge: HandBridge, kiosk: BridgeClient) -> None:
    with client(bridge.socket) as staff:
        staff.call("staff.unlock", pin=PINS[Role.STAFF])
        assert refused(kiosk, "staff.cool").code == ErrorCode.NOT_ALLOWED
        assert staff.call("staff.cool") == {}
    with client(bridge.socket) as later:
        assert refused(later, "staff.cool").code == ErrorCode.NOT_ALLOWED


def test_five_wrong_ones_and_a_restart_does_not_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "WAITS_S", (300.0,))  # longer than a busy machine takes for a restart
    set_pins(tmp_path)
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        left = [refused(kiosk, "staff.unlock", pin="9999").data["tries_left"] for _ in range(FREE_TRIES)]
        assert left == [4, 3, 2, 1, 0]
        error = refused(kiosk, "staff.unlock", pin=PINS[Role.STAFF])
        assert (error.code, error.data["tries_left"]) == (ErrorCode.WRONG_PIN, 0)
        assert 200 < error.data["wait_s"] <= 300
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        again = refused(kiosk, "staff.unlock", pin=PINS[Role.STAFF])
        assert 0 < again.data["wait_s"] <= error.data["wait_s"]


def test_a_pin_that_is_set_counts_without_a_restart(bridge: HandBridge, kiosk: BridgeClient) -> None:
    PinStore(bridge.config.data).set(Role.STAFF, "31415")
    assert refused(kiosk, "staff.unlock", pin="4711").code == ErrorCode.WRONG_PIN
    assert kiosk.call("staff.unlock", pin="31415")["role"] == "staff"


@pytest.mark.parametrize("pin", ["", "12", "letters", "12345678901234", 4711, None])
def test_what_is_no_pin_costs_no_try(kiosk: BridgeClient, pin: object) -> None:
    assert refused(kiosk, "staff.unlock", pin=pin).code == ErrorCode.INVALID_PARAMS
    assert refused(kiosk, "staff.unlock", pin="9999").data["tries_left"] == FREE_TRIES - 1


def test_without_any_pin_it_says_how_to_set_one(tmp_path: Path) -> None:
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        assert "firmware_bridge pin staff" in str(refused(kiosk, "staff.unlock", pin="4711"))


def test_the_journal_says_what_was_done_in_which_role_and_no_pin(tmp_path: Path) -> None:
    set_pins(tmp_path)
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        refused(kiosk, "staff.unlock", pin="9182")
        kiosk.call("staff.unlock", pin=PINS[Role.STAFF])
        kiosk.call("staff.heat", bed_c=50.0)
        kiosk.call("spool.set", material="PETG", colour="#00AA00", name="van juf Noortje")
        refused(kiosk, "staff.log")
    told = [row.data for row in rows(tmp_path) if row.type.value == "staff"]
    assert told == [
        {"act": "wrong_pin", "role": "visitor", "about": {"wait_s": 0.0}},
        {"act": "staff.unlock", "role": "staff", "about": {}},
        {"act": "staff.heat", "role": "staff", "about": {"nozzle_c": 0.0, "bed_c": 50.0}},
        {"act": "spool.set", "role": "staff", "about": {"material": "PETG", "colour": "#00AA00"}},
    ]
    for file in (tmp_path / "data").rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert b"9182" not in content and b"4711" not in content, file


def test_many_at_once_are_looked_at_one_after_another(bridge: HandBridge) -> None:
    connections = [BridgeClient(bridge.socket) for _ in range(6)]
    for connection in connections:
        connection.send(b'{"jsonrpc":"2.0","id":1,"method":"staff.unlock","params":{"pin":"9999"}}\n')
    replies = [connection.reply() for connection in connections]
    for connection in connections:
        connection.close()
    codes = [reply["error"]["code"] for reply in replies if reply is not None]
    assert len(codes) == 6
    assert codes.count(ErrorCode.WRONG_PIN) >= 4
    assert set(codes) <= {ErrorCode.WRONG_PIN, ErrorCode.NOT_NOW}


def test_who_hangs_up_meanwhile_leaves_no_role_behind(bridge: HandBridge, kiosk: BridgeClient) -> None:
    hasty = BridgeClient(bridge.socket)
    hasty.send(b'{"jsonrpc":"2.0","id":1,"method":"staff.unlock","params":{"pin":"4711"}}\n')
    hasty.close()
    kiosk.call("staff.unlock", pin=PINS[Role.COACH])
    assert bridge.bridge._controller.access._sessions._until.keys() == {1}
    assert until(lambda: not bridge.bridge._controller.access._gone, what="nobody is waited for")


def test_a_visitor_cancels_in_the_first_two_minutes_and_a_coach_always(
    bridge: HandBridge, kiosk: BridgeClient, gcode: Path, leap: Leap
) -> None:
    job = kiosk.submit(gcode)["id"]
    kiosk.call("job.start", job=job, plate_is_empty=True)
    until(lambda: bridge.machine.job, what="the printer has the job")
    bridge.machine.print_on()
    leap.seconds += 121
    error = refused(kiosk, "job.cancel", job=job)
    assert (error.code, error.data) == (ErrorCode.NOT_ALLOWED, {"needed": "coach"})
    assert kiosk.until_job("printing")
    kiosk.call("staff.unlock", pin=PINS[Role.COACH])
    kiosk.call("job.cancel", job=job)
    kiosk.until_job("cancelled")

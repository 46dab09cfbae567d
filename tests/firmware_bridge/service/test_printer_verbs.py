"""What a person says to the printer itself: answers, danger, "I have looked", "I vouch for it"."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.bridge_client import BridgeClient, BridgeError, client
from support.gcode import write_tower
from support.hand_bridge import HandBridge, hand_bridge
from support.waiting import until

from firmware_bridge.bridge import CONFIRMATIONS
from firmware_bridge.contract import ErrorCode, Fault, FaultCode, Question, QuestionKind, Role
from firmware_bridge.machine.confirmations import Confirmations
from firmware_bridge.machine.interface import Asked, Connected, Disconnected, Unproven
from firmware_bridge.service.pins import PinStore

QUESTION = Question(id="7-1", text="Paused", choices=("PurgeMore", "Continue"), kind=QuestionKind.MORE_FILAMENT)
UNPROVEN = Unproven("prusa-mk3s", "Old 1.0", "/dev/hand")
THERMAL = Fault(code=FaultCode.THERMAL, detail="Thermal Runaway")


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[HandBridge]:
    with hand_bridge(tmp_path) as running:
        yield running


def start(bridge: HandBridge, kiosk: BridgeClient, folder: Path) -> str:
    job = str(kiosk.submit(write_tower(folder / "print.gcode"))["id"])
    kiosk.call("job.start", job=job, plate_is_empty=True)
    until(lambda: bridge.machine.job == job, what="the machine has it")
    return job


def unlock(bridge: HandBridge, kiosk: BridgeClient, role: Role) -> None:
    """Somebody with a PIN of that role stands there."""
    pin = {Role.STAFF: "2468", Role.TECHNICIAN: "135790"}[role]
    PinStore(bridge.config.data).set(role, pin)
    kiosk.call("staff.unlock", pin=pin)


def refused(kiosk: BridgeClient, method: str, **params: object) -> BridgeError:
    with pytest.raises(BridgeError) as refusal:
        kiosk.call(method, **params)
    return refusal.value


# --- questions -----------------------------------------------------------------------------------------


def test_a_question_is_shown_and_answered(bridge: HandBridge, kiosk: BridgeClient) -> None:
    assert kiosk.state()["question"] is None
    bridge.machine._tell(Asked(QUESTION))
    shown = until(lambda: kiosk.state()["question"], what="the question")
    assert shown == {
        "id": "7-1",
        "text": "Paused",
        "choices": ["PurgeMore", "Continue"],
        "kind": "more_filament",
    }
    kiosk.call("printer.answer", question="7-1", choice=1)
    until(lambda: kiosk.state()["question"] is None, what="the question is gone")
    assert bridge.machine.answers == [("7-1", 1)]


def test_what_is_not_asked_is_not_answered(bridge: HandBridge, kiosk: BridgeClient) -> None:
    assert refused(kiosk, "printer.answer", question="7-1", choice=0).code == ErrorCode.NOT_NOW
    bridge.machine._tell(Asked(QUESTION))
    until(lambda: kiosk.state()["question"], what="the question")
    assert refused(kiosk, "printer.answer", question="7-0", choice=0).code == ErrorCode.NOT_NOW
    assert refused(kiosk, "printer.answer", question="7-1", choice=2).code == ErrorCode.INVALID_PARAMS
    assert bridge.machine.answers == []


def test_a_question_of_a_printer_that_is_gone_is_gone(bridge: HandBridge, kiosk: BridgeClient) -> None:
    bridge.machine._tell(Asked(QUESTION))
    until(lambda: kiosk.state()["question"], what="the question")
    bridge.machine.unplug()
    until(lambda: kiosk.state()["question"] is None, what="the question is gone")


# --- danger --------------------------------------------------------------------------------------------


def test_anybody_may_stop_it_and_somebody_must_look_before_the_next(
    bridge: HandBridge, kiosk: BridgeClient, tmp_path: Path
) -> None:
    start(bridge, kiosk, tmp_path)
    kiosk.call("printer.emergency")
    job = kiosk.until_job("failed")
    assert (job["fault"]["code"], job["ended_by"]) == ("emergency_stop", "fault")
    bridge.machine._tell(Connected("Hand 1.0", "/dev/hand"))
    kiosk.until_connected()
    printer = kiosk.state()["printer"]
    assert (printer["connected"], printer["latched"], printer["state"]) == (True, True, "ERROR")
    waiting = kiosk.submit(write_tower(tmp_path / "next.gcode"))["id"]
    error = refused(kiosk, "job.start", job=waiting, plate_is_empty=True)
    assert error.code == ErrorCode.NOT_NOW and "look at the printer" in str(error)
    assert refused(kiosk, "printer.clear").code == ErrorCode.NOT_ALLOWED
    unlock(bridge, kiosk, Role.STAFF)
    assert kiosk.call("printer.clear")["printer"]["fault"] is None
    kiosk.call("job.start", job=waiting, plate_is_empty=True)
    assert refused(kiosk, "printer.clear").code == ErrorCode.NOT_NOW


def test_danger_before_the_printer_has_heard_of_the_job(
    bridge: HandBridge, kiosk: BridgeClient, tmp_path: Path
) -> None:
    unlock(bridge, kiosk, Role.STAFF)
    for _ in range(10):
        job = kiosk.submit(write_tower(tmp_path / "print.gcode"))["id"]
        kiosk.call("job.start", job=job, plate_is_empty=True)
        kiosk.call("printer.emergency")
        assert kiosk.until_job("failed")["fault"]["code"] == "emergency_stop"
        kiosk.call("printer.clear")
        kiosk.call("job.collect", job=job)
        bridge.machine._tell(Connected("Hand 1.0", "/dev/hand"))
        kiosk.until_connected()
    assert bridge.machine.job is None


def test_a_thermal_fault_stays_until_somebody_looked_also_over_a_restart(tmp_path: Path) -> None:
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        bridge.machine._tell(Disconnected(THERMAL))
        until(lambda: kiosk.state()["printer"]["latched"], what="latched")
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        printer = kiosk.state()["printer"]
        assert (printer["latched"], printer["fault"]["code"]) == (True, "thermal")
        unlock(bridge, kiosk, Role.STAFF)
        kiosk.call("printer.clear")
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        assert not kiosk.state()["printer"]["latched"]


def test_a_pulled_cable_is_solved_by_plugging_it_in(bridge: HandBridge, kiosk: BridgeClient) -> None:
    bridge.machine.unplug()
    until(lambda: not kiosk.state()["printer"]["connected"], what="away")
    bridge.machine._tell(Connected("Hand 1.0", "/dev/hand"))
    kiosk.until_connected()
    assert kiosk.state()["printer"]["fault"] is None


# --- thermal protection --------------------------------------------------------------------------------


def test_a_technician_vouches_once_for_exactly_this_firmware(
    bridge: HandBridge, kiosk: BridgeClient, tmp_path: Path
) -> None:
    unlock(bridge, kiosk, Role.STAFF)
    assert refused(kiosk, "printer.confirm_thermal", firmware="Old 1.0").code == ErrorCode.NOT_ALLOWED
    unlock(bridge, kiosk, Role.TECHNICIAN)
    assert refused(kiosk, "printer.confirm_thermal", firmware="Old 1.0").code == ErrorCode.NOT_NOW
    bridge.machine._tell(Disconnected(Fault(code=FaultCode.UNSAFE_FIRMWARE), UNPROVEN))
    until(lambda: kiosk.state()["printer"]["may_confirm"], what="to be confirmed")
    assert kiosk.state()["printer"]["firmware"] == "Old 1.0"
    assert refused(kiosk, "printer.confirm_thermal", firmware="Old 1.1").code == ErrorCode.NOT_NOW
    kiosk.call("printer.confirm_thermal", firmware="Old 1.0")
    path = bridge.config.data / CONFIRMATIONS
    until(path.exists, what="it is on the disk")
    assert json.loads(path.read_text()) == [{"profile": "prusa-mk3s", "firmware": "Old 1.0", "port": "/dev/hand"}]
    kept = Confirmations(path)
    assert kept.has(UNPROVEN)
    assert not kept.has(Unproven("prusa-mk3s", "Old 1.0", "/dev/other"))


@pytest.mark.parametrize("content", [b"", b"[", b'[{"profile": 3}]', b"\xff"])
def test_a_broken_file_confirms_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / CONFIRMATIONS
    path.write_bytes(content)
    confirmations = Confirmations(path)
    assert not confirmations.has(UNPROVEN)
    confirmations.add(UNPROVEN)
    confirmations.save()
    assert Confirmations(path).has(UNPROVEN)

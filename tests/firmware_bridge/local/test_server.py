"""The UNIX socket: requests, descriptors, notifications; and everything that a client can do wrong."""

import json
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.bridge_client import BridgeClient, BridgeError, client
from support.gcode import tower
from support.hand_bridge import HandBridge, hand_bridge
from support.hand_machine import COLD
from support.waiting import until

from firmware_bridge.contract import MAX_PAYLOAD_BYTES, ErrorCode, FaultCode
from firmware_bridge.local.server import LocalApi


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[HandBridge]:
    with hand_bridge(tmp_path) as running:
        yield running


def refused(error: pytest.ExceptionInfo[BridgeError]) -> ErrorCode:
    return ErrorCode(error.value.code)


def test_only_owner_and_group_reach_the_socket(bridge: HandBridge) -> None:
    assert stat.S_IMODE(bridge.socket.stat().st_mode) == 0o660


def test_hello_says_who_it_is(kiosk: BridgeClient) -> None:
    info = kiosk.call("hello")
    assert (info["kiosk"], info["profile"], info["session"]) == ("deinze", "prusa-mk3s", 1)
    assert info["spool"] == {"material": "PLA", "colour": "#E4572E", "name": "Oranje"}


def test_a_job_from_submission_to_collection(bridge: HandBridge, kiosk: BridgeClient, gcode: Path) -> None:
    job = kiosk.submit(gcode)
    assert (job["state"], job["layers"]) == ("waiting_for_plate", 5)
    assert kiosk.state()["queue"] == [job]
    started = kiosk.call("job.start", job=job["id"], plate_is_empty=True)
    assert started["state"] == "heating"
    until(lambda: bridge.machine.job, what="the printer has the job")
    assert bridge.machine.contents == [gcode.read_bytes()]
    assert bridge.machine.files[0].is_relative_to(bridge.config.data)
    bridge.machine.print_on(20)
    kiosk.until_job("printing")
    kiosk.call("job.pause", job=job["id"])
    assert kiosk.until_job("paused")["paused_by"] == "kiosk"
    kiosk.call("job.resume", job=job["id"])
    kiosk.until_job("printing")
    bridge.machine.finish()
    kiosk.until_job("cooling")
    with pytest.raises(BridgeError) as error:
        kiosk.call("job.collect", job=job["id"])
    assert refused(error) is ErrorCode.NOT_NOW
    bridge.machine.measure(COLD)
    kiosk.until_job("ready")
    assert kiosk.call("job.collect", job=job["id"])["state"] == "collected"
    assert kiosk.state()["job"] is None
    until(lambda: not bridge.machine.files[0].exists(), what="the job's files are erased")


def test_nothing_starts_before_somebody_has_seen_an_empty_plate(kiosk: BridgeClient, gcode: Path) -> None:
    job = kiosk.submit(gcode)
    with pytest.raises(BridgeError) as error:
        kiosk.call("job.start", job=job["id"], plate_is_empty=False)
    assert refused(error) is ErrorCode.NOT_NOW
    with pytest.raises(BridgeError) as error:
        kiosk.call("job.start", job=job["id"])
    assert refused(error) is ErrorCode.INVALID_PARAMS
    assert kiosk.state()["job"] is None


def test_a_file_that_the_vet_refuses_comes_back_with_its_line(kiosk: BridgeClient, tmp_path: Path) -> None:
    path = tmp_path / "bad.gcode"
    path.write_text(tower().replace("G28\n", "G28\nM500\n"))
    with pytest.raises(BridgeError) as error:
        kiosk.submit(path)
    assert refused(error) is ErrorCode.FILE_REFUSED
    assert error.value.data["line"] == 9
    assert kiosk.state()["queue"] == []


def test_only_the_copy_is_printed(bridge: HandBridge, kiosk: BridgeClient, gcode: Path) -> None:
    """What the sender does with the file afterwards changes nothing."""
    vetted = gcode.read_bytes()
    job = kiosk.submit(gcode)
    gcode.write_text("M500\n")
    kiosk.call("job.start", job=job["id"], plate_is_empty=True)
    until(lambda: bridge.machine.job, what="the printer has the job")
    assert bridge.machine.contents == [vetted]


def test_a_copy_that_has_changed_on_the_disk_is_not_printed(
    bridge: HandBridge, kiosk: BridgeClient, gcode: Path
) -> None:
    job = kiosk.submit(gcode)
    with (bridge.config.data / "jobs" / job["id"] / "gcode").open("ab") as copy:
        copy.write(b"M500\n")
    kiosk.call("job.start", job=job["id"], plate_is_empty=True)
    assert kiosk.until_job("failed")["fault"]["code"] == FaultCode.FILE_REFUSED.value
    assert bridge.machine.files == []


def test_a_part_comes_back_as_a_read_only_descriptor(kiosk: BridgeClient, gcode: Path, tmp_path: Path) -> None:
    toolpath = tmp_path / "toolpath.npz"
    toolpath.write_bytes(b"toolpath" * 1000)
    with gcode.open("rb") as first, toolpath.open("rb") as second:
        params = {
            "card": "naamplaatje",
            "personal": True,
            "estimate_s": 1,
            "grams": 1,
            "parts": ["gcode", "toolpath"],
        }
        job = kiosk.call("job.submit", [first.fileno(), second.fileno()], **params)
    assert kiosk.call("job.open", job=job["id"], part="toolpath") == {}
    (handle,) = kiosk.descriptors
    assert os.pread(handle, 100_000, 0) == toolpath.read_bytes()
    with pytest.raises(OSError):
        os.write(handle, b"x")


@pytest.mark.parametrize(
    ("params", "handles", "word"),
    [
        ({"parts": []}, 0, "gcode"),
        ({"parts": ["gcode"]}, 0, "descriptors"),
        ({"parts": ["gcode", "gcode"]}, 2, "twice"),
        ({"parts": ["picture"]}, 1, "parts"),
        ({"card": "Voor Noor!"}, 1, "card"),
        ({"estimate_s": -1}, 1, "estimate_s"),
        ({"grams": "veel"}, 1, "grams"),
    ],
)
def test_a_submission_that_is_wrong_says_what(
    kiosk: BridgeClient, gcode: Path, params: dict[str, object], handles: int, word: str
) -> None:
    with gcode.open("rb") as file, pytest.raises(BridgeError, match=word) as error:
        fields = {"card": "ring", "personal": False, "estimate_s": 1, "grams": 1} | params
        kiosk.call("job.submit", [file.fileno()] * handles, **fields)
    assert refused(error) is ErrorCode.INVALID_PARAMS


def test_a_descriptor_that_is_no_file_is_refused(kiosk: BridgeClient) -> None:
    reader, writer = os.pipe()
    try:
        with pytest.raises(BridgeError, match="regular file") as error:
            kiosk.call("job.submit", [reader], card="ring", personal=False, estimate_s=1, grams=1)
    finally:
        os.close(reader)
        os.close(writer)
    assert refused(error) is ErrorCode.FILE_REFUSED


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", ErrorCode.PARSE),
        (b"\x00\xff\xfe\x80", ErrorCode.PARSE),
        (b"[" * 5000, ErrorCode.PARSE),
        (b"[]", ErrorCode.INVALID_REQUEST),
        (b"17", ErrorCode.INVALID_REQUEST),
        (b'{"jsonrpc":"1.0","id":1,"method":"state"}', ErrorCode.INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":{},"method":"state"}', ErrorCode.INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1,"method":"state","params":[1]}', ErrorCode.INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1,"method":"job.print"}', ErrorCode.UNKNOWN_METHOD),
        (b'{"jsonrpc":"2.0","id":1,"method":"job.start","params":{"job":5}}', ErrorCode.INVALID_PARAMS),
        (b'{"jsonrpc":"2.0","id":1,"method":"job.cancel","params":{"job":"x"}}', ErrorCode.NO_SUCH_JOB),
    ],
)
def test_a_malformed_line_gets_an_error_and_the_connection_lives(
    kiosk: BridgeClient, line: bytes, code: ErrorCode
) -> None:
    kiosk.send(line + b"\n")
    message = kiosk.reply()
    assert message is not None
    assert message["error"]["code"] == code
    assert kiosk.call("hello")["kiosk"] == "deinze"


def test_a_notification_gets_no_reply(kiosk: BridgeClient) -> None:
    kiosk.send(b'{"jsonrpc":"2.0","method":"job.cancel","params":{"job":"x"}}\n')
    assert kiosk.call("hello")["kiosk"] == "deinze"


def test_a_line_without_end_closes_the_connection(bridge: HandBridge, kiosk: BridgeClient) -> None:
    with client(bridge.socket) as rude:
        rude.send(b"x" * (MAX_PAYLOAD_BYTES + 1))
        assert rude.read() is None
    assert kiosk.call("hello")


def test_requests_in_pieces_and_in_one_go(kiosk: BridgeClient) -> None:
    line = json.dumps({"jsonrpc": "2.0", "id": 7, "method": "hello"}).encode() + b"\n"
    for byte in line:
        kiosk.send(bytes([byte]))
    kiosk.send(line + line)
    assert [message and message["id"] for message in (kiosk.reply(), kiosk.reply(), kiosk.reply())] == [7, 7, 7]


def test_subscribers_hear_of_changes_and_temperatures(
    bridge: HandBridge, kiosk: BridgeClient, gcode: Path
) -> None:
    with client(bridge.socket) as watcher:
        state = watcher.call("subscribe")
        assert state["printer"]["state"] == "IDLE"
        job = kiosk.submit(gcode)
        queued: list[str] = []
        nozzle_c = None
        while queued != [job["id"]] or nozzle_c != 22.0:
            message = watcher.read()
            assert message is not None
            if message["method"] == "state":
                queued = [waiting["id"] for waiting in message["params"]["queue"]]
            else:
                nozzle_c = message["params"]["temperatures"]["nozzle_c"]


def test_a_subscriber_that_does_not_read_is_dropped(bridge: HandBridge, kiosk: BridgeClient) -> None:
    with client(bridge.socket) as sleeper:
        sleeper.call("subscribe")
        request = b'{"jsonrpc":"2.0","id":1,"method":"state"}\n' * 200

        def stuffed() -> bool:
            try:
                sleeper.send(request)
            except (BrokenPipeError, ConnectionResetError):
                return True
            return False

        sleeper.socket.settimeout(60)
        until(stuffed, what="the sleeper is dropped", every_s=0)
    assert kiosk.call("hello")


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_descriptor_leaks(bridge: HandBridge, kiosk: BridgeClient, gcode: Path, tmp_path: Path) -> None:
    """Whatever comes with descriptors, taken or not, the bridge (in this process) ends with what it had."""
    kiosk.call("hello")
    before = descriptors()
    with gcode.open("rb") as file:
        handle = file.fileno()
        for _ in range(20):
            with client(bridge.socket) as rude:
                rude.send(b'{"jsonrpc":"2.0","id":1,"method":"state"}\n', [handle, handle])  # nobody takes them
                assert rude.reply() is not None
                rude.send(b"rubbish\n", [handle])
                assert rude.reply() is not None
                with pytest.raises(BridgeError):
                    rude.call(
                        "job.submit", [handle] * 3, card="ring", personal=False, estimate_s=1, grams=1, parts=[]
                    )
                rude.send(b'{"jsonrpc":"2.0","id":1,"met', [handle])  # a half message, then gone
            with client(bridge.socket) as rude:
                rude.send(b"x", [handle] * 8)
                rude.send(b"x", [handle] * 8)  # more than is allowed
                assert rude.read() is None
    job = kiosk.submit(gcode)
    kiosk.call("job.cancel", job=job["id"])
    # The test of the card may have had its own file open before.
    until(lambda: descriptors() <= before, what=f"{before} descriptors are open again")


def test_a_process_of_another_user_is_turned_away(tmp_path: Path) -> None:
    asked: list[object] = []
    api = LocalApi(tmp_path / "s", lambda *call: asked.append(call), users=frozenset({os.getuid() + 1}))
    api.start()
    try:
        with client(tmp_path / "s") as stranger:
            assert stranger.read() is None
    finally:
        api.close()
    assert asked == []


def test_a_dead_socket_is_replaced(tmp_path: Path) -> None:
    """A killed bridge leaves its socket behind."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "s"))
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        assert kiosk.call("hello")
    assert not bridge.socket.exists()


def test_a_second_bridge_does_not_take_the_socket(bridge: HandBridge, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="another bridge"), hand_bridge(tmp_path):
        pass

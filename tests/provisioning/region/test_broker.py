"""Breaking in at the region's broker: a real Mosquitto with our configuration, and certificates of every kind."""

import signal
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.asked import ask_beside
from support.bridge_process import bridge_process
from support.certificates import Authority, Identity
from support.dashboard import prepared_at
from support.region_broker import NOT_AUTHORIZED, Client, Recorder, RegionBroker, region_broker
from support.waiting import until

from provisioning.region.broker import BrokerError, Settings, write, write_access

ROOT = "maakhoek/v1"
OWN = ("online", "info", "state", "telemetry", "alert/printer_fault", "events", "res/pause")
NOT_OWN = ("ack", "cmd/pause", "cmd", "res", "alert", "weather", "state/more", "events/1")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegionBroker]:
    with region_broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture
def recorder(broker: RegionBroker) -> Iterator[Recorder]:
    listening = Recorder(broker)
    yield listening
    listening.close()


@pytest.fixture
def deinze(broker: RegionBroker) -> Identity:
    return broker.authority.issue("deinze")


def _still_serves(broker: RegionBroker, recorder: Recorder) -> None:
    """An honest kiosk comes in and is heard, within the time that a kiosk's first try has."""
    mark = str(time.monotonic()).encode()
    with Client(broker, broker.authority.issue("honest")).connected() as honest:
        honest.send(f"{ROOT}/honest/events", mark)
        until(lambda: (f"{ROOT}/honest/events", mark) in recorder.heard, 5, "an honest kiosk is heard")


# --- topics ---------------------------------------------------------------------------------------


def test_a_kiosk_says_what_is_its_own(broker: RegionBroker, recorder: Recorder, deinze: Identity) -> None:
    with Client(broker, deinze).connected() as kiosk:
        for leaf in OWN:
            assert kiosk.verdict(f"{ROOT}/deinze/{leaf}", b"{}") == "Success", leaf
            until(lambda leaf=leaf: (f"{ROOT}/deinze/{leaf}", b"{}") in recorder.heard, what=leaf)


@pytest.mark.parametrize("leaf", NOT_OWN)
def test_it_says_nothing_else(broker: RegionBroker, recorder: Recorder, deinze: Identity, leaf: str) -> None:
    with Client(broker, deinze).connected() as kiosk:
        assert kiosk.verdict(f"{ROOT}/deinze/{leaf}", b"forged") == NOT_AUTHORIZED
    assert b"forged" not in [payload for _, payload in recorder.heard]


def test_it_speaks_for_no_other(broker: RegionBroker, recorder: Recorder, deinze: Identity) -> None:
    with Client(broker, deinze).connected() as kiosk:
        topics = [f"{ROOT}/gent/{leaf}" for leaf in (*OWN, *NOT_OWN)]
        for topic in [*topics, f"{ROOT}/deinze2/state", "maakhoek/v2/deinze/state", "$SYS/broker", "state"]:
            assert kiosk.verdict(topic, b"forged") == NOT_AUTHORIZED, topic
    assert b"forged" not in [payload for _, payload in recorder.heard]


def test_it_hears_only_what_is_meant_for_it(broker: RegionBroker, recorder: Recorder, deinze: Identity) -> None:
    with (
        Client(broker, deinze).connected() as kiosk,
        Client(broker, broker.authority.issue("gent")).connected() as gent,
    ):
        for wish in ("#", f"{ROOT}/#", f"{ROOT}/gent/#", f"{ROOT}/+/cmd/+", "$SYS/#", f"{ROOT}/deinze/#"):
            kiosk.subscribe(wish)
        gent.verdict(f"{ROOT}/gent/state", b"private")
        recorder.say(f"{ROOT}/gent/cmd/pause", b"private")
        recorder.say(f"{ROOT}/gent/ack", b"private")
        recorder.say(f"{ROOT}/deinze/ack", b"mine")
        assert recorder.say(f"{ROOT}/deinze/cmd/pause", b"mine, the last") == "Success"
        until(lambda: (f"{ROOT}/deinze/cmd/pause", b"mine, the last") in kiosk.heard, what="its own command")
        assert {payload for _, payload in kiosk.heard} == {b"mine", b"mine, the last"}


def test_the_recorder_cannot_speak_for_a_kiosk_either(recorder: Recorder) -> None:
    for leaf in (*OWN, "cmd", "cmd/pause/now"):
        assert recorder.say(f"{ROOT}/deinze/{leaf}", b"{}") == NOT_AUTHORIZED, leaf


@pytest.mark.parametrize("name", ["+", "#", "deinze/state", "+/x"])
def test_a_name_that_is_a_pattern_opens_nothing(broker: RegionBroker, recorder: Recorder, name: str) -> None:
    """An authority would not sign such a name; were it tricked, the broker would not fall for it."""
    client = Client(broker, broker.authority.issue(name, f"odd-{len(name)}{ord(name[0])}"))
    client.start()
    until(lambda: client.connections or client.trouble, what="the broker answers")
    if client.connections:
        client.subscribe(f"{ROOT}/+/ack")
        assert client.verdict(f"{ROOT}/deinze/state", b"forged") == NOT_AUTHORIZED
        recorder.say(f"{ROOT}/deinze/ack", b"private")
    client.stop()
    assert client.heard == [] and b"forged" not in [payload for _, payload in recorder.heard]


def test_a_will_on_another_s_topic_is_not_delivered(
    broker: RegionBroker, recorder: Recorder, deinze: Identity
) -> None:
    for topic, is_heard in ((f"{ROOT}/gent/online", False), (f"{ROOT}/deinze/online", True)):
        will = f"will of {topic}".encode()
        client = Client(broker, deinze, **{topic: will})
        client.start()
        until(lambda client=client: client.connections, what="connected")
        client.vanish()
        if is_heard:
            until(lambda topic=topic, will=will: (topic, will) in recorder.heard, what="its own will")
    assert (f"{ROOT}/gent/online", f"will of {ROOT}/gent/online".encode()) not in recorder.heard


# --- who --------------------------------------------------------------------------------------------


def test_another_s_client_id_throws_nobody_off(broker: RegionBroker, recorder: Recorder, deinze: Identity) -> None:
    with Client(broker, deinze, "deinze").connected() as honest:
        with Client(broker, broker.authority.issue("gent"), "deinze").connected() as thief:
            assert thief.verdict(f"{ROOT}/deinze/state", b"forged") == NOT_AUTHORIZED
            assert thief.verdict(f"{ROOT}/gent/state") == "Success"
            assert honest.verdict(f"{ROOT}/deinze/state") == "Success"
        assert honest.connections == 1 and honest.trouble == ""


def _identity(broker: RegionBroker, kind: str, folder: Path) -> Identity | None:
    match kind:
        case "expired":
            return broker.authority.issue("deinze", "expired", valid_for=-timedelta(hours=1))
        case "foreign":
            return Authority(folder, "Test region").issue("deinze")  # the same name, another key
    return None


@pytest.mark.parametrize("kind", ["expired", "foreign", "none"])
def test_without_a_good_certificate_nobody_comes_in(
    broker: RegionBroker, recorder: Recorder, tmp_path: Path, kind: str
) -> None:
    client = Client(broker, _identity(broker, kind, tmp_path), "deinze")
    client.start()
    until(lambda: client.trouble, what="it is refused")
    client.send(f"{ROOT}/deinze/state", b"forged")
    client.stop()
    assert client.connections == 0
    _still_serves(broker, recorder)
    assert b"forged" not in [payload for _, payload in recorder.heard]


def test_a_revoked_certificate_is_refused(tmp_path: Path) -> None:
    with region_broker(tmp_path) as broker:
        stolen = broker.authority.issue("stolen")
        with Client(broker, stolen).connected():
            pass
        broker.authority.revoke("stolen")
        broker.process.send_signal(signal.SIGHUP)

        def is_refused() -> bool:
            thief = Client(broker, stolen)
            thief.start()
            until(lambda: thief.connections or thief.trouble, what="the broker answers")
            thief.stop()
            return thief.connections == 0

        until(is_refused, what="it is refused", every_s=0.2)


def test_a_broker_of_somebody_else_is_not_believed(broker: RegionBroker, tmp_path: Path) -> None:
    context = ssl.create_default_context(cafile=str(Authority(tmp_path).certificate))
    where = (broker.settings.address, broker.settings.port)
    with socket.create_connection(where) as wire, pytest.raises(ssl.SSLCertVerificationError):
        context.wrap_socket(wire, server_hostname="127.0.0.1")


def test_a_stopped_kiosk_is_neither_heard_nor_told_anything(
    broker: RegionBroker, recorder: Recorder, deinze: Identity
) -> None:
    with Client(broker, deinze).connected() as kiosk:
        kiosk.subscribe(f"{ROOT}/deinze/cmd/+")
        assert kiosk.verdict(f"{ROOT}/deinze/state") == "Success"
        try:
            write_access(broker.settings, ["deinze"])
            broker.process.send_signal(signal.SIGHUP)
            until(lambda: kiosk.verdict(f"{ROOT}/deinze/state", b"?") == NOT_AUTHORIZED, what="it is stopped")
            recorder.say(f"{ROOT}/deinze/cmd/pause", b"secret")
            _still_serves(broker, recorder)
            assert b"secret" not in [payload for _, payload in kiosk.heard]
        finally:
            write_access(broker.settings, [])
            broker.process.send_signal(signal.SIGHUP)
        until(lambda: kiosk.verdict(f"{ROOT}/deinze/state", b"?") == "Success", what="it is let in again")


# --- too much ---------------------------------------------------------------------------------------


def test_ten_megabytes_end_the_connection_and_nothing_else(
    broker: RegionBroker, recorder: Recorder, deinze: Identity
) -> None:
    before = broker.memory_mb()
    for _ in range(3):
        client = Client(broker, deinze)
        client.start()
        until(lambda client=client: client.connections, what="connected")
        client.send(f"{ROOT}/deinze/events", b"x" * 10_000_000)
        until(lambda client=client: client.trouble, what="the broker hangs up")
        client.stop()
    assert broker.memory_mb() - before < 15
    assert max((len(payload) for _, payload in recorder.heard), default=0) < 20_000
    _still_serves(broker, recorder)


def test_a_flood_of_connections_keeps_no_kiosk_out(broker: RegionBroker, recorder: Recorder) -> None:
    """Three hundred that say nothing, a hundred that say rubbish: they hold sockets, and no more."""
    with ExitStack() as stack:
        where = (broker.settings.address, broker.settings.port)
        for n in range(400):
            wire = stack.enter_context(closing(socket.create_connection(where, 5)))
            if n % 4 == 0:
                wire.sendall(b"\x10\xff\xff\xff\x7f" + b"A" * 1_000)
        _still_serves(broker, recorder)
        assert broker.memory_mb() < 100


# --- the real ones ----------------------------------------------------------------------------------


def test_the_bridge_and_the_recorder_meet_through_these_locks(broker: RegionBroker, tmp_path: Path) -> None:
    identity = broker.authority.issue("deinze", "bridge")
    region = prepared_at(tmp_path, f'socket = "{broker.settings.socket}"')
    tls = (
        f'[broker]\nhost = "127.0.0.1"\nport = {broker.settings.port}\nca = "{broker.authority.certificate}"\n'
        f'certificate = "{identity.certificate}"\nkey = "{identity.key}"\n'
    )
    with region.recorder(), bridge_process(tmp_path, Path("/dev/null"), more=tls):
        known = "SELECT count(*) FROM dashboard_event WHERE kiosk_id = 'deinze'"
        until(lambda: region.one(known), what="its journal is recorded")
        until(
            lambda: region.one("SELECT online AND state <> '' FROM dashboard_kiosk WHERE id = 'deinze'"),
            what="its state is known",
        )
        ask_beside(region, "c1", "deinze", "out_of_order")
        step = "SELECT step FROM dashboard_command"
        until(lambda: region.one(step) == "finished", what="a command goes there and its result comes back")


def test_a_configuration_that_cannot_work_is_not_written(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "broker", tmp_path / "pki", tmp_path / "s")
    with pytest.raises(BrokerError, match=r"ca\.crt: is not there"):
        write(settings)
    Authority(settings.pki).issue_broker()
    for kiosk in ("Deinze", "a b", "deinze\ntopic readwrite #", ""):
        with pytest.raises(BrokerError, match="small letters"):
            write(settings, [kiosk])

"""The authority's certificates at the real broker: let in, taken back, stopped; and the broker's own renewed."""

import contextlib
import signal
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from support.certificates import Identity
from support.programs import free_port, program, running
from support.region_broker import NOT_AUTHORIZED, Client, Recorder, RegionBroker
from support.region_ca import PASSPHRASE, opened
from support.waiting import until

from provisioning.ca import ceremony, certificates, replacement, signer
from provisioning.ca.authority import Authority, Refused
from provisioning.ca.certificates import key_pem
from provisioning.region.broker import Settings, write, write_access

STATE = "maakhoek/v1/deinze/state"


@dataclass(frozen=True)
class Trust:
    """What a client of the tests has to know: the root, and nothing below it."""

    certificate: Path


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    for one in opened(tmp_path, datetime.now(UTC)):
        one.renew_server(["127.0.0.1"], datetime.now(UTC))
        one.write_lists(datetime.now(UTC))
        yield one


def answers(settings: Settings) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as wire:
        wire.connect(str(settings.socket))
        return True
    return False


@pytest.fixture
def broker(authority: Authority, tmp_path: Path) -> Iterator[RegionBroker]:
    settings = Settings(
        tmp_path / "broker", authority.pki, tmp_path / "b.sock", free_port(), "127.0.0.1", user="root"
    )
    with running([program("mosquitto"), "-c", write(settings)], tmp_path / "broker.log") as process:
        until(lambda: answers(settings), what="mosquitto answers")
        broker = RegionBroker(settings, Trust(authority.folder / "root.crt"), process)  # type: ignore[arg-type]
        recorder = Recorder(broker)
        yield broker
        recorder.close()


@pytest.fixture
def deinze(authority: Authority, tmp_path: Path) -> Identity:
    now = datetime.now(UTC)
    key = certificates.make_key()
    _, code = authority.new_kiosk("Bibliotheek Deinze", now, "balie")
    identity = Identity(tmp_path / "kiosk.crt", tmp_path / "kiosk.key")
    identity.certificate.write_text(authority.enrol(code, certificates.request(key), now, "192.0.2.7").chain)
    identity.key.write_bytes(key_pem(key))
    return identity


def reload(broker: RegionBroker, authority: Authority) -> None:
    """As the region's unit does when the authority's lists have changed."""
    write_access(broker.settings, (authority.pki / "stopped").read_text().split())
    broker.process.send_signal(signal.SIGHUP)


def is_let_in(broker: RegionBroker, identity: Identity) -> bool:
    client = Client(broker, identity)
    client.start()
    until(lambda: client.connections or client.trouble, what="the broker answers")
    client.stop()
    return client.connections > 0


def test_an_enrolled_kiosk_that_trusts_only_the_root_is_let_in(broker: RegionBroker, deinze: Identity) -> None:
    with Client(broker, deinze).connected() as kiosk:
        assert kiosk.verdict(STATE) == "Success"
        assert kiosk.verdict("maakhoek/v1/gent/state") == NOT_AUTHORIZED


def test_a_stopped_kiosk_is_silenced_at_once_and_kept_out_after(
    broker: RegionBroker, authority: Authority, deinze: Identity
) -> None:
    with Client(broker, deinze).connected() as kiosk:
        assert kiosk.verdict(STATE) == "Success"
        authority.stop("deinze", datetime.now(UTC), "balie")
        reload(broker, authority)
        until(lambda: kiosk.verdict(STATE) == NOT_AUTHORIZED, what="it is silenced")
    until(lambda: not is_let_in(broker, deinze), what="it is kept out", every_s=0.2)


def test_a_server_s_certificate_is_no_kiosk(broker: RegionBroker, authority: Authority) -> None:
    assert not is_let_in(broker, Identity(authority.pki / "broker.crt", authority.pki / "broker.key"))


def test_the_broker_s_own_certificate_is_renewed_without_a_restart(
    broker: RegionBroker, authority: Authority, deinze: Identity
) -> None:
    where = ("127.0.0.1", broker.settings.port)
    before = ssl.get_server_certificate(where)
    with Client(broker, deinze).connected() as kiosk:
        assert authority.renew_server(["127.0.0.1", "localhost"], datetime.now(UTC))
        reload(broker, authority)
        until(lambda: ssl.get_server_certificate(where) != before, what="the new one", every_s=0.2)
        assert kiosk.verdict(STATE) == "Success" and kiosk.connections == 1
    assert is_let_in(broker, deinze)


# --- another intermediate ---


def another(authority: Authority, tmp_path: Path, *, leaked: bool) -> Authority:
    """As after `maakhoek-region replace`: the authority, opened anew."""
    now = datetime.now(UTC)
    ceremony.make_intermediate(tmp_path / "stick", PASSPHRASE, tmp_path / "new", "Leie", now)
    replacement.replace(authority.folder, tmp_path / "new", leaked=leaked)
    replaced = Authority(authority.folder)
    assert replaced.renew_server(["127.0.0.1"], now), "the server's own is signed anew"
    replaced.write_lists(now)
    return replaced


def renewed(authority: Authority, identity: Identity) -> Identity:
    """By the authority, as the enrolment service has it done; the key stays."""
    current = x509.load_pem_x509_certificates(identity.certificate.read_bytes())[0]
    key = load_pem_private_key(identity.key.read_bytes(), None)
    assert isinstance(key, certificates.Key)
    chain = authority.renew(current, certificates.request(key), datetime.now(UTC), "deinze")
    fresh = Identity(identity.certificate.with_name("renewed.crt"), identity.key)
    fresh.certificate.write_text(chain)
    return fresh


def test_with_another_intermediate_kiosks_stay_in_and_renew(
    broker: RegionBroker, authority: Authority, deinze: Identity, tmp_path: Path
) -> None:
    where = ("127.0.0.1", broker.settings.port)
    before = ssl.get_server_certificate(where)
    with contextlib.closing(another(authority, tmp_path, leaked=False)) as replaced:
        reload(broker, replaced)
        until(lambda: ssl.get_server_certificate(where) != before, what="the broker's new one", every_s=0.2)
        assert is_let_in(broker, deinze), "what the old one signed goes on"
        fresh = renewed(replaced, deinze)
        assert is_let_in(broker, fresh)
        # Taking back works for both.
        replaced.stop("deinze", datetime.now(UTC), "balie")
        reload(broker, replaced)
        until(lambda: not is_let_in(broker, deinze), what="the old one is kept out", every_s=0.2)
        until(lambda: not is_let_in(broker, fresh), what="the new one is kept out", every_s=0.2)


def test_where_the_key_has_leaked_only_what_the_register_knows_comes_in_again(
    broker: RegionBroker, authority: Authority, deinze: Identity, tmp_path: Path
) -> None:
    stolen = signer.load(authority.folder)
    thief = certificates.make_key()
    forged = Identity(tmp_path / "forged.crt", tmp_path / "forged.key")
    own = certificates.kiosk(thief.public_key(), "deinze", stolen.certificate, stolen.key, datetime.now(UTC))
    forged.certificate.write_text(certificates.pem(own, stolen.certificate))
    forged.key.write_bytes(key_pem(thief))
    assert is_let_in(broker, forged), "until it is known"

    with contextlib.closing(another(authority, tmp_path, leaked=True)) as replaced:
        reload(broker, replaced)
        until(lambda: not is_let_in(broker, forged), what="the thief is kept out", every_s=0.2)
        assert not is_let_in(broker, deinze), "whoever it signed for, until they have renewed"
        assert is_let_in(broker, renewed(replaced, deinze))
        with pytest.raises(Refused):
            renewed(replaced, forged)

"""The enrolment service under the hands of who has no code, and of kiosks that renew."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.enrolment import EnrolmentService, Kiosk, enrolment_service
from support.region_ca import PASSPHRASE
from support.waiting import until

from provisioning import setup_file
from provisioning.ca import ceremony, certificates, replacement
from provisioning.ca.authority import Authority
from provisioning.ca.certificates import key_pem
from provisioning.enrol import door
from provisioning.enrol.door import DoorError, Trouble
from provisioning.region.enrolment import MOST_AT_ONCE
from provisioning.region.guesses import MOST, MOST_ADDRESSES, WITHIN_S, Guesses

DAY = timedelta(days=1)


@pytest.fixture
def region(tmp_path: Path) -> Iterator[EnrolmentService]:
    with enrolment_service(tmp_path / "region") as service:
        yield service


@pytest.fixture
def root(region: EnrolmentService) -> Path:
    return region.settings.authority / "root.crt"


def address(region: EnrolmentService) -> tuple[str, int]:
    return region.settings.host, region.settings.enrol_port


def asked(region: EnrolmentService, method: str, path: str, body: bytes | None) -> tuple[int, Any]:
    context = ssl.create_default_context(cafile=str(region.settings.authority / "root.crt"))
    connection = http.client.HTTPSConnection(*address(region), timeout=20, context=context)
    connection.request(method, path, body)
    response = connection.getresponse()
    said = response.status, json.loads(response.read())
    connection.close()
    return said


# --- without a code ---


def test_guesses_are_counted_and_then_nothing_is_heard_not_even_what_is_right(
    region: EnrolmentService, root: Path
) -> None:
    setup = region.setup()
    request = certificates.request(certificates.make_key())
    for n in range(MOST):
        with pytest.raises(DoorError, match="bestaat niet"):
            door.enrol(address(region), root, f"{n:032x}", request)
    with pytest.raises(DoorError, match="Te veel foute codes"):
        door.enrol(address(region), root, setup.code, request)
    refused = [line for line in region.authority.register.audit() if line.action == "enrol refused"]
    assert len(refused) == MOST and {line.detail for line in refused} == {"unknown_code"}
    assert setup.code not in region.log.read_text()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"code": 1}', b'{"code": "x", "request": "y"}', b"\xff\xfe", b"x" * 50_000],
    ids=range(7),
)
def test_rubbish_is_refused_and_the_service_goes_on(region: EnrolmentService, body: bytes) -> None:
    for path in ("/v1/enrol", "/v1/renew"):
        status, said = asked(region, "POST", path, body)
        assert status == 403 and said["reason"] in ("bad_request", "unknown_code")
    assert asked(region, "GET", "/v1/root", None)[0] == 200
    assert asked(region, "GET", "/v1/../etc/passwd", None)[0] == 404
    assert asked(region, "POST", "/", b"{}")[0] == 404


def test_who_connects_and_says_nothing_keeps_no_kiosk_out(region: EnrolmentService) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_AT_ONCE - 2):
            stack.enter_context(socket.create_connection(address(region)))
        assert asked(region, "GET", "/v1/root", None)[0] == 200
    # More than it takes are hung up on; when they are gone, it answers again.
    with ExitStack() as stack:
        for _ in range(3 * MOST_AT_ONCE):
            stack.enter_context(socket.create_connection(address(region)))
    until(lambda: answers(region), 20, "it answers again")


def answers(region: EnrolmentService) -> bool:
    try:
        return asked(region, "GET", "/v1/root", None)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


# --- renewal ---


def enrolled(region: EnrolmentService, folder: Path, moment: datetime) -> tuple[Path, Path, str]:
    """Certificate, key and request of a kiosk that was enrolled at that moment."""
    folder.mkdir()
    key = certificates.make_key()
    request = certificates.request(key)
    _, code = region.authority.new_kiosk("Bibliotheek Deinze", moment, "balie")
    (folder / "key").write_bytes(key_pem(key))
    (folder / "crt").write_text(region.authority.enrol(code, request, moment, "192.0.2.7").chain)
    return folder / "crt", folder / "key", request


def test_it_renews_over_mutual_tls(region: EnrolmentService, root: Path, tmp_path: Path) -> None:
    certificate, key, request = enrolled(region, tmp_path / "kiosk", datetime.now(UTC) - 70 * DAY)
    chain = door.renew(address(region), root, certificate, key, request)
    fresh = certificates.x509.load_pem_x509_certificates(chain.encode())[0]
    assert fresh.not_valid_after_utc > datetime.now(UTC) + 89 * DAY
    assert region.authority.register.audit()[-1].action == "renew"


def test_a_certificate_that_lives_is_not_taken_as_text(region: EnrolmentService, tmp_path: Path) -> None:
    """Who recorded it has no key: only TLS shows that."""
    certificate, _, request = enrolled(region, tmp_path / "kiosk", datetime.now(UTC))
    body = json.dumps({"certificate": certificate.read_text(), "request": request}).encode()
    status, said = asked(region, "POST", "/v1/renew", body)
    assert (status, said["reason"]) == (403, "bad_request")


def test_off_all_summer_it_comes_back(region: EnrolmentService, root: Path, tmp_path: Path) -> None:
    certificate, key, request = enrolled(region, tmp_path / "kiosk", datetime.now(UTC) - 160 * DAY)
    chain = door.renew(address(region), root, certificate, key, request)
    assert certificates.x509.load_pem_x509_certificates(chain.encode())[0].serial_number
    assert region.authority.register.audit()[-1].action == "renew late"


def test_away_for_a_year_or_stopped_it_does_not(region: EnrolmentService, root: Path, tmp_path: Path) -> None:
    certificate, key, request = enrolled(region, tmp_path / "kiosk", datetime.now(UTC) - 365 * DAY)
    with pytest.raises(DoorError, match="te lang weg"):
        door.renew(address(region), root, certificate, key, request)
    region.authority.stop("deinze", datetime.now(UTC), "balie")
    with pytest.raises(DoorError, match="niet \\(meer\\) bekend"):
        door.renew(address(region), root, certificate, key, request)


def test_the_kiosk_s_own_command_renews_when_it_is_time_and_not_before(
    region: EnrolmentService, tmp_path: Path
) -> None:
    kiosk = Kiosk(tmp_path / "kiosk")
    kiosk.folder.mkdir()
    kiosk.stick.write_text(setup_file.text(region.setup()))
    kiosk.enrol()
    before = kiosk.certificate()
    assert not kiosk.identity.renew(datetime.now(UTC) + 59 * DAY)
    assert kiosk.certificate() == before
    assert kiosk.identity.renew(datetime.now(UTC) + 68 * DAY)
    after = kiosk.certificate()
    assert after.serial_number != before.serial_number
    assert after.public_key() == before.public_key()


@pytest.mark.parametrize("leaked", [False, True])
def test_a_kiosk_renews_by_itself_once_another_intermediate_signs(
    region: EnrolmentService, tmp_path: Path, leaked: bool
) -> None:
    kiosk = Kiosk(tmp_path / "kiosk")
    kiosk.folder.mkdir()
    kiosk.stick.write_text(setup_file.text(region.setup()))
    kiosk.enrol()
    before, now = kiosk.certificate(), datetime.now(UTC)
    assert not kiosk.identity.renew(now)
    ceremony.make_intermediate(tmp_path / "region" / "stick", PASSPHRASE, tmp_path / "new", "Leie", now)
    replacement.replace(region.settings.authority, tmp_path / "new", leaked=leaked)
    replaced = Authority(region.settings.authority)
    replaced.renew_server(region.settings.names, now)
    replaced.write_lists(now)
    replaced.close()
    assert kiosk.identity.renew(now)
    after = kiosk.certificate()
    assert certificates.issuer_key(after) != certificates.issuer_key(before)
    assert not kiosk.identity.renew(now), "once is enough"


def test_a_region_that_is_away_costs_nothing_before_it_is_time(tmp_path: Path) -> None:
    with enrolment_service(tmp_path / "region") as region:
        kiosk = Kiosk(tmp_path / "kiosk")
        kiosk.folder.mkdir()
        kiosk.stick.write_text(setup_file.text(region.setup()))
        kiosk.enrol()
    assert not kiosk.identity.renew(datetime.now(UTC))
    with pytest.raises(DoorError):
        kiosk.identity.renew(datetime.now(UTC) + 80 * DAY)


def test_with_a_clock_that_is_wrong_it_says_the_clock(tmp_path: Path) -> None:
    """Seen from a kiosk whose clock stands before the server's certificate."""
    with enrolment_service(tmp_path / "region", datetime.now(UTC) + 30 * DAY) as region:
        root = region.settings.authority / "root.crt"
        with pytest.raises(DoorError) as error:
            door.enrol(address(region), root, "0" * 32, certificates.request(certificates.make_key()))
        assert error.value.trouble is Trouble.CLOCK


# --- counting, by itself ---


def test_guesses_are_forgotten_after_an_hour_and_counted_by_who() -> None:
    guesses = Guesses()
    for n in range(MOST):
        assert not guesses.must_wait("192.0.2.1", n)
        guesses.was_wrong("192.0.2.1", n)
    assert guesses.must_wait("192.0.2.1", MOST)
    assert guesses.must_wait("::ffff:192.0.2.1", MOST)
    assert not guesses.must_wait("192.0.2.2", MOST)
    assert not guesses.must_wait("192.0.2.1", WITHIN_S + 1)
    for n in range(MOST):
        guesses.was_wrong(f"2001:db8::{n}", 0)
    assert guesses.must_wait("2001:db8::ffff", 1) and not guesses.must_wait("2001:db8:0:1::1", 1)


def test_guesses_take_a_bounded_memory() -> None:
    guesses = Guesses()
    for n in range(MOST_ADDRESSES + 500):
        guesses.was_wrong(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", float(n))
    assert len(guesses._wrong) == MOST_ADDRESSES

"""Who gets a certificate and who does not: the whole authority in a folder of its own."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from support.region_ca import NOW, PASSPHRASE, opened

from provisioning.ca import ceremony, certificates, replacement, signer
from provisioning.ca.authority import CODE_LIFE, Authority, Refused, slug
from provisioning.ca.ceremony import CeremonyError
from provisioning.ca.certificates import LEAF_LIFE, key_pem
from provisioning.ca.renewal import GRACE
from provisioning.ca.signer import AuthorityError

DESK = "balie"
FAR = "192.0.2.7"


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    yield from opened(tmp_path)


def leaf(chain: str) -> x509.Certificate:
    return x509.load_pem_x509_certificates(chain.encode())[0]


def enrolled(authority: Authority, key: certificates.Key) -> x509.Certificate:
    _, code = authority.new_kiosk("Bibliotheek Deinze", NOW, DESK)
    return leaf(authority.enrol(code, certificates.request(key), NOW, FAR).chain)


# --- the ceremony ---


def test_the_root_s_key_is_on_the_stick_alone_and_locked(tmp_path: Path) -> None:
    stick, server = tmp_path / "stick", tmp_path / "server"
    stick.mkdir()
    ceremony.make_root(stick, PASSPHRASE, "Leie", NOW)
    ceremony.make_intermediate(stick, PASSPHRASE, server, "Leie", NOW)
    assert b"ENCRYPTED" in (stick / ceremony.ROOT_KEY).read_bytes()
    assert sorted(path.name for path in server.iterdir()) == ["intermediate.crt", "intermediate.key", "root.crt"]
    assert (server / "intermediate.key").stat().st_mode & 0o777 == 0o600
    root_key = serialization.load_pem_private_key((stick / ceremony.ROOT_KEY).read_bytes(), PASSPHRASE.encode())
    below = serialization.load_pem_private_key((server / "intermediate.key").read_bytes(), None)
    assert root_key.public_key() != below.public_key()
    x509.load_pem_x509_certificate((server / "intermediate.crt").read_bytes()).verify_directly_issued_by(
        x509.load_pem_x509_certificate((server / "root.crt").read_bytes())
    )


def test_a_ceremony_that_goes_wrong_says_why(tmp_path: Path) -> None:
    with pytest.raises(CeremonyError, match="passphrase is shorter"):
        ceremony.make_root(tmp_path, "kort", "Leie", NOW)
    with pytest.raises(CeremonyError, match="put the stick in"):
        ceremony.make_root(tmp_path / "none", PASSPHRASE, "Leie", NOW)
    ceremony.make_root(tmp_path, PASSPHRASE, "Leie", NOW)
    with pytest.raises(CeremonyError, match="a root already"):
        ceremony.make_root(tmp_path, PASSPHRASE, "Leie", NOW)
    with pytest.raises(CeremonyError, match="passphrase is not right"):
        ceremony.make_intermediate(tmp_path, "another passphrase", tmp_path / "server", "Leie", NOW)
    with pytest.raises(AuthorityError, match="ceremony"):
        Authority(tmp_path)


# --- kiosks ---


def test_a_kiosk_gets_ninety_days_in_its_own_name(authority: Authority) -> None:
    key = certificates.make_key()
    signed = enrolled(authority, key)
    assert signed.subject.rfc4514_string() == "CN=deinze"
    assert signed.not_valid_after_utc == NOW + timedelta(days=90)
    assert signed.not_valid_before_utc == NOW - timedelta(days=1)
    usage = signed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.ExtendedKeyUsageOID.CLIENT_AUTH]
    assert certificates.key_id(signed.public_key()) == certificates.key_id(key.public_key())  # type: ignore[arg-type]


def test_the_same_code_and_key_are_answered_again_and_another_key_is_not(authority: Authority) -> None:
    _, code = authority.new_kiosk("Bibliotheek Deinze", NOW, DESK)
    key = certificates.make_key()
    first = authority.enrol(code, certificates.request(key), NOW, FAR)
    later = NOW + CODE_LIFE + timedelta(days=1)
    assert authority.enrol(code, certificates.request(key), later, FAR) == first
    with pytest.raises(Refused) as refused:
        authority.enrol(code, certificates.request(certificates.make_key()), NOW, FAR)
    assert refused.value.reason == "other_key"
    assert len(authority.register.certificates()) == 1


def test_a_code_lives_seven_days_and_is_kept_only_as_a_hash(authority: Authority) -> None:
    _, code = authority.new_kiosk("Bibliotheek Deinze", NOW, DESK)
    request = certificates.request(certificates.make_key())
    with pytest.raises(Refused) as refused:
        authority.enrol(code, request, NOW + CODE_LIFE + timedelta(seconds=1), FAR)
    assert refused.value.reason == "expired_code"
    with pytest.raises(Refused) as refused:
        authority.enrol("0" * 32, request, NOW, FAR)
    assert refused.value.reason == "unknown_code"
    assert code.encode() not in (authority.folder / "register.sqlite").read_bytes()


def test_a_request_must_be_signed_with_its_own_p256_key(authority: Authority) -> None:
    _, code = authority.new_kiosk("Bibliotheek Deinze", NOW, DESK)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    weak = builder.sign(other, certificates.hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    for request in (weak, "rubbish", ""):
        with pytest.raises(Refused) as refused:
            authority.enrol(code, request, NOW, FAR)
        assert refused.value.reason == "bad_request"


def test_a_new_card_takes_back_what_the_old_one_had(authority: Authority) -> None:
    old_key, new_key = certificates.make_key(), certificates.make_key()
    old = enrolled(authority, old_key)
    code = authority.again("deinze", NOW, DESK)
    authority.renew(old, certificates.request(old_key), NOW, "deinze")  # until the new one is there
    authority.enrol(code, certificates.request(new_key), NOW, FAR)
    with pytest.raises(Refused):
        authority.renew(old, certificates.request(old_key), NOW, "deinze")
    crl = x509.load_pem_x509_crl((authority.pki / "ca.crl").read_bytes())
    assert crl.get_revoked_certificate_by_serial_number(old.serial_number) is not None
    assert crl.next_update_utc is not None and crl.next_update_utc > NOW + timedelta(days=9 * 365)


# --- renewal ---


def test_it_is_renewed_for_the_same_key_alone(authority: Authority) -> None:
    key = certificates.make_key()
    first = enrolled(authority, key)
    day60 = NOW + timedelta(days=60)
    second = leaf(authority.renew(first, certificates.request(key), day60, "deinze"))
    assert second.not_valid_after_utc == day60 + timedelta(days=90)
    assert second.serial_number != first.serial_number
    with pytest.raises(Refused) as refused:
        authority.renew(first, certificates.request(certificates.make_key()), day60, "deinze")
    assert refused.value.reason == "other_key"


def test_a_kiosk_that_was_off_all_summer_comes_back_and_one_that_was_lost_for_a_year_does_not(
    authority: Authority,
) -> None:
    key = certificates.make_key()
    first = enrolled(authority, key)
    expired = first.not_valid_after_utc
    assert authority.renew(first, certificates.request(key), expired + GRACE, FAR)
    assert authority.register.audit()[-1].action == "renew late"
    with pytest.raises(Refused) as refused:
        authority.renew(first, certificates.request(key), expired + GRACE + timedelta(days=1), FAR)
    assert refused.value.reason == "too_late"


def test_a_certificate_that_we_did_not_sign_renews_nothing(authority: Authority, tmp_path: Path) -> None:
    key = certificates.make_key()
    enrolled(authority, key)
    stick = tmp_path / "false"
    stick.mkdir()
    ceremony.make_root(stick, PASSPHRASE, "Leie", NOW)
    ceremony.make_intermediate(stick, PASSPHRASE, stick, "Leie", NOW)
    signer = x509.load_pem_x509_certificate((stick / "intermediate.crt").read_bytes())
    signer_key = serialization.load_pem_private_key((stick / "intermediate.key").read_bytes(), None)
    forged = certificates.kiosk(key.public_key(), "deinze", signer, signer_key, NOW)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        authority.renew(forged, certificates.request(key), NOW, FAR)


def test_a_stopped_kiosk_gets_nothing_until_it_is_let_in_with_a_new_code(authority: Authority) -> None:
    key = certificates.make_key()
    first = enrolled(authority, key)
    authority.stop("deinze", NOW, DESK)
    assert (authority.pki / "stopped").read_text() == "deinze\n"
    with pytest.raises(Refused):
        authority.renew(first, certificates.request(key), NOW, "deinze")
    with pytest.raises(AuthorityError, match="maakhoek-admin resume deinze"):
        authority.again("deinze", NOW, DESK)
    authority.resume("deinze", NOW, DESK)
    assert (authority.pki / "stopped").read_text() == ""
    with pytest.raises(Refused):
        authority.renew(first, certificates.request(key), NOW, "deinze")
    code = authority.again("deinze", NOW, DESK)
    assert authority.enrol(code, certificates.request(key), NOW, FAR).kiosk == "deinze"
    said = [(line.actor, line.action) for line in authority.register.audit()]
    assert said == [
        (DESK, "new"),
        (FAR, "enrol"),
        (DESK, "stop"),
        (DESK, "resume"),
        (DESK, "again"),
        (FAR, "enrol"),
    ]


# --- another intermediate ---


def another(tmp_path: Path) -> Path:
    """The folder of one that the root has signed."""
    ceremony.make_intermediate(tmp_path / "stick", PASSPHRASE, tmp_path / "new", "Leie", NOW)
    return tmp_path / "new"


def lists(authority: Authority, now: datetime) -> int:
    """How many revocation lists the broker is given."""
    authority.write_lists(now)
    return (authority.pki / "ca.crl").read_text().count("BEGIN X509 CRL")


def test_the_intermediate_before_has_its_list_for_ninety_days_and_is_then_gone(
    authority: Authority, tmp_path: Path
) -> None:
    assert lists(authority, NOW) == 1
    replacement.replace(authority.folder, another(tmp_path), leaked=False)
    assert not (tmp_path / "new/intermediate.key").exists(), "the key lies in one place"
    replaced = Authority(authority.folder)
    assert lists(replaced, NOW + LEAF_LIFE) == 2
    assert lists(replaced, NOW + LEAF_LIFE + timedelta(days=1)) == 1
    assert not list(authority.folder.glob("previous.*"))
    replaced.close()


def test_a_replacement_that_was_cut_off_is_run_again(authority: Authority, tmp_path: Path) -> None:
    new, old = another(tmp_path), signer.load(authority.folder)
    # Between its two files.
    shutil.copy(new / "intermediate.crt", authority.folder)
    with pytest.raises(AuthorityError, match="maakhoek-region replace"):
        Authority(authority.folder)
    for suffix, content in ((".key", key_pem(old.key)), (".crt", certificates.pem(old.certificate).encode())):
        (authority.folder / f"previous{suffix}").write_bytes(content)
    replacement.replace(authority.folder, new, leaked=False)
    assert signer.load(authority.folder).certificate != old.certificate
    assert signer.load(authority.folder, "previous").certificate == old.certificate


def test_an_intermediate_of_another_root_replaces_nothing(authority: Authority, tmp_path: Path) -> None:
    stick = tmp_path / "false"
    stick.mkdir()
    ceremony.make_root(stick, PASSPHRASE, "Leie", NOW)
    ceremony.make_intermediate(stick, PASSPHRASE, stick, "Leie", NOW)
    with pytest.raises(AuthorityError, match="another root"):
        replacement.replace(authority.folder, stick, leaked=False)
    with pytest.raises(AuthorityError, match="ceremony"):
        replacement.replace(authority.folder, tmp_path / "empty", leaked=False)


def test_a_server_s_certificate_beside_another_one_s_key_is_made_anew(authority: Authority) -> None:
    names = ["region.example.org"]
    authority.renew_server(names, NOW)
    (authority.pki / "broker.key").write_bytes(key_pem(certificates.make_key()))
    assert authority.renew_server(names, NOW)
    assert not authority.renew_server(names, NOW)


# --- the rest ---


def test_the_server_s_own_certificate_is_renewed_when_it_is_due_or_its_names_change(authority: Authority) -> None:
    names = ["region.example.org", "192.0.2.1"]
    assert authority.renew_server(names, NOW)
    assert not authority.renew_server(names, NOW + timedelta(days=59))
    assert authority.renew_server(names, NOW + timedelta(days=68))
    assert authority.renew_server([*names, "other.example.org"], NOW + timedelta(days=69))
    assert (authority.pki / "broker.key").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("library", "expected"),
    [
        ("Bibliotheek Deinze", "deinze"),
        ("Bibliotheek Sint-Niklaas", "sint-niklaas"),
        ("De Krook, Gent", "de-krook-gent"),
        ("Bib Été", "ete"),
        ("図書館", "kiosk"),
        ("Bibliotheek " + "a" * 60, "a" * 28),
    ],
)
def test_the_id_comes_from_the_name(library: str, expected: str) -> None:
    assert slug(library) == expected


def test_two_kiosks_of_one_library_have_two_ids(authority: Authority) -> None:
    ids = [authority.new_kiosk("Bibliotheek Deinze", NOW, DESK)[0] for _ in range(3)]
    assert ids == ["deinze", "deinze-2", "deinze-3"]
    with pytest.raises(AuthorityError, match="again deinze"):
        authority.new_kiosk("Bibliotheek Deinze", NOW, DESK, "deinze")
    for odd in ("Deinze", "a/b", "+", "#", "-a", "a" * 33):
        with pytest.raises(AuthorityError, match="a kiosk's id"):
            authority.new_kiosk("Bibliotheek Deinze", NOW, DESK, odd)

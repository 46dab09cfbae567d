"""Names that anybody within reach may choose, and what the bits of an access point mean."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.wifi.networks import MOST, Access, AccessPoint, access, networks, shown_name

PSK, ENTERPRISE, SAE, OWE = 0x100, 0x200, 0x400, 0x800


def point(ssid: bytes = b"bib", strength: int = 50, flags: int = 0, wpa: int = 0, rsn: int = 0) -> AccessPoint:
    return AccessPoint(f"/{ssid.hex()}/{strength}", ssid, strength, flags, wpa, rsn)


@pytest.mark.parametrize(
    ("ssid", "shown"),
    [
        (b"Bibliotheek", "Bibliotheek"),
        ("Bibliothèque d’été".encode(), "Bibliothèque d’été"),
        ("مكتبة".encode(), "مكتبة"),
        (b"a:b\\c;d", "a:b\\c;d"),
        (b"{network} %s", "{network} %s"),
        (b"a\x00b\x07\x1b[31m\n", "a?b??[31m?"),
        ("bib\u202egpj.exe".encode(), "bib?gpj.exe"),
        ("\u200b\u2066\ufeff".encode(), "???"),
        (b"\xff\xfe\xc3", "???"),
        ("e\u0301".encode(), "é"),
        ("z\u0334\u0335\u0336\u0337\u0338".encode(), "z\u0334\u0335"),
        (b"  a \xc2\xa0 b  ", "a b"),
        (b"   ", "?"),
        (b"", ""),
        (bytes(32), ""),
    ],
)
def test_a_name_as_it_is_shown(ssid: bytes, shown: str) -> None:
    assert shown_name(ssid) == shown


@given(st.binary(max_size=32) | st.text(max_size=12).map(str.encode))
def test_any_bytes_make_one_line_that_can_be_drawn(ssid: bytes) -> None:
    shown = shown_name(ssid)
    assert bool(shown) == bool(ssid.strip(b"\0"))
    assert shown == shown.strip() and "  " not in shown
    assert not {unicodedata.category(each) for each in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("bits", "expected", "key_management"),
    [
        ({}, Access.OPEN, ""),
        ({"flags": 1, "rsn": PSK | 0x88}, Access.PASSWORD, "wpa-psk"),
        ({"flags": 1, "wpa": PSK}, Access.PASSWORD, "wpa-psk"),
        ({"flags": 1, "rsn": PSK | SAE}, Access.PASSWORD, "wpa-psk"),
        ({"flags": 1, "rsn": SAE}, Access.PASSWORD, "sae"),
        ({"flags": 1, "rsn": PSK | ENTERPRISE}, Access.PASSWORD, "wpa-psk"),
        ({"flags": 1, "rsn": ENTERPRISE}, Access.ENTERPRISE, ""),
        ({"flags": 1, "rsn": 0x2000}, Access.ENTERPRISE, ""),
        ({"flags": 1}, Access.OUTDATED, ""),
        ({"flags": 1, "rsn": OWE}, Access.OPEN, "owe"),
        ({"ssid": bytes(8), "flags": 1, "rsn": PSK}, Access.HIDDEN, ""),
    ],
)
def test_what_it_takes_to_join(bits: dict[str, int], expected: Access, key_management: str) -> None:
    (network,) = networks([point(**bits)])  # type: ignore[arg-type]
    assert (network.access, network.key_management) == (expected, key_management)


def test_a_network_is_told_once_at_its_strongest() -> None:
    told = networks([point(strength=20, rsn=PSK), point(strength=80, rsn=PSK), point(strength=50, rsn=PSK)])
    assert [(network.name, network.strength) for network in told] == [("bib", 80)]


def test_what_can_be_joined_comes_first_and_twins_are_told_apart() -> None:
    points = [
        point(b"werk", 90, 1, rsn=ENTERPRISE),
        point(b"bib", 30, 1, rsn=PSK),
        point(b"bib", 60),
        point(b"bi\xffb", 50),
        point(b"bi\xfeb", 40),
    ]
    told = networks(points)
    assert [network.name for network in told] == ["bib", "bi?b", "bi?b (2)", "bib (2)", "werk"]
    assert len({network.id for network in told}) == 5


def test_a_thousand_names_fill_no_screen() -> None:
    told = networks(point(f"n{n}".encode(), n % 101) for n in range(1000))
    assert len(told) == MOST and told[0].strength == 100


points = st.builds(
    AccessPoint,
    st.just("/p"),
    st.binary(max_size=32),
    st.integers(0, 100),
    *(st.integers(0, 2**32 - 1) for _ in range(3)),
)


@given(st.lists(points, max_size=60))
def test_whatever_is_in_the_air_ids_are_single_and_nothing_is_invented(found: list[AccessPoint]) -> None:
    told = networks(found)
    assert len({network.id for network in told}) == len(told)
    for network in told:
        assert network.point in found and network.access is access(network.point)
        assert network.id.isascii() and network.id.isprintable()
        assert (network.name == "") == (network.access is Access.HIDDEN)

"""A real NetworkManager joins real access points, over radios of the kernel's own simulator (mac80211_hwsim).

The kernel's Wi-Fi, wpa_supplicant, polkit and NetworkManager are Debian's; hostapd is the other end. What the air
does to a signal, and a Raspberry Pi's own chip, is in docs/hardware-checklist.md.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from support.guest import Guest, booted
from support.waiting import until

PASSWORD = "geheim Wachtwoord: \\ \"{}'#$%&^~"
LIBRARY = b"Bibliotheek \xc3\xa9\xe2\x80\xae\x01"
"""With a letter that takes two bytes, a mark that turns what follows, and a control character."""
RAW = bytes(range(224, 256))
"""No text at all; as long as a name may be."""
WPA2 = f"wpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP\nwpa_passphrase={PASSWORD}"


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    with booted(Guest, tmp_path_factory.mktemp("guest"), "wifi") as machine:
        machine.do("start", timeout_s=300.0)
        machine.do("point", radio="wlan1", ssid=LIBRARY.hex(), config=WPA2, addresses=True, timeout_s=120.0)
        machine.do("point", radio="wlan2", ssid=RAW.hex(), config="", addresses=False, timeout_s=120.0)
        hidden = f"ignore_broadcast_ssid=1\n{WPA2}"
        machine.do("point", radio="wlan3", ssid=b"verborgen".hex(), config=hidden, addresses=True, timeout_s=120.0)
        yield machine


def ask(guest: Guest, **question: Any) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = guest.do("ask", question=question, timeout_s=300.0)
    return answers


def found(guest: Guest) -> dict[str, dict[str, Any]]:
    """By their bytes."""
    seen: list[dict[str, Any]] = ask(guest, ask="networks")[-1]["networks"]
    return {network["id"].split(":")[0]: network for network in seen}


@pytest.fixture(scope="module")
def networks(guest: Guest) -> dict[str, dict[str, Any]]:
    def all_seen() -> dict[str, dict[str, Any]] | None:
        seen = found(guest)
        return seen if len(seen) == 3 else None

    return until(all_seen, 180.0, "all three are found")


def test_they_are_told_as_a_person_can_read_them(networks: dict[str, dict[str, Any]]) -> None:
    library, raw = networks[LIBRARY.hex()], networks[RAW.hex()]
    assert (library["name"], library["access"]) == ("Bibliotheek é??", "password")
    assert (set(raw["name"]), raw["access"]) == ({"?"}, "open")
    assert "hidden" in {network["access"] for network in networks.values()}
    assert all(0 < network["strength"] <= 100 for network in networks.values())


def test_a_wrong_password_is_said_and_nothing_is_remembered(
    guest: Guest, networks: dict[str, dict[str, Any]]
) -> None:
    answers = ask(guest, ask="join", network=networks[LIBRARY.hex()]["id"], password="wrong password")
    assert answers[0] == {"step": "connecting"}
    assert answers[-1] == {"trouble": "wrong_password"}
    assert guest.do("profiles") == []
    until(lambda: "maakhoek" not in guest.do("known"), what="it is forgotten")


def test_a_network_without_addresses_is_said(guest: Guest, networks: dict[str, dict[str, Any]]) -> None:
    answers = ask(guest, ask="join", network=networks[RAW.hex()]["id"])
    assert {"step": "address"} in answers
    assert answers[-1] == {"trouble": "no_address"}
    assert guest.do("profiles") == []


def test_who_is_nobody_s_user_may_not(guest: Guest, networks: dict[str, dict[str, Any]]) -> None:
    """polkit lets the set-up's user in, by the shipped rule, and no other."""
    question = {"ask": "join", "network": networks[LIBRARY.hex()]["id"], "password": PASSWORD}
    answers = guest.do("ask", question=question, user="maakhoek-other", timeout_s=300.0)
    assert answers[-1] == {"trouble": "failed"}
    assert guest.do("profiles") == []


def test_joined_it_has_an_address_and_remembers_and_tells_nobody_the_password(
    guest: Guest, networks: dict[str, dict[str, Any]]
) -> None:
    question = {"ask": "join", "network": networks[LIBRARY.hex()]["id"], "password": PASSWORD}
    for _again in range(2):
        answers = ask(guest, **question)
        assert answers[-1] == {"joined": True}
        assert {"step": "address"} in answers
        assert "10.1.0." in guest.do("address")
        (profile,) = guest.do("profiles")
        assert "type=wifi" in profile and "key-mgmt=wpa-psk" in profile
    assert PASSWORD not in guest.do("logs")


def test_once_enrolled_nobody_chooses_without_a_pin(guest: Guest, networks: dict[str, dict[str, Any]]) -> None:
    folder = guest.do("enrolled")
    for question in ({"ask": "networks"}, {"ask": "join", "network": networks[RAW.hex()]["id"], "pin": "0000"}):
        answers = guest.do("ask", question=question, folder=folder, timeout_s=300.0)
        assert answers == [{"trouble": "not_allowed"}]


def test_a_network_that_is_gone_is_out_of_reach(guest: Guest, networks: dict[str, dict[str, Any]]) -> None:
    guest.do("off", radio="wlan1")
    answers = ask(guest, ask="join", network=networks[LIBRARY.hex()]["id"], password=PASSWORD)
    assert answers[-1] == {"trouble": "out_of_reach"}

"""What the states of a wireless card mean for a person, and what may be a password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.simulated_network_manager import CONNECTED, NO_ADDRESS, WRONG_PASSWORD

from provisioning.wifi.joining import Ended, Step, Trouble, Watch, is_password, settings
from provisioning.wifi.networks import AccessPoint, networks

States = tuple[tuple[int, int], ...]


def ended(states: States, is_open: bool = False) -> Ended | None:
    watch = Watch()
    for state, reason in states:
        watch, said = watch.heard(state, reason, is_open)
        if isinstance(said, Ended):
            return said
    return None


@pytest.mark.parametrize(
    ("states", "is_open", "trouble"),
    [
        (CONNECTED, False, None),
        (WRONG_PASSWORD, False, Trouble.WRONG_PASSWORD),
        (NO_ADDRESS, True, Trouble.NO_ADDRESS),
        (((40, 0), (50, 0), (120, 53)), False, Trouble.OUT_OF_REACH),
        (((40, 0), (50, 0), (60, 0), (120, 11)), False, Trouble.OUT_OF_REACH),
        (((40, 0), (50, 0), (120, 8)), True, Trouble.OUT_OF_REACH),
        (((40, 0), (70, 0), (120, 17)), False, Trouble.NO_ADDRESS),
        (((40, 0), (50, 0), (10, 36)), False, Trouble.NO_CARD),
        (((40, 0), (20, 0)), False, Trouble.NO_CARD),
        (((40, 0), (120, 9)), False, Trouble.FAILED),
        (((40, 0), (110, 39), (30, 39)), False, Trouble.FAILED),
    ],
)
def test_how_it_ends(states: States, is_open: bool, trouble: Trouble | None) -> None:
    assert ended(states, is_open) == Ended(trouble)


def test_what_the_card_does_before_it_begins_does_not_count() -> None:
    assert ended(((100, 0), (110, 60), (30, 60))) is None
    assert ended(((110, 60), (30, 60), *CONNECTED)) == Ended()


def test_the_steps_of_one_that_is_joined() -> None:
    steps, watch = [], Watch()
    for state, reason in CONNECTED:
        watch, said = watch.heard(state, reason, is_open=False)
        if isinstance(said, Step) and said not in steps:
            steps.append(said)
    assert steps == [Step.CONNECTING, Step.CHECKING, Step.ADDRESS]


@given(st.lists(st.tuples(st.integers(0, 130), st.integers(0, 80)), max_size=20), st.booleans())
def test_no_state_is_a_surprise(states: list[tuple[int, int]], is_open: bool) -> None:
    end = ended(tuple(states), is_open)
    assert end is None or not (is_open and end.trouble is Trouble.WRONG_PASSWORD)


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("1234567", False),
        ("12345678", True),
        ("a" * 63, True),
        ("a" * 64, True),
        ("g" * 64, False),
        ("a" * 65, False),
        ("pass\nword", False),
        ("wachtwoord é", False),
        ("  spaces  ", True),
        ("", False),
    ],
)
def test_what_may_be_a_password(text: str, may_be: bool) -> None:
    assert is_password(text) is may_be


def test_names_stay_bytes_and_an_open_network_gets_no_password() -> None:
    raw = bytes(range(224, 256))
    (secured,) = networks([AccessPoint("/p", raw, 50, 1, 0, 0x100)])
    asked = settings(secured, "geheim geheim")
    assert asked["802-11-wireless"]["ssid"] == ("ay", raw)
    assert asked["802-11-wireless-security"] == {"key-mgmt": ("s", "wpa-psk"), "psk": ("s", "geheim geheim")}
    (free,) = networks([AccessPoint("/p", raw, 50, 0, 0, 0)])
    assert "802-11-wireless-security" not in settings(free, "geheim geheim")

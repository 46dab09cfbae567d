"""Choosing the Wi-Fi: from the ticks to a password and what came of it; asked over a real socket."""

import queue
import socket
import string
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from support.waiting import until
from wifi_scenes import GUESTS, JOINED, LATER, LIBRARY, NETWORKS, NO_NETWORK
from worlds import INFO, NOW, model, state

from firmware_bridge.contract import Lock, Role, Session, Unlock
from kiosk.adapters.wifi import Wifi
from kiosk.domain import intents, news
from kiosk.domain.effects import Effect, FindNetworks, JoinNetwork
from kiosk.domain.events import Event
from kiosk.domain.keyboard import CHARACTERS, PASSWORD_PAGES
from kiosk.domain.model import Model
from kiosk.domain.modes import Modes
from kiosk.domain.networks import JoinStep, WifiTrouble
from kiosk.domain.session import Place
from kiosk.domain.setup import Setup, WifiChoice
from kiosk.domain.staff import StaffPage
from kiosk.domain.update import update
from kiosk.locale import Translator
from kiosk.presenters import present
from kiosk.presenters.staff.views import PageView
from kiosk.presenters.wifi import PasswordView, WifiView

NL = Translator("nl")
PASSWORD = "Wx 4!@{\\"


def after(start: Model, *events: Event) -> tuple[Model, tuple[Effect, ...]]:
    """The model at the end, and the effects of the last event."""
    effects: tuple[Effect, ...] = ()
    for event in events:
        start, effects = update(start, event)
    return start, effects


@pytest.fixture
def fresh(collection: Path) -> Model:
    """Nobody's yet, without a cable."""
    return after(model(collection), news.BridgeUp(INFO, state()), news.SetupSeen(NO_NETWORK))[0]


def names(seen: Model) -> list[str]:
    """Of the frame's actions."""
    frame = present(seen, NL).frame
    assert frame
    return [action.name for action in frame.actions]


def keys(text: str) -> Iterator[intents.PressKey]:
    for character in text:
        if character == " ":
            yield intents.PressKey("space")
            continue
        if character.isupper():
            yield intents.PressKey("shift")
        yield intents.PressKey(character.lower())


def test_wired_first_where_a_cable_gives_a_network_nothing_is_asked(fresh: Model) -> None:
    assert names(fresh) == ["setup-wifi", "setup-models"]
    wired, _ = after(fresh, news.SetupSeen(Setup(False, (JOINED, *LATER), WifiChoice.NO)))
    assert names(wired) == ["setup-models"]


def test_from_the_list_to_a_network(fresh: Model) -> None:
    searching, effects = after(fresh, intents.SeeWifi())
    assert effects == (FindNetworks(""),)
    assert present(searching, NL).screen == "wifi"
    listed, _ = after(searching, news.NetworksFound(NETWORKS), intents.PickNetwork(LIBRARY.id))
    assert present(listed, NL).screen == "wifi-password"
    typed, _ = after(listed, *keys(PASSWORD))
    joining, effects = after(typed, intents.PressKey("done"))
    assert effects == (JoinNetwork(LIBRARY.id, PASSWORD, ""),)
    assert present(joining, NL).screen == "wifi-join"
    frame = present(joining, NL).frame
    assert frame and frame.back is None and not frame.actions
    joined, _ = after(joining, news.JoinProgress(JoinStep.ADDRESS), news.WifiEnded(None))
    assert joined.session.wifi and not joined.session.wifi.password
    back, _ = after(joined, intents.GoBack())
    assert present(back, NL).screen == "setup" and back.session.wifi is None


def test_an_open_network_needs_no_password_and_what_cannot_be_joined_does_nothing(fresh: Model) -> None:
    listed, _ = after(fresh, intents.SeeWifi(), news.NetworksFound(NETWORKS))
    _, effects = after(listed, intents.PickNetwork(GUESTS.id))
    assert effects == (JoinNetwork(GUESTS.id, "", ""),)
    for network in NETWORKS[5:8]:
        assert after(listed, intents.PickNetwork(network.id)) == (
            listed.with_session(touched_s=listed.world.uptime_s),
            (),
        )
    assert after(listed, intents.PickNetwork("of nobody"))[1] == ()


@pytest.mark.parametrize("trouble", WifiTrouble)
def test_each_trouble_says_what_happened_and_what_to_do(trouble: WifiTrouble, fresh: Model) -> None:
    listed, _ = after(fresh, intents.SeeWifi(), news.NetworksFound(NETWORKS), intents.PickNetwork(LIBRARY.id))
    joining, _ = after(listed, *keys(PASSWORD), intents.PressKey("done"))
    ended, _ = after(joining, news.WifiEnded(trouble))
    body = present(ended, NL).body
    assert isinstance(body, PageView) and len(body.lines) == 2
    assert len({line.text for line in body.lines}) == 2
    frame = present(ended, NL).frame
    assert frame and frame.back, "there is a way out"
    assert ended.session.wifi
    kept = ended.session.wifi.password
    assert kept == (PASSWORD if trouble is WifiTrouble.WRONG_PASSWORD else "")
    if trouble is WifiTrouble.WRONG_PASSWORD:
        again, _ = after(ended, intents.RetypePassword())
        assert present(again, NL).screen == "wifi-password"


def test_a_password_is_dots_until_it_is_shown_and_too_short_is_said(fresh: Model) -> None:
    start, _ = after(fresh, intents.SeeWifi(), news.NetworksFound(NETWORKS), intents.PickNetwork(LIBRARY.id))
    typed, _ = after(start, *keys("geheim"))
    body = present(typed, NL).body
    assert isinstance(body, PasswordView) and body.text == "••••••" and not body.hint
    shown = present(after(typed, intents.ShowPassword())[0], NL).body
    assert isinstance(shown, PasswordView) and shown.text == "geheim"
    short, effects = after(typed, intents.PressKey("done"))
    said = present(short, NL).body
    assert isinstance(said, PasswordView) and "8" in said.hint and not effects
    more = present(after(short, *keys("e"))[0], NL).body
    assert isinstance(more, PasswordView) and more.text == "•••••••"
    empty, _ = after(start, intents.PressKey("done"))
    assert present(empty, NL).screen == "wifi", "nothing typed: back to the list"


def test_with_everything_low_the_frame_shows_the_password(fresh: Model) -> None:
    start, _ = after(fresh, intents.SeeWifi(), news.NetworksFound(NETWORKS), intents.PickNetwork(LIBRARY.id))
    assert names(start) == ["wifi-join"]
    low, _ = after(start, intents.ChooseModes(Modes(low=True)))
    assert names(low) == ["show-password", "wifi-join"]


def test_every_character_of_a_password_can_be_typed() -> None:
    can = {key for page in PASSWORD_PAGES for key in CHARACTERS[page]}
    can |= {key.upper() for key in can} | {" "}
    assert set(string.printable[:95]) <= can


def test_it_is_forgotten_when_somebody_walks_away_or_goes_home(fresh: Model) -> None:
    start, _ = after(fresh, intents.SeeWifi(), news.NetworksFound(NETWORKS), intents.PickNetwork(LIBRARY.id))
    typed, _ = after(start, *keys(PASSWORD))
    for leaving in (news.Tick(NOW, typed.world.uptime_s + 121.0), intents.GoHome(), intents.WantStaff()):
        left, _ = after(typed, leaving)
        assert left.session.wifi is None and PASSWORD not in repr(left.session)
    assert PASSWORD not in repr(typed), "nor would it be in a traceback"


def test_what_comes_late_changes_nothing(fresh: Model) -> None:
    for late in (news.NetworksFound(NETWORKS), news.JoinProgress(JoinStep.ADDRESS), news.WifiEnded(None)):
        assert after(fresh, late)[0] == fresh
    typing, _ = after(fresh, intents.SeeWifi(), news.NetworksFound(NETWORKS), intents.PickNetwork(LIBRARY.id))
    assert after(typing, news.NetworksFound(()))[0] == typing
    assert after(typing, news.WifiEnded(None))[0] == typing


def test_the_list_is_paged_and_stays_in_bounds(fresh: Model) -> None:
    listed, _ = after(fresh, intents.SeeWifi(), news.NetworksFound(NETWORKS))
    seen: list[str] = []
    for _page in range(2):
        body = present(listed, NL).body
        assert isinstance(body, WifiView)
        seen += [row.pick.intent.network for row in body.rows]  # type: ignore[attr-defined]
        listed, _ = after(listed, intents.TurnPage(1))
    assert seen == [network.id for network in NETWORKS]


# --- once it is a region's -------------------------------------------------------------------------


def enrolled(fresh: Model) -> Model:
    return fresh.with_world(setup=Setup(False, NO_NETWORK.checks, WifiChoice.PIN))


def test_once_enrolled_the_pin_comes_first_and_goes_along(fresh: Model) -> None:
    knocked, effects = after(enrolled(fresh), intents.SeeWifi())
    assert knocked.session.place is Place.PIN and not effects
    typed, _ = after(knocked, *(intents.PressDigit(digit) for digit in "4711"), intents.EnterPin())
    inside, _ = after(typed, news.Accepted(Unlock(pin="4711"), Session(role=Role.TECHNICIAN, expires_in_s=120.0)))
    health, _ = after(inside, intents.SeeStaffPage(StaffPage.HEALTH))
    body = present(health, NL).body
    assert isinstance(body, PageView) and [tile and tile.action.name for tile in body.tiles] == ["staff:wifi"]
    asked, effects = after(health, intents.SeeWifi())
    assert effects == (FindNetworks("4711"),) and "4711" not in repr(asked)
    back, _ = after(asked, intents.GoBack())
    assert back.session.place is Place.STAFF
    gone, effects = after(asked, intents.GoHome())
    assert gone.session.staff is None and Lock() in [effect.request for effect in effects]  # type: ignore[attr-defined]
    assert gone.session.wifi is None


def test_who_is_no_technician_finds_no_wifi(fresh: Model) -> None:
    for role in (Role.COACH, Role.STAFF):
        knocked, _ = after(enrolled(fresh), intents.WantStaff())
        inside, _ = after(knocked, news.Accepted(Unlock(pin="0000"), Session(role=role, expires_in_s=120.0)))
        body = present(after(inside, intents.SeeStaffPage(StaffPage.HEALTH))[0], NL).body
        assert isinstance(body, PageView)
        assert "staff:wifi" not in {tile.action.name for tile in body.tiles if tile}


# --- over the socket -------------------------------------------------------------------------------


@contextmanager
def service(path: Path, *answers: bytes) -> Iterator["queue.Queue[bytes]"]:
    """Answers one question after the other, and tells what was asked."""
    asked: queue.Queue[bytes] = queue.Queue()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen()

        def serve() -> None:
            for answer in answers:
                caller, _ = door.accept()
                with caller:
                    asked.put(caller.makefile("rb").readline())
                    caller.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield asked
        thread.join(20)


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        (b'{"networks": []}\n', [news.NetworksFound(())]),
        (
            b'{"networks": [{"id": "a:password", "name": "Bibliotheek De Werkbank", "strength": 82, '
            b'"access": "password"}]}\n',
            [news.NetworksFound((LIBRARY,))],
        ),
        (b'{"trouble": "no_card"}\n', [news.WifiEnded(WifiTrouble.NO_CARD)]),
        (b'{"trouble": "of a later version"}\n', [news.WifiEnded(WifiTrouble.FAILED)]),
        (
            b'{"step": "checking"}\n{"joined": true}\n',
            [news.JoinProgress(JoinStep.CHECKING), news.WifiEnded(None)],
        ),
        (b'{"step": "address"}\n', [news.JoinProgress(JoinStep.ADDRESS), news.WifiEnded(WifiTrouble.AWAY)]),
        (b"rubbish\n", [news.WifiEnded(WifiTrouble.AWAY)]),
        (b"", [news.WifiEnded(WifiTrouble.AWAY)]),
    ],
)
def test_what_the_service_says_is_heard(answer: bytes, heard: list[Event], tmp_path: Path) -> None:
    posted: list[Event] = []
    with service(tmp_path / "s", answer) as asked:
        Wifi(tmp_path / "s", posted.append).join(JoinNetwork("a:password", PASSWORD, "4711"))
        until(lambda: len(posted) == len(heard), what="all of it")
    assert posted == heard
    question = msgspec.json.decode(asked.get(timeout=20))
    assert question == {"ask": "join", "network": "a:password", "password": PASSWORD, "pin": "4711"}


def test_without_a_service_it_is_said(tmp_path: Path) -> None:
    posted: list[Event] = []
    Wifi(tmp_path / "none", posted.append).find(FindNetworks(""))
    until(lambda: posted, what="an answer")
    assert posted == [news.WifiEnded(WifiTrouble.AWAY)]


def test_a_newer_question_makes_the_older_one_unheard(tmp_path: Path) -> None:
    posted: list[Event] = []
    wifi = Wifi(tmp_path / "s", posted.append)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "s"))
        door.listen()
        wifi.find(FindNetworks(""))
        first, _ = door.accept()
        wifi.join(JoinNetwork("b:open", "", ""))
        second, _ = door.accept()
        for caller, answer in ((first, b'{"networks": []}\n'), (second, b'{"joined": true}\n')):
            with caller:
                caller.makefile("rb").readline()
                caller.sendall(answer)
    until(lambda: "wifi" not in {thread.name for thread in threading.enumerate()}, what="both are over")
    assert posted == [news.WifiEnded(None)]

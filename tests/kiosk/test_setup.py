"""The set-up screen: in place of the attract screen until the kiosk is set up; asked from a real socket."""

import queue
import socket
import threading
from pathlib import Path

import msgspec
from support.waiting import until
from worlds import INFO, model, state

from kiosk.adapters.setup import SetupWatch
from kiosk.domain import news
from kiosk.domain.events import Event
from kiosk.domain.intents import Wake
from kiosk.domain.session import Place
from kiosk.domain.setup import Mark, Setup, SetupCheck
from kiosk.domain.update import update
from kiosk.locale import Translator
from kiosk.presenters import present
from kiosk.presenters.staff.views import PageView
from kiosk.presenters.views import Tone

GOOD = SetupCheck("network", "Netwerk", Mark.GOOD, "Verbonden met de kabel (192.0.2.7).")
BAD = SetupCheck("region", "Regio", Mark.BAD, "Dit scherm is nog niet aangemeld.", "Steek de USB-stick erin.")
WAITING = SetupCheck("test_print", "Proefprint", Mark.WAITING, "De proefprint wacht op de printer.")
NOT_YET = Setup(False, (GOOD, BAD, WAITING))
DONE = Setup(True, (GOOD,))


def test_until_it_is_set_up_the_ticks_stand_where_the_attract_screen_will_be(collection: Path) -> None:
    fresh, _ = update(model(collection), news.BridgeUp(INFO, state()))
    told, effects = update(fresh, news.SetupSeen(NOT_YET))
    view = present(told, Translator("nl"))
    assert view.screen == "setup" and not effects
    assert isinstance(view.body, PageView)
    assert [line.tone for line in view.body.lines] == [Tone.WELL, Tone.STOP, Tone.WAIT]
    assert "Steek de USB-stick erin." in view.body.lines[1].text
    assert view.frame and [action.intent for action in view.frame.actions] == [Wake()]
    done, _ = update(told, news.SetupSeen(DONE))
    assert present(done, Translator("nl")).screen == "attract"
    assert present(fresh, Translator("nl")).screen == "attract"


def test_it_does_not_keep_anybody_from_printing(collection: Path) -> None:
    fresh, _ = update(model(collection), news.BridgeUp(INFO, state()))
    told, _ = update(fresh, news.SetupSeen(NOT_YET))
    awake, _ = update(told, Wake())
    assert awake.session.place is Place.COLLECTION
    assert present(awake, Translator("nl")).screen == "collection"


def test_the_service_is_asked_until_it_says_that_all_is_done(tmp_path: Path) -> None:
    answers = [msgspec.json.encode(NOT_YET), b"rubbish", msgspec.json.encode(DONE)]
    posted: queue.Queue[Event] = queue.Queue()
    asked: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "s"))
        door.listen()

        def serve() -> None:
            for answer in answers:
                caller, _ = door.accept()
                with caller:
                    asked.append(caller.makefile("rb").readline())
                    caller.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        watch = SetupWatch(tmp_path / "s", posted.put, every_s=0.02)
        watch.start()
        thread.join(20)
        until(lambda: posted.qsize() == 2, what="both answers that can be read")
        watch.close()
    assert [posted.get(), posted.get()] == [news.SetupSeen(NOT_YET), news.SetupSeen(DONE)]
    assert asked == 3 * [b'{"ask": "checks"}\n']


def test_on_a_small_glass_the_first_thing_to_do_is_whole(collection: Path) -> None:
    printer = SetupCheck("printer", "Printer", Mark.BAD, "De printer antwoordt niet.", "Zet hem aan.")
    checks = (GOOD, WAITING, BAD, printer)
    small = model(collection).with_world(is_roomy=False, setup=Setup(False, checks))
    body = present(small, Translator("nl")).body
    assert isinstance(body, PageView)
    assert [line.tone for line in body.lines] == [Tone.WELL, Tone.STOP, Tone.WAIT]
    assert body.lines[0].text == "Netwerk" and body.lines[2].text == "Printer, Proefprint"
    assert body.lines[1].text.endswith("Steek de USB-stick erin.")
    done = small.with_world(setup=Setup(False, (GOOD,)))
    assert len(present(done, Translator("nl")).body.lines) == 1  # type: ignore[attr-defined]

"""Training: a whole print on a simulated printer, while the real bridge and its printer notice nothing."""

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from offscreen import SCREENS, Driver, kiosk
from pins import enter, type_pin
from support.bridge_process import BridgeProcess, SimulatedPrinter
from worlds import INFO, job, model, state

from firmware_bridge.contract import PRACTICE_PIN, Act, ActKind, ActState, JobState, Role
from kiosk.adapters.practice import Practice
from kiosk.domain import intents, news
from kiosk.domain.draft import Draft
from kiosk.domain.effects import EnterPractice, LeavePractice, StartPractice
from kiosk.domain.idle import COUNTDOWN_S, IDLE_S, seconds_left
from kiosk.domain.model import Model
from kiosk.domain.session import Notice, Place, Rating
from kiosk.domain.staff import Desk, PinPad, StaffPage
from kiosk.domain.update import update
from kiosk.locale import LANGUAGES, Translator
from kiosk.presenters import present

SCREEN = SCREENS["10.1 inch wide"]
COMMAND = (sys.executable, "-m", "firmware_bridge", "practice")
PRACTICE_INFO = msgspec.structs.replace(INFO, kiosk="practice", practice=True)
NOW_S = 1000.0


@pytest.fixture
def staff(collection: Path) -> Model:
    """A coach on the page, the real printer idle."""
    known = model(collection).with_world(can_practise=True)
    up, _ = update(known, news.BridgeUp(INFO, state()))
    desk = Desk(Role.COACH, NOW_S + 120, StaffPage.PRACTICE)
    return up.with_session(place=Place.STAFF, staff=desk, touched_s=NOW_S)


@pytest.fixture
def practising(staff: Model) -> Model:
    """The simulated printer has answered."""
    for event in (intents.BeginPractice(), news.PracticeReady(), news.BridgeUp(PRACTICE_INFO, state())):
        staff, _ = update(staff, event)
    return staff


def test_the_screen_changes_bridges_only_when_the_simulated_printer_answers(staff: Model) -> None:
    begun, effects = update(staff, intents.BeginPractice())
    assert effects == (StartPractice(INFO),) and not begun.world.is_practice
    assert update(begun, intents.BeginPractice())[1] == (), "once is enough"
    there, effects = update(begun, news.PracticeReady())
    assert EnterPractice() in effects
    assert (there.session.place, there.session.staff, there.world.info) == (Place.COLLECTION, None, None)
    assert update(there, news.BridgeUp(PRACTICE_INFO, state()))[0].world.is_practice


@pytest.mark.parametrize(
    "busy",
    [
        state(job(JobState.PRINTING)),
        state(None, job(JobState.QUEUED)),
        state(job(JobState.READY)),
        state(act=Act(kind=ActKind.HOME, state=ActState.RUNNING)),
        state(act=Act(kind=ActKind.HEAT, state=ActState.DONE, off_in_s=300.0)),
    ],
    ids=["printing", "queued", "ready", "moving", "warm"],
)
def test_only_while_the_real_printer_is_idle_and_nobody_waits(staff: Model, busy: object) -> None:
    told, _ = update(staff, news.StateCame(busy))  # type: ignore[arg-type]
    assert update(told, intents.BeginPractice())[1] == ()
    begun, _ = update(staff, intents.BeginPractice())
    late, _ = update(begun, news.StateCame(busy))  # type: ignore[arg-type]
    after, effects = update(late, news.PracticeReady())
    assert effects == (LeavePractice(),) and not after.world.is_practice


def test_a_visitor_cannot_begin_it_and_nobody_where_there_is_none(staff: Model) -> None:
    assert update(staff.with_session(staff=None), intents.BeginPractice())[1] == ()
    assert update(staff.with_world(can_practise=False), intents.BeginPractice())[1] == ()


def test_who_walks_away_leaves_the_real_printer_to_the_next(practising: Model) -> None:
    resting = practising.with_session(place=Place.JOB, touched_s=NOW_S)
    quiet, _ = update(resting, news.Tick(resting.world.now, NOW_S + IDLE_S + 1))
    assert seconds_left(quiet), "it asks first, also where nothing would be lost"
    gone, effects = update(quiet, news.Tick(quiet.world.now, NOW_S + IDLE_S + COUNTDOWN_S + 1))
    assert LeavePractice() in effects
    assert (gone.session.place, gone.world.info) == (Place.ATTRACT, None)


def test_an_exercise_that_does_not_begin_or_breaks_off_says_so_or_gives_the_printer_back(
    staff: Model, practising: Model
) -> None:
    begun, _ = update(staff, intents.BeginPractice())
    failed, effects = update(begun, news.PracticeEnded())
    assert failed.session.notice is Notice.NO_PRACTICE and failed.session.staff
    assert not failed.session.staff.prepares and effects == ()
    back, effects = update(practising, news.PracticeEnded())
    assert LeavePractice() in effects and back.session.place is Place.ATTRACT


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_marked(practising: Model, language: str) -> None:
    _ = Translator(language)
    practising = practising.with_session(
        language=language,
        card="sleutelhanger",
        draft=Draft("sleutelhanger", text="Noor"),
        rating=Rating("j1"),
        pin=PinPad(),
        staff=Desk(Role.TECHNICIAN, NOW_S + 120, StaffPage.PRACTICE),
    )
    for place in Place:
        where = practising.with_session(place=place)
        view = present(where, _)
        assert view.is_practice, place
        if view.frame:
            assert (view.frame.home.icon, view.frame.home.text) == ("school", _("Oefen")), place
        assert not present(where.with_world(info=INFO), _).is_practice


# --- with the real processes ------------------------------------------------------------------------


@pytest.fixture
def exercises(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the exercise's folder is made; a UNIX socket's path must be short."""
    with tempfile.TemporaryDirectory(prefix="kp-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@pytest.fixture
def driver(tmp_path: Path, collection: Path, bridge: BridgeProcess, exercises: Path) -> Iterator[Driver]:
    """At the real bridge."""
    command = (*COMMAND, "--speed=100")
    with kiosk(SCREEN, tmp_path, collection, bridge.socket, practice=command) as started:
        started.until(lambda: (s := started.app.model.world.state) and s.printer.connected, "the printer")
        started.on("attract")
        yield started


def rows(folder: Path) -> list[tuple[object, ...]]:
    """Everything in the real bridge's journal that is a job's."""
    (path,) = folder.glob("**/journal.sqlite")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as journal:
        tables = [name for (name,) in journal.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [row for table in tables for row in journal.execute(f"SELECT * FROM {table}") if "job" in str(row)]


def begin(driver: Driver) -> None:
    """As staff does, from the attract screen."""
    enter(driver, "coach")
    driver.press("staff:practice")
    driver.press("practice:begin")
    driver.until(lambda: driver.app.model.world.is_practice, "the exercise", 60)
    driver.on("collection")


def test_a_whole_print_is_practised_and_the_real_printer_knows_nothing_of_it(
    driver: Driver, bridge: BridgeProcess, printer: SimulatedPrinter, exercises: Path
) -> None:
    before = rows(bridge.folder)
    begin(driver)
    assert len(list(exercises.glob("maakhoek-practice-*"))) == 1
    begun_at = len(printer.executed())
    driver.press("card:toren-1")
    driver.press("print")
    driver.press("plate-empty")
    driver.until(lambda: driver.screen() in ("watch", "check"), "it prints", 60)
    driver.on("ready", 120)
    driver.press("collect")
    driver.on("feedback")
    driver.app.handle(intents.WantStaff())
    driver.on("pin")
    assert PRACTICE_PIN in driver.words()
    type_pin(driver, PRACTICE_PIN)
    driver.on("staff")
    driver.press("home")
    driver.press("practice:end")
    driver.on("attract")
    driver.until(lambda: (i := driver.app.model.world.info) and not i.practice, "the real bridge again", 30)
    assert not driver.app.model.world.is_practice
    assert rows(bridge.folder) == before
    done = printer.executed()[begun_at:]
    assert not [line for line in done if line.split()[0] in ("G0", "G1", "G28", "M104", "M140")], done
    driver.until(lambda: not list(exercises.iterdir()), "nothing of it is left", 30)


def test_an_exercise_whose_bridge_dies_gives_the_printer_back(driver: Driver) -> None:
    begin(driver)
    process = driver.app._practice._process
    assert process
    process.kill()
    driver.on("attract", 30)
    driver.until(lambda: _is_empty(process.pid), "its simulated printer is gone too")
    driver.until(lambda: (i := driver.app.model.world.info) and not i.practice, "the real bridge again", 30)


def _is_empty(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_command_that_does_not_start_is_told(tmp_path: Path) -> None:
    told: list[news.News] = []
    practice = Practice([str(tmp_path / "no-such-command")], told.append)
    practice.start(INFO)
    assert told == [news.PracticeEnded()]

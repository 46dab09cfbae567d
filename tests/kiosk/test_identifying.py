"""Somebody at the region asks which device this is: the glass says so, and a bell rings."""

import io
import sys
import wave
from datetime import timedelta
from pathlib import Path

import pytest
from support.waiting import until
from worlds import INFO, model, state

from firmware_bridge.contract import State
from kiosk.adapters import chime
from kiosk.domain import intents, news
from kiosk.domain.effects import Chime
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.update import update
from kiosk.locale import Translator
from kiosk.presenters import present

_ = Translator("nl")


def _after(before: Model, *events: Event) -> tuple[Model, list[object]]:
    effects: list[object] = []
    for event in events:
        before, more = update(before, event)
        effects += more
    return before, effects


def _asked(left_s: float | None) -> news.StateCame:
    told: State = state(identify_left_s=left_s)
    return news.StateCame(told)


@pytest.fixture
def awake(collection: Path) -> Model:
    return _after(model(collection), news.BridgeUp(INFO, state()))[0]


def _sheet(shown: Model) -> str:
    sheet = present(shown, _).sheet
    return sheet.name if sheet else ""


def test_it_rings_once_and_shows_as_long_as_it_is_asked(awake: Model) -> None:
    asked, effects = _after(awake, _asked(20.0), _asked(12.0))
    assert effects.count(Chime()) == 1
    assert _sheet(asked) == "identify"
    later = news.Tick(asked.world.now + timedelta(seconds=13), asked.world.uptime_s + 13)
    assert _sheet(_after(asked, later)[0]) == "", "it goes away also when no new state comes"
    assert _sheet(_after(asked, _asked(None))[0]) == ""


def test_a_touch_takes_it_away_and_the_next_asking_brings_it_back(awake: Model) -> None:
    seen, _effects = _after(awake, _asked(20.0), intents.CloseSheet())
    assert _sheet(seen) == ""
    assert _sheet(_after(seen, _asked(10.0))[0]) == "", "it is still the same asking"
    again, effects = _after(seen, _asked(None), _asked(20.0))
    assert _sheet(again) == "identify" and Chime() in effects


def test_it_changes_its_colour_unless_somebody_wants_stillness(awake: Model) -> None:
    def tones(shown: Model) -> set[object]:
        found = set()
        for second in range(3):
            tick = news.Tick(shown.world.now, shown.world.uptime_s + second)
            sheet = present(_after(shown, tick)[0], _).sheet
            assert sheet
            found.add(sheet.tone)
        return found

    asked = _after(awake, _asked(20.0))[0]
    assert len(tones(asked)) == 2
    still = _after(asked, intents.ChooseModes(asked.session.modes.__class__(still=True)))[0]
    assert len(tones(still)) == 1


def test_the_bell_is_a_sound_and_reaches_the_player(tmp_path: Path) -> None:
    with wave.open(io.BytesIO(chime.bell())) as sound:
        seconds = sound.getnframes() / sound.getframerate()
        samples = memoryview(sound.readframes(sound.getnframes())).cast("h")
    assert 1 < seconds < 5
    assert 10_000 < max(samples) < 32_767, "loud, and not torn"
    heard = tmp_path / "heard.wav"
    program = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())"
    chime.ring((sys.executable, "-c", program, str(heard)))
    until(lambda: heard.exists() and heard.read_bytes() == chime.bell(), what="the player has the sound")


def test_a_kiosk_without_a_player_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    chime.ring(("no-such-player",))
    until(lambda: "cannot ring" in caplog.text, what="the log says so")

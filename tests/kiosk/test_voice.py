"""Reading aloud: the processes beside the screen, and what they are told to say."""

import stat
import wave
from pathlib import Path

import pytest
from offscreen import Driver
from support.waiting import until
from worlds import NOW, job, model, state

from firmware_bridge.contract import JobState
from kiosk.adapters.voice import Voice, sound_key
from kiosk.domain import intents, news
from kiosk.domain.effects import Hush, Read
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.session import Notice, Place, Sheet
from kiosk.domain.update import update
from kiosk.locale import Translator
from kiosk.presenters import speech


def after(start: Model, *events: Event) -> Model:
    for event in events:
        start, _effects = update(start, event)
    return start


@pytest.fixture
def player(tmp_path: Path) -> tuple[Path, Path]:
    """A player that keeps every WAV that it would play, and takes as long as the file `slow` says."""
    heard = tmp_path / "heard"
    heard.mkdir()
    script = tmp_path / "player.sh"
    script.write_text(
        f"#!/bin/sh\nf=$(mktemp {heard}/XXXXXX)\ncat > $f.part\nmv $f.part $f.wav; rm $f\n"
        f"[ -f {tmp_path}/slow ] && exec sleep 600\nexit 0\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script, heard


def wavs(heard: Path) -> list[Path]:
    return sorted(heard.glob("*.wav"), key=lambda path: path.stat().st_mtime_ns)


def test_a_voice_reads_each_sentence_and_says_when_it_is_done(player: tuple[Path, Path]) -> None:
    script, heard = player
    told: list[Event] = []
    for language, words in (("nl", "Raak het scherm aan."), ("uk", "Торкніться екрана."), ("ar", "المس الشاشة.")):
        Voice(None, [str(script)], told.append).say([words, words + " " + words], language)
        until(lambda: told, 20, "the end of the reading")
        assert told.pop() == news.ReadingEnded(has_voice=True)
        short, long = (path.stat().st_size for path in wavs(heard)[-2:])
        assert 20_000 < short < long
    with wave.open(str(wavs(heard)[0])) as sound:
        assert sound.getnchannels() == 1


def test_a_prepared_sound_goes_before_the_synthesised_one(player: tuple[Path, Path], tmp_path: Path) -> None:
    script, heard = player
    prepared = tmp_path / "sounds" / "nl" / f"{sound_key('Raak het scherm aan.')}.wav"
    prepared.parent.mkdir(parents=True)
    prepared.write_bytes(b"RIFF a person who reads")
    told: list[Event] = []
    Voice(tmp_path / "sounds", [str(script)], told.append).say(["Raak het scherm aan."], "nl")
    until(lambda: told, 20, "the end of the reading")
    assert [path.read_bytes() for path in wavs(heard)] == [b"RIFF a person who reads"]


def test_it_is_silent_at_once_and_can_be_repeated(player: tuple[Path, Path], tmp_path: Path) -> None:
    script, heard = player
    (tmp_path / "slow").touch()
    told: list[Event] = []
    voice = Voice(None, [str(script)], told.append)
    voice.say(["Een.", "Twee."], "nl")
    until(lambda: wavs(heard), 20, "the first sentence")
    playing = voice._playing
    voice.hush()
    until(lambda: playing.poll() is not None, 5, "the player is gone")
    (tmp_path / "slow").unlink()
    voice.say(["Een."], "nl")
    until(lambda: told, 20, "the end of the second reading")
    assert told == [news.ReadingEnded(has_voice=True)], "what was stopped says nothing any more"
    assert len(wavs(heard)) == 2


@pytest.mark.parametrize(("language", "command"), [("xx", ["cat"]), ("nl", ["false"]), ("nl", ["no-such-player"])])
def test_no_voice_or_nothing_to_hear_it_with_is_told(language: str, command: list[str]) -> None:
    told: list[Event] = []
    Voice(None, command, told.append).say(["Een."], language)
    until(lambda: told, 20, "what became of it")
    assert told == [news.ReadingEnded(has_voice=False)]


def test_the_ear_starts_stops_repeats_and_follows(collection: Path) -> None:
    start = after(model(collection), intents.Wake())
    listening, effects = update(start, intents.ReadAloud())
    assert effects == (Read(),)
    assert listening.session.reading
    ended = after(listening, news.ReadingEnded())
    assert not ended.session.reading
    _again, effects = update(ended, intents.ReadAloud())
    assert effects == (Read(),)
    next_screen, effects = update(ended, intents.ChooseCard("toren-1"))
    assert Read() in effects and next_screen.session.reading
    _sheet, effects = update(next_screen, intents.OpenSheet(Sheet.HELP))
    assert Read() in effects
    silent, effects = update(next_screen, intents.StopReading())
    assert effects == (Hush(),)
    _other, effects = update(silent, intents.GoHome())
    assert effects == ()


def test_what_comes_by_itself_is_heard_too(collection: Path) -> None:
    """The countdown, and the printer's own place; not what others' prints do behind the collection."""
    printing = news.StateCame(state(job(JobState.PRINTING)))
    there = after(model(collection), printing, intents.ReadAloud(), news.ReadingEnded())
    assert there.session.place is Place.JOB
    _same, effects = update(there, printing)
    assert Read() not in effects
    _cooling, effects = update(there, news.StateCame(state(job(JobState.COOLING))))
    assert Read() in effects
    _counting, effects = update(there, news.Tick(NOW, there.world.uptime_s + 95))
    assert effects == (Read(),)
    browsing = after(there, intents.GoHome(), news.ReadingEnded())
    _cooling, effects = update(browsing, news.StateCame(state(job(JobState.COOLING))))
    assert Read() not in effects


def test_on_a_sheet_who_has_listened_finds_the_ear(awake: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, ...]] = []
    monkeypatch.setattr(awake.app._voice, "say", lambda sentences, _language: said.append(tuple(sentences)))
    awake.press("wake")
    awake.press("help")
    assert awake.widget("ear") is None, "others have one button less"
    awake.press("close")
    awake.press("ear")
    awake.press("help")
    assert "Zo werkt het." in said[-1] and len(said) == 2
    awake.press("ear")
    assert not awake.app.model.session.reading, "silence"
    awake.press("ear")
    assert said[2] == said[1], "once more"


def test_a_language_without_a_voice_says_so_once(collection: Path) -> None:
    listening = after(model(collection), intents.Wake(), intents.ReadAloud(), news.ReadingEnded(has_voice=False))
    assert listening.session.notice is Notice.NO_VOICE
    assert not listening.session.listens


def test_the_end_of_a_session_is_silent(collection: Path) -> None:
    listening = after(model(collection), intents.Wake(), intents.ReadAloud())
    _fresh, effects = update(listening, news.Tick(NOW, listening.world.uptime_s + 120))
    assert Hush() in effects


def test_every_screen_can_be_read(awake: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, ...]] = []
    monkeypatch.setattr(awake.app._voice, "say", lambda sentences, _language: said.append(tuple(sentences)))
    awake.press("wake")
    awake.press("ear")
    assert "Wat wil je maken?" in said[-1][0]
    assert "Toren 1" in " ".join(said[-1])
    awake.press("card:toren-1")
    words = " ".join(said[-1])
    assert "Toren 1." in said[-1] and "15 uur" in words and "Print dit" in words
    assert "Nederlands" not in words, "what stands on every screen is not read on every screen"
    assert awake.widget("ear")["text"] == "Stil"


def test_sentences_for_a_voice() -> None:
    _ = Translator("nl")
    spoken = speech.sentences(["Klaar tussen 15.05 en 15.15 uur", "Is de plaat leeg?"], ["Terug", "Kijk\nmee"], _)
    assert spoken == (
        "Klaar tussen 15 uur 05 en 15 uur 15.",
        "Is de plaat leeg?",
        "Je kunt kiezen: Terug, Kijk: mee.",
    )

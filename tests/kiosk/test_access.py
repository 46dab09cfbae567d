"""Modes, keys and reading aloud: the events, the processes beside the screen, and what is on the glass."""

import stat
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from offscreen import SCREENS, Driver, kiosk
from PIL import Image
from support.waiting import until
from worlds import INFO, NOW, model, state

from kiosk.adapters.voice import Voice, sound_key
from kiosk.domain import idle, intents, news
from kiosk.domain.effects import Hush, Read
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.modes import Contrast, Modes
from kiosk.domain.session import Notice, Place, Sheet
from kiosk.domain.update import update
from kiosk.locale import FROM_RIGHT, Translator
from kiosk.presenters import access, speech
from kiosk.ui.focus import Key, meaning
from kiosk.ui.scripts import Script, runs, script_of, visual, wrapped

TAB, ENTER, SPACE, LEFT, ESCAPE, F1 = 9, 13, 32, 276, 27, 282


def after(start: Model, *events: Event) -> Model:
    for event in events:
        start, _effects = update(start, event)
    return start


# --- modes -----------------------------------------------------------------------------------------


def test_modes_are_this_visitors_only(collection: Path) -> None:
    chosen = after(
        model(collection),
        intents.Wake(),
        intents.ChooseLanguage("ar"),
        intents.ChooseModes(Modes(large=True, contrast=Contrast.NIGHT, still=True)),
    )
    assert chosen.session.modes.large
    left = after(chosen, news.Tick(NOW, chosen.world.uptime_s + 120))
    assert (left.session.modes, left.session.language) == (Modes(), "nl")


@pytest.mark.parametrize("chosen", [intents.ChooseModes(Modes(large=True)), intents.ChooseLanguage("fr")])
def test_what_a_visitor_chose_is_never_taken_away_without_asking(chosen: Event, collection: Path) -> None:
    watching = model(collection).with_session(place=Place.JOB)
    quiet = news.Tick(NOW, watching.world.uptime_s + 95)
    assert idle.seconds_left(after(watching, quiet)) is None, "nobody chose anything: nothing to ask"
    assert idle.seconds_left(after(watching, chosen, quiet)) == 25


def test_the_countdown_can_be_put_off_as_often_as_wanted(collection: Path) -> None:
    there = after(model(collection), intents.Wake())
    for times in range(1, 13):
        there = after(there, news.Tick(NOW, 1000.0 + times * 110))
        assert idle.seconds_left(there) == 10
        there = after(there, intents.Touched())
        assert idle.seconds_left(there) is None
    assert there.session.place is Place.COLLECTION


def test_a_second_touch_takes_a_mode_back() -> None:
    _ = Translator("nl")
    for modes in (Modes(), Modes(False, Contrast.LIGHT, True, False), Modes(contrast=Contrast.NIGHT)):
        for action in access.sheet(modes, True, _).actions[:-1]:
            again = next(a for a in access.sheet(action.intent.modes, True, _).actions if a.name == action.name)
            assert action.intent.modes != modes
            if "contrast" not in action.icon and action.name not in ("mode:light", "mode:night"):
                assert again.intent.modes == modes


def test_modes_go_together() -> None:
    """Who sits in a wheelchair and sees little needs large letters and everything low."""
    modes = Modes()
    for name in ("mode:large", "mode:low", "mode:night"):
        actions = access.sheet(modes, True, Translator("nl")).actions
        modes = next(action.intent.modes for action in actions if action.name == name)
    assert modes == Modes(large=True, low=True, contrast=Contrast.NIGHT)


def test_low_reach_is_not_offered_where_the_glass_is_low() -> None:
    names = [action.name for action in access.sheet(Modes(), False, Translator("nl")).actions]
    assert "mode:low" not in names and "mode:large" in names


# --- keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "modifiers", "key"),
    [
        (TAB, [], Key.NEXT),
        (SPACE, [], Key.NEXT),
        (TAB, ["shift"], Key.PREVIOUS),
        (LEFT, [], Key.PREVIOUS),
        (ENTER, [], Key.CHOOSE),
        (TAB, ["alt"], None),
        (SPACE, ["ctrl"], None),
        (ENTER, ["meta"], None),
        (ESCAPE, [], None),
        (F1, [], None),
        (ord("q"), ["ctrl"], None),
    ],
)
def test_two_keys_mean_something_and_all_others_nothing(code: int, modifiers: list[str], key: Key | None) -> None:
    assert meaning(code, modifiers) is key


@pytest.fixture
def awake(tmp_path: Path, collection: Path) -> Iterator[Driver]:
    with kiosk(SCREENS["10.1 inch wide"], tmp_path, collection, clock=lambda: NOW) as started:
        started.app.handle(news.BridgeUp(INFO, state()))
        started.frames()
        yield started


def strike(driver: Driver, code: int) -> None:
    driver.window.dispatch("on_key_down", code, 0, None, [])
    driver.window.dispatch("on_key_up", code, 0)
    driver.frames(1)


def go_to(driver: Driver, name: str, key: int = SPACE) -> None:
    for _ in range(80):
        strike(driver, key)
        if driver.app.surface._ring.target.name == name:
            return
    raise AssertionError(f"the next key never came to '{name}'")


@pytest.mark.parametrize("modes", [Modes(), Modes(large=True), Modes(low=True), Modes(large=True, low=True)])
def test_a_print_with_a_switch_of_two_keys(modes: Modes, awake: Driver) -> None:
    go_to(awake, "wake")
    strike(awake, ENTER)
    awake.on("collection")
    awake.app.handle(intents.ChooseModes(modes))
    go_to(awake, "card:toren-1")
    strike(awake, ENTER)
    awake.on("model")
    go_to(awake, "print")
    strike(awake, ENTER)
    awake.on("plate")
    go_to(awake, "plate-empty")
    assert awake.widget("plate-empty")["enabled"]


def test_a_name_with_a_switch_of_two_keys(awake: Driver) -> None:
    go_to(awake, "wake")
    strike(awake, ENTER)
    go_to(awake, "card:sleutelhanger")
    strike(awake, ENTER)
    go_to(awake, "make-yours")
    strike(awake, ENTER)
    awake.on("make")
    for letter in "no":
        go_to(awake, f"key:{letter}")
        strike(awake, ENTER)
    assert awake.app.model.session.draft.text == "No"


def test_a_held_key_counts_once_and_a_finger_hides_the_ring(awake: Driver) -> None:
    awake.press("wake")
    awake.window.dispatch("on_key_down", TAB, 0, None, [])
    first = awake.app.surface._ring.target.name
    for _ in range(20):
        awake.window.dispatch("on_key_down", TAB, 0, None, [])
    assert awake.app.surface._ring.target.name == first
    awake.window.dispatch("on_key_up", TAB, 0)
    awake.touch(5, 5)
    assert awake.app.surface._ring.opacity == 0


def test_the_ring_is_seen_on_every_ground(awake: Driver, tmp_path: Path) -> None:
    def grey(name: str) -> np.ndarray:
        return np.asarray(Image.open(awake.picture(tmp_path / name)).convert("L")).astype(int)

    awake.press("wake")
    for worn in Contrast:
        awake.app.handle(intents.ChooseModes(Modes(contrast=worn)))
        awake.frames()
        plain = grey("plain.png")
        strike(awake, TAB)
        ringed = grey("ringed.png")
        awake.app.surface.hide_focus()
        target = awake.widget("card:toren-1")
        changed = np.abs(ringed - plain) > 90
        assert changed.sum() > (target["width"] + target["height"]) * 2 * 4, worn


# --- reading aloud ---------------------------------------------------------------------------------


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


# --- any language ----------------------------------------------------------------------------------


def test_digits_and_latin_words_keep_their_order_in_arabic() -> None:
    line = visual("جاهز بين 15:05 و 15:15 مع PLA")
    assert "15:05" in line and "15:15" in line and "PLA" in line
    assert line.index("PLA") < line.index("15:15") < line.index("15:05"), "it is read from the right"
    assert "ز" not in line, "letters are shaped"


def test_each_run_of_a_line_has_the_font_that_can_draw_it() -> None:
    pieces = list(runs(visual("مع PLA 15")))
    assert "".join(piece for _script, piece in pieces) == visual("مع PLA 15")
    assert {script for script, piece in pieces if any(c.isascii() and c.isalnum() for c in piece)} == {
        Script.LATIN
    }
    assert [script_of(text) for text in ("Één", "Українська", "العربية")] == list(Script)


def test_lines_are_broken_before_they_are_turned() -> None:
    def width_of(text: str) -> float:
        return float(len(text))

    lines = wrapped("واحد اثنان ثلاثة اربعة", 12, width_of)
    assert lines[0].startswith("واحد") and " ".join(lines) == "واحد اثنان ثلاثة اربعة"
    assert all(len(line) <= 12 for line in lines)


def test_a_language_from_the_right_mirrors_the_frame(awake: Driver) -> None:
    awake.press("wake")

    def home_is_left() -> bool:
        return awake.widget("home")["x"] < awake.widget("help")["x"]

    assert home_is_left()
    for language, left in (("ar", False), ("uk", True), ("ar", False), ("nl", True)):
        awake.app.handle(intents.ChooseLanguage(language))
        awake.frames()
        assert home_is_left() is left, language
    assert frozenset({"ar"}) == FROM_RIGHT

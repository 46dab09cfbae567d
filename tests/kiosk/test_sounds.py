"""The list for who reads aloud names each file as the voice looks for it."""

from pathlib import Path

import pytest

from kiosk.adapters.sounds import main, readable
from kiosk.adapters.voice import Voice, sound_key
from kiosk.locale import LANGUAGES, Translator
from kiosk.presenters import speech


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_voice_finds_what_was_read_under_the_listed_name(
    language: str, tmp_path: Path, collection: Path
) -> None:
    _ = Translator(language)
    said = speech.sentences([_("Raak het scherm aan"), _("Is de plaat leeg?")], [], _)
    wanted = readable(language, collection)
    names = {sentence: name for name, sentence in wanted.items()}
    folder = tmp_path / language
    folder.mkdir()
    for sentence in said:
        (folder / names[sentence]).write_bytes(sentence.encode())
    voice = Voice(tmp_path, ["true"], lambda _event: None)
    assert [voice._sound(sentence, language).decode() for sentence in said] == list(said)


def test_cards_are_among_them_and_nothing_that_differs_from_one_day_to_the_next(collection: Path) -> None:
    sentences = set(readable("fr", collection).values())
    assert "Tour 1." in sentences
    assert not [sentence for sentence in sentences if "{" in sentence]


def test_only_what_is_missing_and_what_is_left_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "nl"
    folder.mkdir()
    there = sound_key("Raak het scherm aan.")
    (folder / f"{there}.wav").touch()
    (folder / "0123456789abcdef.wav").touch()
    assert main(["nl", "--sounds", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert there not in told.out and f"{sound_key('Is de plaat leeg?')}.wav\tIs de plaat leeg?\n" in told.out
    assert "0123456789abcdef.wav: no sentence" in told.err and there not in told.err

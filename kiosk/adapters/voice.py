"""Reads aloud: a prepared sound where there is one, else espeak-ng; each sentence in processes beside the screen.

What is read may hold what a visitor typed: it goes in on standard input, never as an argument.
"""

import hashlib
import logging
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from kiosk.domain.events import Event
from kiosk.domain.news import ReadingEnded

log = logging.getLogger(__name__)

VOICES = {"nl": "nl", "fr": "fr-be", "en": "en-gb", "de": "de", "uk": "uk", "ar": "ar"}
"""espeak-ng's name for each language."""
WORDS_PER_MINUTE = 150
_SYNTHESIS_S = 20.0


class NoVoiceError(RuntimeError):
    """There is no voice for the language, or nothing to hear it with."""


def sound_key(sentence: str) -> str:
    """The name of a prepared sound's file, without its ending."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


class Voice:
    """One reading at a time; a new one ends the old. Posts ReadingEnded when the last word was said."""

    def __init__(self, sounds: Path | None, player: Sequence[str], post: Callable[[Event], None]) -> None:
        self._sounds, self._player, self._post = sounds, tuple(player), post
        self._lock = threading.Lock()
        self._reading = 0
        self._playing: subprocess.Popen[bytes] | None = None

    def say(self, sentences: Sequence[str], language: str) -> None:
        """From the first one; returns at once."""
        number = self._next()
        arguments = (number, tuple(sentences), language)
        threading.Thread(target=self._read, args=arguments, name="voice", daemon=True).start()

    def hush(self) -> None:
        """Silence, at once."""
        self._next()

    def _next(self) -> int:
        with self._lock:
            self._reading += 1
            if self._playing:
                self._playing.kill()
            return self._reading

    def _read(self, number: int, sentences: tuple[str, ...], language: str) -> None:
        try:
            for sentence in sentences:
                if not self._play(number, self._sound(sentence, language)):
                    return
        except (NoVoiceError, OSError, subprocess.SubprocessError) as error:
            log.warning("cannot read aloud in '%s': %s", language, error)
            self._end(number, has_voice=False)
            return
        self._end(number, has_voice=True)

    def _end(self, number: int, has_voice: bool) -> None:
        if number == self._reading:
            self._post(ReadingEnded(has_voice))

    def _sound(self, sentence: str, language: str) -> bytes:
        """A WAV. Raises NoVoiceError."""
        prepared = self._sounds / language / f"{sound_key(sentence)}.wav" if self._sounds else None
        if prepared and prepared.is_file():
            return prepared.read_bytes()
        if language not in VOICES:
            raise NoVoiceError("espeak-ng has no voice for it")
        command = ("espeak-ng", "-v", VOICES[language], "-s", str(WORDS_PER_MINUTE), "--stdin", "--stdout")
        done = subprocess.run(
            command, input=sentence.encode(), capture_output=True, timeout=_SYNTHESIS_S, check=False
        )
        if done.returncode or not done.stdout:
            raise NoVoiceError(f"espeak-ng ended with {done.returncode}")
        return done.stdout

    def _play(self, number: int, sound: bytes) -> bool:
        """To its end. False: it was stopped. Raises NoVoiceError."""
        with self._lock:
            if number != self._reading:
                return False
            player = self._playing = subprocess.Popen(
                self._player, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        # A player that is killed while it is being fed breaks the pipe; communicate takes that as its end.
        player.communicate(sound)
        if number != self._reading:
            return False
        if player.returncode:
            raise NoVoiceError(f"{self._player[0]} ended with {player.returncode}")
        return True

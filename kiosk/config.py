"""The kiosk's configuration file."""

from pathlib import Path

import msgspec


class ConfigError(ValueError):
    """The file cannot be used; the message names the key and what it should be."""


class Screen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The glass: its pixels and its diagonal decide how many pixels a millimetre is."""

    width_px: int
    height_px: int
    diagonal_inch: float
    fullscreen: bool = False

    @property
    def px_per_mm(self) -> float:
        """Pixels in a millimetre; pixels are square."""
        return float((self.width_px**2 + self.height_px**2) ** 0.5 / (self.diagonal_inch * 25.4))


class Voice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Reading aloud. `sounds`: a folder with prepared sentences, `<language>/<adapters.voice.sound_key>.wav`;
    empty for none. `player`: the command that plays a WAV from its standard input."""

    sounds: str = ""
    player: tuple[str, ...] = ("aplay", "-q", "-")


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`bridge`: the bridge's UNIX socket. `session`: a folder for a visitor's own model, emptied at every end.
    `worker`: the command of the slicing worker. `refused_words`: the library's own list of words that it does not
    print beside kiosk/refused.txt, one a line, `-word` to take one of those off; '' for none.
    `practice`: the command of a bridge for training; empty: nobody can train. `setup`: the UNIX socket of the
    set-up service; '' where the kiosk is set up by hand."""

    bridge: str
    collection: str
    session: str
    worker: tuple[str, ...]
    screen: Screen
    voice: Voice = Voice()
    refused_words: str = ""
    practice: tuple[str, ...] = ()
    setup: str = ""


MIN_DIAGONAL_INCH = 6.5


def read_config(path: Path) -> Config:
    """The configuration in `path`.

    Raises ConfigError.
    """
    try:
        config = msgspec.toml.decode(path.read_bytes(), type=Config)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise ConfigError(f"{path}: {error}") from error
    screen = config.screen
    if screen.width_px < 800 or screen.height_px < 480:
        raise ConfigError(
            f"{path}: `screen` is {screen.width_px}x{screen.height_px} pixels; it should be 800x480 or more"
        )
    if not MIN_DIAGONAL_INCH <= screen.diagonal_inch <= 60:
        raise ConfigError(
            f"{path}: `screen.diagonal_inch` is {screen.diagonal_inch:g}; it should be {MIN_DIAGONAL_INCH:g} to 60"
        )
    if not config.voice.player:
        raise ConfigError(f"{path}: `voice.player` is empty; it should be a command that plays a WAV")
    if not config.worker:
        raise ConfigError(f"{path}: `worker` is empty; it should be the command of the slicing worker")
    return config

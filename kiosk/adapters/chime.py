"""A bell of two tones, to be found by ear. Nothing else on the kiosk makes a sound that was not asked for."""

import array
import io
import logging
import math
import subprocess
import sys
import threading
import wave
from collections.abc import Sequence
from typing import Final

log = logging.getLogger(__name__)

RATE_HZ: Final = 22_050
TONES_HZ: Final = (880.0, 660.0)
TONE_S: Final = 0.35
TIMES: Final = 3
LOUD: Final = 0.5


def bell() -> bytes:
    """A WAV: the tones, some times, each fading away."""
    length = int(RATE_HZ * TONE_S)
    samples = array.array("h")
    for hertz in TONES_HZ * TIMES:
        for n in range(length):
            fade = math.exp(-4.0 * n / length)
            samples.append(int(32_767 * LOUD * fade * math.sin(2 * math.pi * hertz * n / RATE_HZ)))
    if sys.byteorder == "big":
        samples.byteswap()
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return written.getvalue()


def ring(player: Sequence[str]) -> None:
    """Returns at once; where nothing can be heard the log says so."""
    threading.Thread(target=_play, args=(tuple(player),), name="chime", daemon=True).start()


def _play(player: Sequence[str]) -> None:
    try:
        done = subprocess.run(player, input=bell(), capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("cannot ring: %s", error)
        return
    if done.returncode:
        log.warning("cannot ring: %s ended with %d", player[0], done.returncode)

"""Every screen in every language on every glass: nothing too small, too near, cut off or covered."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from offscreen import SCREENS

from kiosk.locale import LANGUAGES

AUDIT = Path(__file__).with_name("audit.py")


@pytest.mark.parametrize("glass", SCREENS)
def test_every_screen_fits(glass: str, collection: Path, tmp_path: Path) -> None:
    # Kivy has one window a process, so that each glass needs one of its own.
    screen = SCREENS[glass]
    size = (str(screen.width_px), str(screen.height_px), str(screen.diagonal_inch))
    command = [sys.executable, str(AUDIT), str(collection), str(tmp_path), *size, ",".join(LANGUAGES)]
    path = f"{AUDIT.parent}:{AUDIT.parents[1]}:{AUDIT.parents[2]}"
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": path, "SDL_VIDEODRIVER": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["scenes"] > 80 * len(LANGUAGES)
    assert report["wrong"] == []

"""Every screen on every glass, in every mode: nothing too small, near, cut off, covered, pale or out of reach."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from offscreen import SCREENS

AUDIT = Path(__file__).with_name("audit.py")
PASSES = {
    "10.1 inch wide": "nl:plain,pseudo:plain,ar:night,nl:large,pseudo:large+low",
    "10.1 inch": "en:plain,pseudo:light,fr:large",
    "7 inch": "nl:plain,fr:plain,de:plain,pseudo:plain,uk:plain",
}
"""Of each glass: language:modes. "pseudo" is Dutch with words a third longer."""
WHOLE = Path(__file__).parents[2] / "build" / "collection"
WHOLE_PASSES = {"10.1 inch wide": "nl:low,nl:large+low", "7 inch": "nl:large,uk:large"}
"""With the models and the titles that the kiosk really has."""


@pytest.mark.parametrize("glass", SCREENS)
def test_every_screen_can_be_read_reached_and_pressed(glass: str, collection: Path, tmp_path: Path) -> None:
    report = audited(glass, PASSES[glass], collection, tmp_path)
    assert report["scenes"] > 50 * len(PASSES[glass].split(","))
    assert report["wrong"] == []


@pytest.mark.parametrize("glass", WHOLE_PASSES)
def test_so_can_the_whole_collection(glass: str, tmp_path: Path) -> None:
    assert WHOLE.is_dir(), "`make collection` builds it"
    report = audited(glass, WHOLE_PASSES[glass], WHOLE, tmp_path)
    assert report["wrong"] == []


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("small", "too small for a finger"),
        ("pale", "has a contrast of"),
        ("cut", "needs"),
        ("near", "px apart"),
        ("tiny", "has capitals of"),
        ("high", "is out of low reach"),
        ("stuck", "there is no way out"),
        ("unreached", "is never reached by the next key"),
    ],
)
def test_the_audit_finds_a_planted_fault(fault: str, found: str, collection: Path, tmp_path: Path) -> None:
    passes = {"tiny": "nl:large", "high": "nl:low"}.get(fault, "nl:plain")
    report = audited("10.1 inch wide", passes, collection, tmp_path, fault)
    assert any(found in finding for finding in report["wrong"]), report


def audited(glass: str, passes: str, collection: Path, folder: Path, fault: str = "") -> dict[str, object]:
    # Kivy has one window a process, so that each glass needs one of its own.
    screen = SCREENS[glass]
    size = (str(screen.width_px), str(screen.height_px), str(screen.diagonal_inch))
    path = f"{AUDIT.parent}:{AUDIT.parents[1]}:{AUDIT.parents[2]}"
    done = subprocess.run(
        [sys.executable, str(AUDIT), str(collection), str(folder), *size, passes],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": path, "SDL_VIDEODRIVER": "offscreen", "FAULT": fault},
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(done.stdout.splitlines()[-1])

"""`--screen NAME --state FILE`: any screen with a made-up state, and what it says of a state that cannot be."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.programs import running
from support.waiting import until
from test_program import ENVIRONMENT, look, write_config
from worlds import model

from kiosk.domain.model import Model
from kiosk.domain.modes import Contrast
from kiosk.locale import Translator
from kiosk.presenters import present
from kiosk.staging import USUAL, StagingError, read_stage, stage


def staged(screen: str, given: dict[str, Any], collection: Path, folder: Path) -> Model:
    path = folder / "state.json"
    path.write_text(json.dumps(given))
    return stage(model(collection), screen, read_stage(screen, path))


@pytest.mark.parametrize("screen", USUAL)
def test_every_screen_has_a_usual_state(screen: str, collection: Path) -> None:
    shown = stage(model(collection), screen, read_stage(screen, None))
    assert present(shown, Translator("nl")).screen == screen


def test_a_file_changes_what_it_names_and_nothing_else(collection: Path, tmp_path: Path) -> None:
    given = {
        "session": {"language": "fr", "modes": {"large": True, "contrast": "night"}},
        "world": {"now": "2026-11-22T14:52:30", "state": {"job": {"state": "paused", "paused_by": "kiosk"}}},
    }
    shown = staged("watch", given, collection, tmp_path)
    assert (shown.session.language, shown.session.modes.contrast) == ("fr", Contrast.NIGHT)
    job = shown.world.state.job
    assert (job.state.value, job.paused_by.value, job.card, job.layers) == ("paused", "kiosk", "toren-1", 17)
    assert shown.world.toolpath.pack is not None
    assert shown.world.now.minute == 52


@pytest.mark.parametrize(
    ("screen", "given", "named"),
    [
        ("watch", {"session": {"plaec": "job"}}, "session.plaec"),
        ("watch", {"session": {"modes": {"large": "yes"}}}, "session.modes"),
        ("watch", {"sesion": {}}, "sesion"),
        ("watch", {"session": {"place": "collection"}}, "shows the screen 'collection', not 'watch'"),
        ("model", {"session": {"card": "draak"}}, "no card 'draak'"),
        ("watch", {"world": {"state": {"job": {"state": "melting"}}}}, "world.state"),
    ],
)
def test_a_state_that_cannot_be_is_named(
    screen: str, given: dict[str, Any], named: str, collection: Path, tmp_path: Path
) -> None:
    with pytest.raises(StagingError, match=named):
        staged(screen, given, collection, tmp_path)


def test_the_program_shows_it_and_asks_nobody(tmp_path: Path, collection: Path) -> None:
    told, state = tmp_path / "inspect", tmp_path / "state.json"
    state.write_text(json.dumps({"session": {"language": "en", "modes": {"contrast": "light"}}}))
    options = ["--screen", "ready", "--state", state, "--inspect", told]
    command = [sys.executable, "-m", "kiosk", "--config", write_config(tmp_path, collection), *options]
    with running(command, tmp_path / "log", env=ENVIRONMENT):
        until(told.exists, 30, "the inspection socket")
        seen = look(told)
    assert (seen["screen"], seen["language"]) == ("ready", "en")
    log = (tmp_path / "log").read_text()
    assert "no bridge" not in log and "Traceback" not in log


def test_the_program_says_what_is_wrong_with_a_state(tmp_path: Path, collection: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text('{"session": {"plaec": "job"}}')
    command = [sys.executable, "-m", "kiosk", "--config", write_config(tmp_path, collection)]
    done = subprocess.run(
        [*command, "--screen", "watch", "--state", state],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=ENVIRONMENT,
    )
    assert done.returncode == 2
    assert "session.plaec" in done.stderr and "Traceback" not in done.stderr

"""`python -m kiosk` as a process: its start, its end, its inspection socket, and what it says when it cannot."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.programs import running
from support.waiting import until

from kiosk.config import ConfigError, Screen, read_config
from kiosk.ui import fonts, icons

ENVIRONMENT = {**os.environ, "SDL_VIDEODRIVER": "offscreen"}


def write_config(folder: Path, collection: Path) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(
        f'bridge = "{folder}/no.sock"\ncollection = "{collection}"\nsession = "{folder}/session"\n'
        'worker = ["true"]\n[screen]\nwidth_px = 1024\nheight_px = 600\ndiagonal_inch = 7\n'
    )
    return path


def look(path: Path) -> Any:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        connection.sendall(b"look\n")
        return json.loads(connection.makefile("rb").readline())


def test_it_starts_without_a_bridge_tells_where_things_are_and_stops(tmp_path: Path, collection: Path) -> None:
    told = tmp_path / "inspect"
    (tmp_path / "session").mkdir()
    (tmp_path / "session" / "left-over").write_text("Noor")
    command = [sys.executable, "-m", "kiosk", "--config", write_config(tmp_path, collection), "--inspect", told]
    with running(command, tmp_path / "log", env={**ENVIRONMENT, "HOME": str(tmp_path)}) as process:
        until(told.exists, 30, "the inspection socket")
        seen = look(told)
        assert (seen["screen"], seen["language"]) == ("attract", "nl")
        wake = next(widget for widget in seen["widgets"] if widget["name"] == "wake")
        assert wake["x"] >= 0 and wake["x"] + wake["width"] <= 1024
        assert wake["enabled"] is True
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not told.exists()
    assert not (tmp_path / ".kivy").exists(), "Kivy must leave nothing in the home folder"
    assert not (tmp_path / "session" / "left-over").exists()
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('bridge = "', 'brigde = "'), "brigde"),
        (("diagonal_inch = 7", "diagonal_inch = 1.5"), "screen.diagonal_inch"),
        (("width_px = 1024", "width_px = 320"), "800x480"),
        (("width_px = 1024", 'width_px = "wide"'), "width_px"),
        (('worker = ["true"]', "worker = []"), "worker"),
    ],
)
def test_a_broken_config_names_the_key(
    change: tuple[str, str], named: str, tmp_path: Path, collection: Path
) -> None:
    path = write_config(tmp_path, collection)
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(ConfigError, match=named) as caught:
        read_config(path)
    assert str(path) in str(caught.value)


def test_the_program_says_what_is_wrong_with_its_config(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "--config", str(tmp_path / "none.toml")],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 2
    assert "none.toml: No such file" in done.stderr and "Traceback" not in done.stderr


def test_millimetres() -> None:
    assert Screen(1280, 800, 10.1).px_per_mm == pytest.approx(5.884, abs=0.001)


def test_a_missing_font_names_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "_ICONS", tmp_path / "none.ttf")
    with pytest.raises(fonts.FontMissingError, match="fonts-materialdesignicons-webfont"):
        fonts.find_fonts()
    monkeypatch.undo()
    monkeypatch.setattr(fonts, "_letter_folders", lambda: [tmp_path])
    with pytest.raises(fonts.FontMissingError, match="fonts-atkinson-hyperlegible"):
        fonts.find_fonts()


def test_the_icons_are_where_the_package_has_them() -> None:
    names = Path("/usr/share/fonts-materialdesignicons-webfont/scss/_variables.scss")
    if not names.exists():
        pytest.fail("install the Debian package 'fonts-materialdesignicons-webfont'")
    table = names.read_text()
    for name, codepoint in icons.CODEPOINTS.items():
        assert f'"{name}": {codepoint:X}' in table, name


def test_no_widget_of_ours_has_a_name_that_kivy_styles() -> None:
    """Kivy styles widgets by their class's name; `python -m kiosk` must not fall into that."""
    from kivy.lang import Builder

    kiosk = Path(icons.__file__).parent
    styled = {selector.key for selector, _rule in Builder.rules}
    ours = {line.split()[1].split("(")[0] for p in kiosk.rglob("*.py") for line in _classes(p)}
    assert not {name.lower() for name in ours} & styled


def _classes(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.startswith("class ")]

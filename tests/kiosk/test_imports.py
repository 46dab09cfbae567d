"""The kiosk shows packs; it never loads meshes, slices or reads G-code, and its core knows no Kivy."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

KIOSK = Path(__file__).parents[2] / "kiosk"
FORBIDDEN = ("trimesh", "shapely", "mapbox_earcut", "networkx", "fontTools", "serial", "paho", "django", "PIL")
ALLOWED = {"catalogue", "catalogue.cards", "catalogue.packs", "firmware_bridge", "firmware_bridge.contract"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("part", ["domain", "presenters"])
def test_the_core_knows_no_kivy_no_files_and_no_clock(part: str) -> None:
    for path in (KIOSK / part).rglob("*.py"):
        for name in imports(path):
            assert name.split(".")[0] not in {"kivy", "socket", "subprocess", "threading", "time", "os"}, path
            assert not name.startswith(("kiosk.ui", "kiosk.adapters")), path


def test_a_running_kiosk_has_loaded_nothing_that_it_must_not() -> None:
    program = (
        "import json, sys; from kiosk.config import Screen; from kiosk.ui import environment;"
        "environment.prepare(Screen(1280, 800, 10.1)); import kiosk.ui.app;"
        "print(json.dumps(sorted(sys.modules)))"
    )
    environment = {"SDL_VIDEODRIVER": "offscreen", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(KIOSK.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True, timeout=60
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not loaded & set(FORBIDDEN)
    ours = {name for name in loaded if name.split(".")[0] in ("catalogue", "firmware_bridge", "dashboard")}
    assert {name for name in ours if not name.startswith("firmware_bridge.contract.")} == ALLOWED

"""The printed binder: real PDF by the real Chromium."""

import subprocess
import sys
from pathlib import Path

from provisioning.binder.__main__ import TEXTS


def test_each_text_becomes_a_pdf(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "provisioning.binder", "--out", str(tmp_path))
    subprocess.run(command, check=True, timeout=200)
    made = {pdf.stem for pdf in tmp_path.glob("*.pdf") if pdf.read_bytes().startswith(b"%PDF-")}
    assert made == {text.stem for text in TEXTS.glob("*.md")} >= {"bibliotheek"}


def test_without_chromium_it_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        (sys.executable, "-m", "provisioning.binder", "--out", str(tmp_path)),
        env={"PATH": "/nowhere"},
        capture_output=True,
        text=True,
        cwd=TEXTS.parents[1],
    )
    assert done.returncode == 1
    assert "apt install chromium" in done.stderr

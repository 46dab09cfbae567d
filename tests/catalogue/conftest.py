"""A collection built once: one plain card for both printers, one personal card for one."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.programs import program

Catalogue = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """`python -m catalogue` as a process."""

    def run(*arguments: object, stdin: str = "", **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "catalogue", *(str(argument) for argument in arguments)]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=300, **options)

    return run


@pytest.fixture(scope="session")
def built(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a collection."""
    program("prusa-slicer")
    out = tmp_path_factory.mktemp("built") / "collection"
    result = catalogue(
        "build", "--out", out, "--card", "munt", "--card", "sleutelhanger", "--profile", "prusa-mk3s"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return out

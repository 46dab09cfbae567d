"""Runs in the guest, as a unit of the booted appliance: what a test wants done there as root."""

import subprocess
import sys
from pathlib import Path

from slow.guest.line import Line


class SystemAgent:
    """A shell."""

    def do_run(self, command: str) -> str:
        """What it said. RuntimeError where it failed."""
        done = subprocess.run(("sh", "-c", command), capture_output=True, text=True, errors="replace")
        if done.returncode != 0:
            raise RuntimeError(f"{command}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def do_write(self, path: str, text: str) -> None:
        """A file."""
        Path(path).write_text(text)


if __name__ == "__main__":
    Line(sys.argv[1]).serve(SystemAgent())

"""`python -m firmware_bridge.jobs.inspection FILE PROFILE`: vet and plan one file, in a process of its own.

Reading 100,000 lines keeps Python's interpreter busy for seconds; in the bridge's own process that would hold up
the thread that feeds the printer. Prints a contract.Refusal or a progress.Timeline as JSON, by `Report`.
"""

import os
import sys
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from firmware_bridge.contract import Refusal
from firmware_bridge.gcode.plan import Plan, plan_file
from firmware_bridge.gcode.vet import vet_file
from firmware_bridge.jobs.progress import Timeline
from firmware_bridge.profile import load_profile

POINTS: Final = 2000
NICENESS: Final = 10


class Report(Struct, frozen=True, kw_only=True):
    """One of the two is set."""

    refusal: Refusal | None = None
    timeline: Timeline | None = None


def inspect(file: Path, profile_id: str) -> Report:
    """Raises OSError and profile.ProfileError."""
    verdict = vet_file(file, load_profile(profile_id))
    if isinstance(verdict, Refusal):
        return Report(refusal=verdict)
    return Report(timeline=sample(plan_file(file)))


def sample(plan: Plan) -> Timeline:
    """The plan in at most POINTS points."""
    step = max(1, -(-plan.lines // POINTS))
    lines = (*range(0, plan.lines, step), plan.lines)
    return Timeline(
        lines=plan.lines,
        at_line=lines,
        at_s=tuple(round(plan.elapsed_s(line), 3) for line in lines),
        layer_lines=tuple(layer.first_line for layer in plan.layers),
    )


if __name__ == "__main__":
    os.nice(NICENESS)
    sys.stdout.buffer.write(msgspec.json.encode(inspect(Path(sys.argv[1]), sys.argv[2])))

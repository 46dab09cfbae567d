"""`python -m firmware_bridge vet FILE --profile ID`: would this file be printed?"""

import argparse
import json
import sys
from pathlib import Path

import msgspec

from firmware_bridge.contract import Refusal
from firmware_bridge.gcode.vet import Vetted, vet_file
from firmware_bridge.profile import ProfileError, load_profile, profile_ids

PASSED, REFUSED, UNUSABLE = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --profile and --json."""
    parser.description = (
        "Check a G-code file against a printer's profile. Exit 0: it may print; 1: refused; 2: cannot check."
    )
    parser.add_argument("file", type=Path, help="the G-code")
    parser.add_argument("--profile", required=True, metavar="ID", help=f"one of: {', '.join(profile_ids())}")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a sentence")


def main(args: argparse.Namespace) -> int:
    """Print the verdict; returns the exit code."""
    try:
        verdict = vet_file(args.file, load_profile(args.profile))
    except (ProfileError, OSError) as error:
        print(f"vet: {error}", file=sys.stderr)
        return UNUSABLE
    passed = isinstance(verdict, Vetted)
    if args.json:
        print(json.dumps({"passed": passed} | msgspec.to_builtins(verdict)))
    else:
        print(_sentence(args.file, verdict))
    return PASSED if passed else REFUSED


def _sentence(file: Path, verdict: Vetted | Refusal) -> str:
    if isinstance(verdict, Refusal):
        place = f"{file}:{verdict.line}" if verdict.line else f"{file}"
        return f"{place}: refused ({verdict.code}): {verdict.reason}"
    area = verdict.extents
    return (
        f"{file}: may print: {verdict.lines} commands,"
        f" X {area.x_min_mm:g} to {area.x_max_mm:g}, Y {area.y_min_mm:g} to {area.y_max_mm:g},"
        f" Z to {area.z_max_mm:g} mm, nozzle {verdict.nozzle_max_c:g} °C, bed {verdict.bed_max_c:g} °C,"
        f" filament {verdict.filament_mm / 1000:.2f} m"
    )

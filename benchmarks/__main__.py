"""`python -m benchmarks`: speed beside the peers, in one run."""

import argparse
import importlib
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.hosts import ROOT
from benchmarks.options import Options
from benchmarks.report import INDEX, Result, machine, write

BENCHMARKS: Final = {
    "stream": "lines a second and CPU a line to a printer that answers at once, beside OctoPrint and Printrun",
    "wire": "what share of a serial wire is used, with a receive buffer of 128 bytes",
    "noise": "one byte in 10,000 corrupted: exactness and slowdown",
    "kiosk_start": "the kiosk, from process start to its first picture",
}
OUT: Final = ROOT / "build" / "bench"
COLLECTION: Final = ROOT / "build" / "collection"


def say(text: str) -> None:
    """Progress, at once."""
    print(text, flush=True)


def main() -> int:
    """Run what was asked for and leave the figures. Exit code 1 when something was left out."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Speed beside the peers, in one run. "
        + " ".join(f"{name}: {help_text}." for name, help_text in BENCHMARKS.items()),
    )
    parser.add_argument("--only", choices=BENCHMARKS, help="one benchmark instead of all")
    parser.add_argument("--lines", type=int, default=20_000, help="commands in the streamed files (20000)")
    parser.add_argument("--runs", type=int, default=3, help="rounds (3)")
    parser.add_argument("--profile", default="ender3", help="printer profile whose files are streamed (ender3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures also into FILE")
    arguments = parser.parse_args()
    if arguments.lines < 500 or arguments.runs < 1:
        parser.error("--lines needs 500 or more, --runs 1 or more")
    where = machine()
    say("\n".join(f"{name}: {value}" for name, value in where.items()))
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        options = Options(
            lines=arguments.lines,
            runs=arguments.runs,
            profile=arguments.profile,
            collection=COLLECTION,
            scratch=Path(scratch),
            say=say,
        )
        for name in [arguments.only] if arguments.only else BENCHMARKS:
            say(f"\n{name}: {BENCHMARKS[name]}")
            begin_s = time.monotonic()
            found = importlib.import_module(f"benchmarks.{name}").run(options)
            say(f"  {time.monotonic() - begin_s:.0f} s\n")
            say("\n".join(result.markdown() for result in found))
            results += found
    write(OUT, where, results, options.left_out, arguments.json)
    if options.left_out:
        say("left out:\n" + "\n".join(f"- {reason}" for reason in options.left_out))
    say(f"figures: {(OUT / INDEX).relative_to(ROOT)}, {OUT.relative_to(ROOT)}/results.json")
    return 1 if options.left_out else 0


if __name__ == "__main__":
    sys.exit(main())

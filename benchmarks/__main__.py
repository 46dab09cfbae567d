"""`python -m benchmarks stream|kiosk|region`: speed beside the peers, of the kiosk, and of the region."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks import kiosk_start, kiosk_visits, region, region_report, streaming, streaming_report
from benchmarks.compiled import CompilerError
from benchmarks.gcode_files import GcodeFile, NoFileError, examine, short_moves
from benchmarks.hosts import HOSTS, ROOT, available
from benchmarks.region_stack import RegionError
from benchmarks.report import facts, machine
from benchmarks.settings import SETTINGS
from benchmarks.virtual_screen import KioskError

BUILD: Final = ROOT / "build" / "bench"
COLLECTION: Final = ROOT / "build" / "collection"
PAGE: Final = ROOT / "benchmarks" / "streaming.md"
KIOSK_PAGE: Final = ROOT / "benchmarks" / "kiosk.md"
REGION_PAGE: Final = ROOT / "benchmarks" / "region.md"
OK, LEFT_OUT, UNUSABLE = 0, 1, 2


def say(text: str) -> None:
    """Progress, at once."""
    print(text, flush=True)


def main() -> int:
    """Run what was asked for. Exit code 1 when something was left out, 2 when nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="stream|kiosk|region")
    _add_stream(commands.add_parser("stream", help="streaming beside OctoPrint and Printrun"))
    _add_kiosk(commands.add_parser("kiosk", help="the kiosk: its start, its frames, its touches, its memory"))
    _add_region(commands.add_parser("region", help="the region: broker, recorder and pages under 1,000 kiosks"))
    arguments = parser.parse_args()
    # Also where a shell has switched Ctrl-C off: whatever was started is ended on the way out.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            code: int = arguments.run(arguments, Path(scratch))
            return code
    except (CompilerError, NoFileError, KioskError, RegionError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("benchmarks: interrupted; nothing was written", file=sys.stderr)
        return UNUSABLE


def _add_stream(parser: argparse.ArgumentParser) -> None:
    names, by_default = [s.name for s in SETTINGS], [h.name for h in HOSTS.values() if h.by_default]
    parser.description = (
        f"A whole run takes about twenty minutes and writes {PAGE.relative_to(ROOT)}; a part of one leaves "
        f"its page in {BUILD.relative_to(ROOT)}/. Settings: {', '.join(names)}. Hosts: {', '.join(HOSTS)}."
    )
    parser.add_argument("--only", type=_names(names), default=names, metavar="A,B", help="these settings")
    parser.add_argument("--hosts", type=_names(list(HOSTS)), default=by_default, metavar="A,B", help="these hosts")
    parser.add_argument("--quick", action="store_true", help="four settings, two seconds each: three minutes")
    parser.add_argument("--no-kiosk", action="store_true", help="nothing beside a kiosk")
    parser.add_argument("--runs", type=int, default=0, metavar="N", help="rounds (as each setting has it)")
    parser.add_argument("--lines", type=int, default=40_000, metavar="N", help="moves in the file (40000)")
    parser.add_argument("--gcode", type=Path, metavar="FILE", help="this file instead of short moves")
    parser.add_argument("--profile", default="ender3", metavar="ID", help="printer profile (ender3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures into FILE")
    parser.set_defaults(run=_stream)


def _add_kiosk(parser: argparse.ArgumentParser) -> None:
    parser.description = f"A whole run takes some ten minutes and writes {KIOSK_PAGE.relative_to(ROOT)}."
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="starts (3)")
    parser.add_argument("--visits", type=_visits, default=1000, metavar="N", help="visits, 20 or more (1000)")
    parser.set_defaults(run=_kiosk)


def _add_region(parser: argparse.ArgumentParser) -> None:
    parser.description = f"A whole run takes some ten minutes and writes {REGION_PAGE.relative_to(ROOT)}."
    parser.add_argument("--quick", action="store_true", help="two levels, each measured briefly: four minutes")
    parser.set_defaults(run=_region)


def _visits(text: str) -> int:
    if not text.isdecimal() or int(text) < kiosk_visits.LEAST:
        raise argparse.ArgumentTypeError(f"'{text}' should be {kiosk_visits.LEAST} or more")
    return int(text)


def _names(known: Sequence[str]) -> Callable[[str], list[str]]:
    def names(text: str) -> list[str]:
        chosen = text.split(",")
        if unknown := [name for name in chosen if name not in known]:
            raise argparse.ArgumentTypeError(f"'{unknown[0]}' is none of: {', '.join(known)}")
        return chosen

    return names


def _stream(arguments: argparse.Namespace, scratch: Path) -> int:
    where = machine()
    say("\n".join(f"{name}: {value}" for name, value in where.items()))
    choice = available(arguments.hosts, say)
    settings = [s for s in SETTINGS if s.name in arguments.only]
    plan = streaming.Plan(
        file=_file(arguments, scratch),
        settings=streaming.quick(settings) if arguments.quick else settings,
        hosts=choice.hosts,
        collection=COLLECTION,
        scratch=scratch,
        with_kiosk=not arguments.no_kiosk,
        rounds=arguments.runs,
    )
    begin_s = time.monotonic()
    figures = streaming.run(plan, say)
    figures.left_out[:0] = choice.missing
    by_default = {h.name for h in HOSTS.values() if h.by_default}
    is_whole = list(plan.settings) == list(SETTINGS) and plan.with_kiosk and by_default <= set(arguments.hosts)
    path = PAGE if is_whole else BUILD / PAGE.name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = streaming_report.page(plan, figures, where, streaming_report.reading_of(path))
    path.write_text(text)
    if arguments.json:
        arguments.json.write_text(streaming_report.as_json(figures, where))
    say(f"\n{text}\n{time.monotonic() - begin_s:.0f} s; {path.relative_to(ROOT)}")
    return LEFT_OUT if figures.left_out else OK


def _file(arguments: argparse.Namespace, scratch: Path) -> GcodeFile:
    if arguments.gcode:
        return examine(arguments.gcode, arguments.profile, arguments.gcode.name)
    return short_moves(arguments.profile, arguments.lines, scratch)


def _kiosk(arguments: argparse.Namespace, scratch: Path) -> int:
    if not (COLLECTION / "collection.json").exists():
        raise KioskError("there is no collection; `make collection` builds it")
    where = machine()
    say("\n".join(f"{name}: {value}" for name, value in where.items()))
    start = kiosk_start.run(COLLECTION, scratch, arguments.runs, say)
    visits = kiosk_visits.run(COLLECTION, scratch, arguments.visits, say)
    head = ["# The kiosk: figures", "", "Made by `make bench-kiosk`; how they are made: docs/benchmarks.md.", ""]
    text = "\n".join([*head, *facts(where), "", start.markdown(), visits.markdown()])
    KIOSK_PAGE.write_text(text)
    say(f"\n{text}\n{KIOSK_PAGE.relative_to(ROOT)}")
    return OK


def _region(arguments: argparse.Namespace, scratch: Path) -> int:
    where = machine()
    say("\n".join(f"{name}: {value}" for name, value in where.items()))
    figures = region.run(region.QUICK if arguments.quick else region.WHOLE, scratch, say)
    path = BUILD / REGION_PAGE.name if arguments.quick else REGION_PAGE
    path.parent.mkdir(parents=True, exist_ok=True)
    head = ["# The region: figures", "", "Made by `make bench-region`; how they are made: docs/benchmarks.md.", ""]
    text = "\n".join([*head, *facts(where), "", region_report.page(figures)])
    path.write_text(text)
    say(f"\n{text}\n{path.relative_to(ROOT)}")
    return OK


if __name__ == "__main__":
    sys.exit(main())

"""`python -m catalogue build | check | worker`."""

import argparse
import os
import sys
from pathlib import Path

import msgspec

from catalogue.cards import CardError
from catalogue.library import MODELS, card_ids, load_model
from catalogue.slicing.errors import SlicingError
from firmware_bridge.profile import ProfileError, profile_ids


def main(arguments: list[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (CardError, ProfileError, SlicingError) as error:
        print(f"catalogue: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m catalogue", description="The collection of models.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="build the collection; only what has changed")
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the collection goes")
    build.add_argument("--profile", action="append", metavar="ID", help="only this profile (may be repeated)")
    build.add_argument("--card", action="append", metavar="ID", help="only this card (may be repeated)")
    build.add_argument("--models", type=Path, default=MODELS, metavar="DIR", help="the folder with the models")
    build.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="cards at a time")
    build.add_argument("--json", action="store_true", help="one JSON object at the end; progress goes to stderr")
    build.set_defaults(run=_build)
    check = commands.add_parser("check", help="can every card be read, and has it all its texts")
    check.add_argument("--models", type=Path, default=MODELS, metavar="DIR", help="the folder with the models")
    check.set_defaults(run=_check)
    worker = commands.add_parser("worker", help="make one personal model: a JSON request on stdin, JSON lines out")
    worker.set_defaults(run=_worker)
    return parser


def _build(options: argparse.Namespace) -> int:
    from catalogue.build import build

    progress = sys.stderr if options.json else sys.stdout
    outcome = build(
        out=options.out,
        profiles=options.profile or profile_ids(),
        cards=options.card or card_ids(options.models),
        jobs=max(1, options.jobs),
        report=lambda line: print(line, file=progress, flush=True),
        models=options.models,
    )
    if options.json:
        print(msgspec.json.encode(outcome).decode())
    else:
        print(f"{options.out}: {len(outcome.entries)} cards")
    return 1 if outcome.failures else 0


def _check(options: argparse.Namespace) -> int:
    faults = []
    for card in card_ids(options.models):
        try:
            load_model(card, options.models)
        except CardError as error:
            faults.append(str(error))
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


def _worker(options: argparse.Namespace) -> int:
    from catalogue.worker import main as worker

    return worker(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    sys.exit(main())

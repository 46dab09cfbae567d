"""`python -m firmware_bridge`: one subcommand a module, imported only when it is the one that was asked for."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Command:
    """`module` has `add_arguments(parser)` and `main(arguments) -> int`, the exit code."""

    module: str
    help: str


COMMANDS: Final = {
    "run": Command("commands.run", "the printer's host: jobs, journal, the kiosk's socket, the region"),
    "stream": Command("commands.stream", "print one G-code file and wait for its end"),
    "practice": Command("commands.practice", "a bridge for training, with a simulated printer and nothing else"),
    "cool": Command("commands.cool", "heaters off, whatever state the printer was left in"),
    "vet": Command("commands.vet", "check whether a G-code file is fit for a printer"),
    "simulate": Command("simulator.command", "a simulated printer on a pseudo-terminal"),
    "pin": Command("commands.pin", "give a role its PIN, or take it away"),
    "ports": Command("commands.ports", "what is plugged in"),
    "contract": Command("published.command", "write the contract as JSON Schemas and an AsyncAPI document"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code; 2 for wrong arguments (raised by argparse as SystemExit)."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="python -m firmware_bridge", description="The printer's host.")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=command.help, description=command.help)
        if words[:1] == [name]:
            module = importlib.import_module(f"firmware_bridge.{command.module}")
            module.add_arguments(subparser)
            subparser.set_defaults(main=module.main)
    arguments = parser.parse_args(words)
    return int(arguments.main(arguments))

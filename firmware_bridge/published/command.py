"""`python -m firmware_bridge contract`: JSON Schemas and AsyncAPI document of the contract."""

import argparse
import sys
from pathlib import Path
from typing import Final

from firmware_bridge.published.files import outdated, write

OK, OUTDATED, UNUSABLE = 0, 1, 2
DEFAULT: Final = Path("docs/contract")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own."""
    parser.add_argument("--out", type=Path, default=DEFAULT, metavar="DIR", help=f"the folder ({DEFAULT})")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when it is out of date")


def main(arguments: argparse.Namespace) -> int:
    """Write them, or say which are out of date."""
    try:
        names = outdated(arguments.out) if arguments.check else write(arguments.out)
    except (OSError, ValueError) as error:
        print(f"{arguments.out}: {error}", file=sys.stderr)
        return UNUSABLE
    if arguments.check and names:
        print(f"{arguments.out}: out of date: {', '.join(names)}", file=sys.stderr)
        print(f"run: python -m firmware_bridge contract --out {arguments.out}", file=sys.stderr)
        return OUTDATED
    print(f"{arguments.out}: {', '.join(names) if names else 'up to date'}")
    return OK

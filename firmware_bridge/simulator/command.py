"""`python -m firmware_bridge simulate`: a printer that is not there, on a pseudo-terminal."""

import argparse
import logging
import sys
from pathlib import Path
from typing import Final

from firmware_bridge.profile import ProfileError, load_profile, profile_ids
from firmware_bridge.simulator import faults
from firmware_bridge.simulator.simulation import Simulation

_EPILOG: Final = f"""\
A pseudo-terminal has no DTR line. Instead, every opening of the port resets a board that does so in reality
(--reset-on-open, the profile's habit unless given); SIGUSR1 resets it too.

--control PATH is a UNIX socket that takes one line at a time and answers each with one:
{faults.HELP}

At the end one JSON object with what was counted goes to stderr.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--link and everything else."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    add = parser.add_argument
    add(
        "--link", type=Path, required=True, metavar="PATH", help="the port's name: a symlink, replaced and removed"
    )
    add(
        "--profile",
        default="prusa-mk3s",
        metavar="ID",
        help=f"one of: {', '.join(profile_ids())} (default: prusa-mk3s)",
    )
    add("--speed", type=float, default=1.0, metavar="X", help="heat and motion X times as fast; 0: at once")
    add("--instant", action="store_const", dest="speed", const=0.0, help="the same as --speed 0")
    add("--log", type=Path, metavar="FILE", help="append every executed command, one a line")
    add("--control", type=Path, metavar="PATH", help="a UNIX socket for faults, see below")
    add(
        "--baud",
        type=int,
        default=0,
        metavar="N",
        help="pace bytes both ways as this baud rate does (default: no)",
    )
    add("--latency-ms", type=float, default=0.0, metavar="MS", help="replies arrive this much later")
    add("--rx-buffer", type=int, default=0, metavar="N", help="receive buffer in bytes (default: the profile's)")
    add(
        "--boot-s",
        type=float,
        default=0.5,
        metavar="S",
        help="silence after a reset; bytes are lost (default: 0.5)",
    )
    add("--reset-on-open", action=argparse.BooleanOptionalAction, help="opening the port resets the board")
    add("--advanced-ok", action="store_true", help="Marlin's ADVANCED_OK: ok N1 P15 B3")
    add("--no-emergency-parser", action="store_true", help="M108, M112, M410 wait until they are in the queue")
    add("--no-thermal-protection", action="store_true", help="firmware without it, and saying so")
    add("--noise", type=float, default=0.0, metavar="N", help="corrupt one arriving byte in N")
    add("--drop-ok", type=float, default=0.0, metavar="P", help="lose an ok with this probability")
    add("--seed", type=int, default=1, metavar="N", help="for --noise and --drop-ok")


def main(args: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT; 2 where it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    try:
        profile = load_profile(args.profile)
        simulation = Simulation(args, profile)
    except (ProfileError, OSError) as error:
        print(f"simulate: {error}", file=sys.stderr)
        return 2
    try:
        simulation.run()
    finally:
        simulation.close()
    return 0

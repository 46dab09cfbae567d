"""`python -m firmware_bridge simulate`: a printer that is not there, on a pseudo-terminal."""

import argparse
import dataclasses
import logging
import sys
from pathlib import Path
from typing import Final

from firmware_bridge.profile import Profile, ProfileError, load_profile, profile_ids
from firmware_bridge.simulator import actions, schedule
from firmware_bridge.simulator.firmwares.form import Firmware
from firmware_bridge.simulator.firmwares.table import FIRMWARES, USUAL
from firmware_bridge.simulator.simulation import Simulation

_NAMES: Final = "\n".join(f"{firmware.name:23}{firmware.about}" for firmware in FIRMWARES.values())
_EPILOG: Final = f"""\
A pseudo-terminal has no DTR line. Instead, every opening of the port resets a board that does so in reality
(--reset-on-open, the habit of profile and firmware unless given); SIGUSR1 resets it too.

--firmware NAME is one of:
{_NAMES}

--control PATH is a UNIX socket that takes one ACTION a line and answers each with one line:
{actions.HELP}

--fault 'WHEN ACTION', and every line of --faults FILE, appoint an action:
{schedule.HELP}

At the end one JSON object with what was counted goes to stderr, and to --report FILE.
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
    add("--firmware", choices=FIRMWARES, metavar="NAME", help="what runs on it, see below (default: as profile)")
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
    add("--rx-buffer", type=int, default=0, metavar="N", help="receive buffer in bytes (default: as profile)")
    add(
        "--boot-s",
        type=float,
        default=0.5,
        metavar="S",
        help="silence after a reset; bytes are lost (default: 0.5)",
    )
    add("--reset-on-open", action=argparse.BooleanOptionalAction, help="opening the port resets the board")
    add(
        "--no-emergency-parser",
        action="store_true",
        help="M108, M112, M410, M876 wait in the queue",
    )
    add("--no-thermal-protection", action="store_true", help="firmware without it, and saying so")
    add(
        "--rate",
        action="append",
        default=[],
        metavar="KIND=P",
        help="as the action of that name: a byte or an ok is hit with that probability (repeat)",
    )
    add("--noise", type=float, default=0.0, metavar="N", help="the same as --rate flip=1/N")
    add(
        "--fault",
        action="append",
        default=[],
        metavar="'WHEN ACTION'",
        help="an appointed action (repeat)",
    )
    add("--faults", type=Path, metavar="FILE", help="more of them, one a line")
    add("--report", type=Path, metavar="FILE", help="what was counted, as JSON, at the end")
    add("--seed", type=int, default=1, metavar="N", help="for --rate and --noise")


def main(args: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT; 2 where it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    try:
        profile = load_profile(args.profile)
        simulation = Simulation(args, profile, _firmware(args, profile), _schedule(args))
    except (ProfileError, schedule.ScheduleError, OSError, ValueError) as error:
        print(f"simulate: {error}", file=sys.stderr)
        return 2
    try:
        simulation.run()
    finally:
        simulation.close()
    return 0


def _firmware(args: argparse.Namespace, profile: Profile) -> Firmware:
    firmware = FIRMWARES[args.firmware] if args.firmware else USUAL[profile.dialect]
    return dataclasses.replace(
        firmware,
        emergency_parser=firmware.emergency_parser and not args.no_emergency_parser,
        thermal_protection=not args.no_thermal_protection,
    )


def _schedule(args: argparse.Namespace) -> schedule.Schedule:
    lines = args.faults.read_text().splitlines() if args.faults else []
    rates = [*args.rate, *([f"flip={1.0 / args.noise}"] if args.noise else [])]
    return schedule.Schedule(schedule.read([*(f"time=0 rate {rate}" for rate in rates), *args.fault, *lines]))

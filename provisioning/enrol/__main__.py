"""`maakhoek-enrol`: this kiosk and its region.

run              find a setup file, become a kiosk of that region; goes on where it was cut off
renew            the next certificate, where it is time
check            network, clock, region, printer, test print: good, or what to do
serve            one question of the touchscreen, on standard input and output
restart-bridge   it takes its new name, when nothing prints
"""

import argparse
import logging
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from provisioning.enrol.bridge import SOCKET, restart_when_idle
from provisioning.enrol.checks import Tick, checks, is_ready
from provisioning.enrol.door import DoorError
from provisioning.enrol.identity import BRIDGE_KEY, FOLDER, Identity
from provisioning.enrol.look import look
from provisioning.enrol.run import run
from provisioning.enrol.serve import MOST_BYTES, Places, answers
from provisioning.setup_file import SetupFileError

STATUS = Path("/run/maakhoek-setup/enrolment.json")
SOURCES = (Path("/boot/firmware"), Path("/run/maakhoek-stick"))


def main() -> int:
    """Parse, do; 1 where it has to be tried again."""
    parser = argparse.ArgumentParser(
        prog="maakhoek-enrol", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"of the identity ({FOLDER})")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    enrol = commands.add_parser("run", help="become a kiosk of the region")
    enrol.add_argument("--source", type=Path, action="append", help="where setup files may lie; repeatable")
    enrol.add_argument("--status", type=Path, default=STATUS, help="for the screen")
    enrol.add_argument("--bridge-key", default=BRIDGE_KEY, help="where the bridge reads the key")
    enrol.set_defaults(run=_enrol)
    renew = commands.add_parser("renew", help="the next certificate, where it is time")
    renew.set_defaults(run=_renew)
    check = commands.add_parser("check", help="five ticks; the exit code is 0 when all are green")
    check.set_defaults(run=_check)
    serve = commands.add_parser("serve", help="one question of the touchscreen (see serve.py)")
    serve.set_defaults(run=_serve)
    for command in (check, serve):
        command.add_argument("--status", type=Path, default=STATUS, help="of the enrolment")
        command.add_argument("--bridge", type=Path, default=SOCKET, help="its socket")
    restart = commands.add_parser("restart-bridge", help="when nothing prints, so that it takes its new name")
    restart.set_defaults(run=_restart_bridge)
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s")
    return int(arguments.run(arguments))


def _enrol(a: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    identity = Identity(a.folder, tuple(a.source or SOURCES), a.bridge_key)
    return 0 if run(identity, a.status, stop) else 1


def _renew(a: argparse.Namespace) -> int:
    identity = Identity(a.folder)
    if not identity.file.exists():
        print("this kiosk has no region yet; there is nothing to renew", file=sys.stderr)
        return 0
    try:
        is_new = identity.renew(datetime.now(UTC))
    except (DoorError, SetupFileError, OSError) as error:
        print(f"not renewed, and tried again later: {error}", file=sys.stderr)
        return 1
    print("renewed" if is_new else "not due yet")
    return 0


_SIGNS = {Tick.GOOD: "✓", Tick.BAD: "✗", Tick.WAITING: "…"}


def _check(a: argparse.Namespace) -> int:
    ticks = checks(look(a.folder, a.status, a.bridge))
    for tick in ticks:
        print(f"{_SIGNS[tick.tick]} {tick.title}: {tick.sentence}")
        if tick.remedy:
            print(f"    {tick.remedy}")
    return 0 if is_ready(ticks) else 1


def _serve(a: argparse.Namespace) -> int:
    asked = sys.stdin.buffer.readline(MOST_BYTES)
    for answer in answers(asked, Places(a.folder, a.status, a.bridge)):
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()
    return 0


def _restart_bridge(_: argparse.Namespace) -> int:
    restart_when_idle()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m firmware_bridge practice --folder DIR`: a bridge for training, whose printer is simulated.

It has a journal, jobs and a socket of its own in DIR, no region, and no serial device: what is printed there is no
print. `ready` on standard output when the printer answers; it ends when its standard input does, so never later
than who has started it.
"""

import argparse
import contextlib
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from firmware_bridge.bridge import AlreadyRunningError, Bridge
from firmware_bridge.commands.run import LOG_FORMAT
from firmware_bridge.config import Config
from firmware_bridge.contract import PRACTICE_PIN, Role, Spool
from firmware_bridge.journal.journal import JournalError
from firmware_bridge.machine.interface import Connected, EventHandler, Machine, MachineEvent
from firmware_bridge.machine.serial_port import SerialMachine
from firmware_bridge.profile import ProfileError, load_profile, profile_ids
from firmware_bridge.service.pins import PinStore
from firmware_bridge.service.policy import Policy

SOCKET: Final = "bridge.sock"
SPEED: Final = 12.0
"""Heat and motion so many times as fast: nobody learns more from waiting."""
READY_S: Final = 45.0
ENDED, CANNOT_START, WRONG_ARGUMENTS = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--folder and what the real bridge says of its printer."""
    add = parser.add_argument
    add(
        "--folder",
        type=Path,
        required=True,
        metavar="DIR",
        help=f"everything is kept there; the socket is DIR/{SOCKET}",
    )
    add("--profile", default="prusa-mk3s", metavar="ID", help=f"one of: {', '.join(profile_ids())}")
    add("--library", default="", metavar="NAME", help="what the screen calls this place")
    add("--material", default="PLA", help="of the spool (default: PLA)")
    add("--colour", default="#E4572E", help="of the spool (default: #E4572E)")
    add("--name", default="", help="what that colour is called")
    add("--speed", type=float, default=SPEED, metavar="X", help=f"of the simulated printer (default: {SPEED:g})")


def main(args: argparse.Namespace) -> int:
    """Until standard input ends, or a signal. Returns the exit code."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        config = _config(args)
        with _simulated_printer(config, args.speed), _bridge(config) as connected:
            threading.Thread(target=_until_the_end_of_input, args=(stop,), daemon=True).start()
            if not connected.wait(READY_S):
                print(f"practice: the simulated printer did not answer within {READY_S:g} s", file=sys.stderr)
                return CANNOT_START
            print("ready", flush=True)
            stop.wait()
    except ProfileError as error:
        print(f"practice: {error}", file=sys.stderr)
        return WRONG_ARGUMENTS
    except (JournalError, AlreadyRunningError, OSError) as error:
        print(f"practice: {error}", file=sys.stderr)
        return CANNOT_START
    return ENDED


def _config(args: argparse.Namespace) -> Config:
    folder = args.folder.absolute()
    return Config(
        kiosk="practice",
        library=args.library,
        profile=load_profile(args.profile),
        port=str(folder / "printer"),
        baud=None,
        data=folder / "data",
        socket=folder / SOCKET,
        socket_users=frozenset(),
        spool=Spool(material=args.material, colour=args.colour, name=args.name),
        brokers=(),
        rules=Policy(visitor_cancel_s=float("inf")),
        practice=True,
    )


@contextlib.contextmanager
def _simulated_printer(config: Config, speed: float) -> Iterator[None]:
    """A process of its own, as a printer is; under the name of the port."""
    words = ("simulate", "--link", config.port, "--profile", config.profile.id, "--speed", str(speed))
    command = [sys.executable, "-m", "firmware_bridge", *words]
    printer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        printer.terminate()
        printer.wait()


@contextlib.contextmanager
def _bridge(config: Config) -> Iterator[threading.Event]:
    """At work; gives the event that is set when the printer answers."""
    connected = threading.Event()

    def make_machine(handler: EventHandler) -> Machine:
        def heard(event: MachineEvent) -> None:
            if isinstance(event, Connected):
                connected.set()
            handler(event)

        # A simulated heater harms nobody: there is nothing to vouch for.
        return SerialMachine(config.port, config.profile, heard, config.baud, lambda _firmware: True)

    bridge = Bridge(config, make_machine)
    PinStore(config.data).set(Role.TECHNICIAN, PRACTICE_PIN)
    bridge.start()
    try:
        yield connected
    finally:
        bridge.close("shutdown")


def _until_the_end_of_input(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()
